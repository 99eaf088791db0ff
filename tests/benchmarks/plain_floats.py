"""The sums of the engine in plain Python floats: no matrices, no numpy calls. It measures nothing by itself.

What somebody would write without numpy: tables of floats are prepared beforehand, and every option is priced in every
draw by a loop. Gates, levels, routers and preferences are left out, so the engine does more work than this.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.assumptions import assumption
from tools.draws import Floats
from tools.evaluate import Evaluation
from tools.hardware import (
    capacity_of,
    decoding_streams,
    hours_per_month,
    may_buy,
    may_reserve,
    may_sleep,
    must_buy,
    price_with_host,
    server_costs,
)
from tools.option_set import OptionSet
from tools.server_columns import CONTEXTS
from tools.token_columns import RateColumns, Season

_CONTEXTS: list[float] = CONTEXTS.tolist()
Tier = tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw as floats; `may`: reserve, sleep, buy; `cloud`: the place of the cloud in the dictionary."""

    requests: float
    peak: float
    inputs: float
    outputs: float
    cached: float
    growth: list[float]
    interactive: bool
    background: bool
    may: tuple[bool, bool, bool]
    must_buy: bool
    cloud: int
    usd_per_kwh: float


def draws_of(evaluation: Evaluation, numbers: Sequence[int]) -> list[Draw]:
    """Return some draws of an evaluation as floats."""
    found = []
    for number in numbers:
        part = slice(number, number + 1)
        volume, draw = evaluation.volume.part(part), evaluation.draws.part(part)
        found.append(
            Draw(
                requests=_first(volume.requests_per_month),
                peak=_first(volume.peak_first_month),
                inputs=_first(volume.input_tokens),
                outputs=_first(volume.output_tokens),
                cached=_first(volume.cached_share),
                growth=volume.growth_factors.reshape(12, -1)[:, 0].tolist(),
                interactive=bool(np.any(draw.is_value("interaction", "interactive"))),
                background=bool(np.any(draw.is_value("interaction", "background"))),
                may=(bool(np.any(may_reserve(draw))), bool(np.any(may_sleep(draw))), bool(np.any(may_buy(draw)))),
                must_buy=bool(np.any(must_buy(draw))),
                cloud=int(np.ravel(draw.codes["cloud"])[0]),
                usd_per_kwh=_first(draw.number("electricity_price")),
            )
        )
    return found


def _first(value: Floats) -> float:
    return float(np.ravel(value)[0])


@dataclass(frozen=True, slots=True)
class Api:
    """The prices of one API: per season the months, and the tiers as listed and for batches."""

    seasons: tuple[tuple[tuple[int, ...], list[Tier], list[Tier]], ...]

    def monthly_usd(self, draw: Draw) -> float:
        """Return US dollars a month for tokens."""
        total = 0.0
        for months, listed, batch in self.seasons:
            share = sum(draw.growth[month] for month in months) / len(draw.growth)
            _, fresh, cached, output, fee = (batch if draw.background else listed)[0]
            for above, *tier in (batch if draw.background else listed)[1:]:
                if draw.inputs > above:
                    fresh, cached, output = tier[0], tier[1], tier[2]
            each = draw.inputs * (1 - draw.cached) * fresh + fee + draw.inputs * draw.cached * cached
            total += draw.requests * share * (each + draw.outputs * output)
        return total


def apis_of(options: OptionSet) -> list[Api]:
    """Return the prices of all APIs as floats."""
    count = len(options.api_rows)
    seasons = [[_season(season, row) for season in options.tokens.seasons] for row in range(count)]
    return [Api(tuple(found)) for found in seasons]


def _season(season: Season, row: int) -> tuple[tuple[int, ...], list[Tier], list[Tier]]:
    return season.months, _tiers(season.listed, row), _tiers(season.batch, row)


def _tiers(columns: Sequence[RateColumns], row: int) -> list[Tier]:
    return [
        (
            float(tier.above_tokens[row, 0]), float(tier.fresh[row, 0]), float(tier.cached[row, 0]),
            float(tier.output[row, 0]), float(tier.per_request[row, 0]),
        )
        for tier in columns
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Machine:
    """One server: seconds per input token, per output token at each context (attended and alone), prices, power."""

    count: float
    input_seconds: float
    attended: list[float]
    alone: list[float]
    rent: list[float]
    reserved: list[float]
    purchase: float
    kilowatts: float
    owned: float


@dataclass(frozen=True, slots=True)
class Rates:
    """The assumptions that the sums use."""

    usable: float
    spare: float
    storage: float
    hours: float
    overhead: float
    life: float
    start_hours: float


def rates() -> Rates:
    """Return the assumptions as floats."""
    return Rates(
        usable=assumption("target_utilisation").number,
        spare=assumption("spare_replicas").number,
        storage=assumption("storage_usd_per_month").number,
        hours=hours_per_month(),
        overhead=assumption("data_centre_overhead").number,
        life=assumption("accelerator_life_months").number,
        start_hours=assumption("days_per_month").number * assumption("start_hours").number,
    )


def machines_of(evaluation: Evaluation, rows: Sequence[int]) -> list[Machine]:
    """Return some servers as floats."""
    columns = evaluation.option_set.columns.take(np.array(rows, np.int64))
    attended, alone = (columns.speeds(wanted) for wanted in decoding_streams(evaluation.draws))
    owned = columns.owned(evaluation.draws)
    return [
        Machine(
            count=float(columns.count[i, 0]),
            input_seconds=float(columns.input_seconds[i, 0]),
            attended=attended.output_seconds[i].tolist(),
            alone=alone.output_seconds[i].tolist(),
            rent=columns.usd_per_gpu_hour["on_demand"][i].tolist(),
            reserved=columns.usd_per_gpu_hour["reserved_1y"][i].tolist(),
            purchase=float(price_with_host(columns)[i, 0]),
            kilowatts=float(columns.kilowatts[i, 0]),
            owned=float(owned[i, 0]),
        )
        for i in range(len(rows))
    ]


def server_usd(machine: Machine, draw: Draw, known: Rates) -> float:
    """Return US dollars a month of hardware, power and storage in the cheapest open billing mode."""
    table = machine.attended if draw.interactive else machine.alone
    per_request = machine.input_seconds * draw.inputs + _at(table, draw.inputs + draw.outputs) * draw.outputs
    if math.isinf(per_request):
        return math.inf
    busy = draw.peak * per_request / known.usable
    months = [max(math.ceil(busy * factor), 1.0) for factor in draw.growth]
    mean, most = sum(months) / len(months) + known.spare, max(months) + known.spare
    hourly = machine.count * machine.rent[draw.cloud]
    power = mean * machine.count * machine.kilowatts * known.overhead * known.hours * draw.usd_per_kwh
    best = math.inf if draw.must_buy else mean * hourly * known.hours
    if draw.may[0]:
        best = min(best, most * machine.count * machine.reserved[draw.cloud] * known.hours)
    if draw.may[1]:
        average = sum(draw.growth) / len(draw.growth)
        awake = draw.requests * average * per_request / known.usable / 3600.0 + known.start_hours
        best = min(best, awake * hourly)
    if draw.must_buy or machine.owned > 0:
        bought = max(most * machine.count - machine.owned, 0.0)
        best = min(best, (bought * machine.purchase if bought else 0.0) / known.life + power)
    return best + mean * known.storage


def _at(table: Sequence[float], context: float) -> float:
    context = min(max(context, _CONTEXTS[0]), _CONTEXTS[-1])
    above = 1
    while _CONTEXTS[above] < context:
        above += 1
    if math.isinf(table[above]):
        return math.inf
    share = (context - _CONTEXTS[above - 1]) / (_CONTEXTS[above] - _CONTEXTS[above - 1])
    return table[above - 1] + share * (table[above] - table[above - 1])


def seconds_for_all(evaluation: Evaluation, draws: int, servers: int) -> float:
    """Time all APIs and some servers in some draws, and scale up to all servers and draws of the evaluation.

    The sums have to agree with the engine's own matrices.
    """
    options, total = evaluation.option_set, evaluation.draws.count
    numbers = np.unique(np.linspace(0, total - 1, draws).astype(int)).tolist()
    rows = np.unique(np.linspace(0, len(options.servers) - 1, servers).astype(int)).tolist()
    few, apis, machines, known = draws_of(evaluation, numbers), apis_of(options), machines_of(evaluation, rows), rates()
    start = time.perf_counter()
    bought = [[api.monthly_usd(draw) for draw in few] for api in apis]
    middle = time.perf_counter()
    own = [[server_usd(machine, draw, known) for draw in few] for machine in machines]
    end = time.perf_counter()
    _agree(evaluation, numbers, rows, bought, own)
    per_draw = (middle - start) + (end - middle) * len(options.servers) / len(rows)
    return per_draw * total / len(numbers)


def _agree(
    evaluation: Evaluation,
    numbers: list[int],
    rows: list[int],
    bought: list[list[float]],
    own: list[list[float]],
) -> None:
    draws, volume = evaluation.draws.part(np.array(numbers)), evaluation.volume.part(np.array(numbers))
    options = evaluation.option_set
    np.testing.assert_allclose(bought, options.tokens.monthly_usd(volume, draws), rtol=1e-9)
    for wanted in decoding_streams(draws):
        options.columns.speeds(wanted)
    columns = options.columns.take(np.array(rows, np.int64))
    ours = server_costs(columns, capacity_of(columns, volume, draws), draws).total_usd
    np.testing.assert_allclose(own, np.broadcast_to(ours, np.shape(own)), rtol=1e-9)
