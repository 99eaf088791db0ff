"""What own servers cost per month over twelve months, by billing mode. It knows no API and no people.

Capacity is planned month by month: whole replicas for the busiest hour of each month, and a spare. Each mode pays
for it in its own way; the cheapest that is open to the workload counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumption
from tools.draws import Draws, Floats, Mask
from tools.owned import owned_accelerators
from tools.server_columns import ServerColumns, at_context
from tools.volume import Volume

HOURS_PER_DAY = 24.0
MODES = ("on_demand", "reserved", "scale_to_zero", "owned")
ON_DEMAND, RESERVED, SCALE_TO_ZERO, OWNED = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Capacity:
    """Replicas over the horizon, shape (servers, draws).

    `mean_replicas` over the months and `most_replicas` of any month include the spare. `busy_first_month`: replicas,
    not rounded, that the busiest hour of the first month keeps busy. `busy_hours`: hours a month that one replica
    would work without pause. `stream`: tokens per second that one user sees, `first_token_seconds` for a request of
    the usual length, both at the planned load. What the server could do for one user at a time, with the margin for
    prompts: `best_stream`, `best_first_token_seconds` behind the usual queue and `alone_first_token_seconds` without;
    these do not depend on what is asked, so asking for more never finds a server quicker.
    """

    mean_replicas: Floats
    most_replicas: Floats
    busy_first_month: Floats
    busy_hours: Floats
    stream: Floats
    first_token_seconds: Floats
    best_stream: Floats
    best_first_token_seconds: Floats
    alone_first_token_seconds: Floats


def hours_per_month() -> float:
    """Return the hours of an average month."""
    return assumption("days_per_month").number * HOURS_PER_DAY


def wanted_stream(draws: Draws) -> tuple[float, float]:
    """Return the tokens per second that a user must see, where a person waits and where none does."""
    if "tokens_per_second" in draws.known:
        wanted = float(np.max(draws.number("tokens_per_second")))
        return wanted, wanted
    return assumption("usual_stream").number, 0.0


def decoding_streams(draws: Draws) -> tuple[float, float]:
    """Return the same for decoding alone: reading the prompts of others takes the rest of the time."""
    margin = assumption("stream_margin").number
    attended, alone = wanted_stream(draws)
    return attended * margin, alone * margin


def capacity_of(columns: ServerColumns, volume: Volume, draws: Draws) -> Capacity:
    """Plan the replicas of a column of servers for every draw."""
    waits = np.atleast_1d(draws.is_value("interaction", "interactive"))
    context = volume.input_tokens + volume.output_tokens
    attended, alone = (columns.speeds(wanted) for wanted in decoding_streams(draws))
    seconds, stream = at_context(attended.output_seconds, context), at_context(attended.stream, context)
    if not waits.all() and attended is not alone:
        seconds = np.where(waits, seconds, at_context(alone.output_seconds, context))
        stream = np.where(waits, stream, at_context(alone.stream, context))
    reading = columns.input_seconds * volume.input_tokens
    per_request = reading + seconds * volume.output_tokens
    usable = assumption("target_utilisation").number
    with np.errstate(invalid="ignore"):  # while prompts are read, nobody's text moves
        stream = np.where(np.isfinite(per_request), stream * (1.0 - usable * reading / per_request), 0.0)
    fits = np.isfinite(per_request)
    with np.errstate(invalid="ignore"):
        peak = np.where(fits, volume.peak_first_month * per_request / usable, np.inf)
        busy = np.where(fits, volume.requests_per_month * volume.average_growth * per_request / usable, np.inf)
    mean, most = _replicas(peak, volume.growth_factors)
    spare = assumption("spare_replicas").number
    best = at_context(columns.speeds(np.inf).stream, context) / assumption("stream_margin").number
    overhead, queue = assumption("service_overhead_seconds").number, assumption("queue_factor").number
    with np.errstate(divide="ignore"):
        fixed, least = 1.0 / stream + overhead, 1.0 / best + overhead
    return Capacity(
        mean_replicas=mean + spare,
        most_replicas=most + spare,
        busy_first_month=peak,
        busy_hours=busy / 3600.0,
        stream=stream,
        first_token_seconds=reading * queue + fixed,
        best_stream=best,
        best_first_token_seconds=reading * queue + least,
        alone_first_token_seconds=reading + least,
    )


def _replicas(busy_first_month: Floats, growth: Floats) -> tuple[Floats, Floats]:
    """Return the mean over the months and the most of any month of whole replicas, at least one."""
    factors = growth.reshape(len(growth), -1)
    if factors.shape[1] == 1:  # months of equal volume are counted once
        unique, counts = np.unique(factors[:, 0], return_counts=True)
        pairs = [(np.asarray(factor), float(count)) for factor, count in zip(unique, counts, strict=True)]
    else:
        pairs = [(month, 1.0) for month in factors]
    most = np.maximum(np.ceil(busy_first_month * factors.max(axis=0)), 1.0)
    mean = np.ones_like(most)
    rows = np.flatnonzero((most > 1.0).any(axis=1))  # the others need one replica in every month
    if len(rows):
        busy = busy_first_month[rows]
        mean[rows] = sum(count * np.maximum(np.ceil(busy * factor), 1.0) for factor, count in pairs) / len(factors)
    return mean, most


@dataclass(frozen=True, slots=True, eq=False)
class ServerCosts:
    """US dollars per month for the cheapest open mode, shape (servers, draws); `mode` indexes MODES."""

    mode: npt.NDArray[np.int64]
    hardware_usd: Floats
    power_usd: Floats
    storage_usd: Floats

    @property
    def total_usd(self) -> Floats:
        """All of it."""
        return np.asarray(self.hardware_usd + self.power_usd + self.storage_usd)


def server_costs(columns: ServerColumns, capacity: Capacity, draws: Draws) -> ServerCosts:
    """Return what a column of servers costs per month in every draw."""
    hours = hours_per_month()
    hourly = columns.count * columns.rent("on_demand", draws)
    reserved = columns.count * columns.rent("reserved_1y", draws)
    storage = capacity.mean_replicas * assumption("storage_usd_per_month").number
    power = _power_usd(columns, capacity, draws)
    by_mode = [
        np.where(must_buy(draws), np.inf, capacity.mean_replicas * hourly * hours),
        np.where(may_reserve(draws), capacity.most_replicas * reserved * hours, np.inf),
        np.where(may_sleep(draws), awake_hours(capacity) * hourly, np.inf),
    ]
    own: Floats = np.asarray(np.inf)
    if np.any(may_buy(draws)):
        # Where there is a cloud, own cards are used, and more of their kind bought; no other kind is.
        bought = purchase_usd(columns, capacity, draws)
        own = np.where(must_buy(draws) | (columns.owned(draws) > 0), bought, np.inf)
        by_mode.append(own + power)
    mode, hardware = _cheapest(by_mode)
    owned = mode == OWNED
    electricity = np.where(owned, power, 0.0)
    bare = np.where(owned, own, hardware)
    modes, bare, electricity, storage = np.broadcast_arrays(mode, bare, electricity, storage)
    return ServerCosts(modes, bare, electricity, storage)


def _cheapest(by_mode: Sequence[Floats]) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the place of the least amount, the first of equal ones, and the amount, elementwise."""
    first, *others = np.broadcast_arrays(*by_mode)
    least, mode = np.asarray(first), np.zeros(first.shape, np.int64)
    for place, usd in enumerate(others, start=1):
        less = usd < least
        mode[less] = place
        least = np.where(less, usd, least)
    return mode, least


def purchase_usd(columns: ServerColumns, capacity: Capacity, draws: Draws) -> Floats:
    """Return what buying costs per month of the accelerators' life, host included; what is owned already is free."""
    to_buy = bought_accelerators(columns, capacity, draws)
    price = price_with_host(columns)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(to_buy > 0, to_buy * price, 0.0) / assumption("accelerator_life_months").number)


def price_with_host(columns: ServerColumns) -> Floats:
    """Return the price of one accelerator with its part of a server, which has a least price whatever the card."""
    host = columns.purchase_usd * assumption("host_share").number
    return np.asarray(columns.purchase_usd + np.maximum(host, assumption("host_usd_at_least").number))


def bought_accelerators(columns: ServerColumns, capacity: Capacity, draws: Draws) -> Floats:
    """Return how many accelerators have to be bought for the busiest month."""
    return np.asarray(np.maximum(capacity.most_replicas * columns.count - columns.owned(draws), 0.0))


def _power_usd(columns: ServerColumns, capacity: Capacity, draws: Draws) -> Floats:
    return np.asarray(power_kwh(columns, capacity) * draws.number("electricity_price"))


def power_kwh(columns: ServerColumns, capacity: Capacity) -> Floats:
    """Return the kilowatt-hours a month of own accelerators, cooling and the rest of the server included."""
    gpus = capacity.mean_replicas * columns.count
    return np.asarray(gpus * columns.kilowatts * assumption("data_centre_overhead").number * hours_per_month())


def awake_hours(capacity: Capacity) -> Floats:
    """Return replica hours a month when servers run only while there is work, started once a day."""
    starts = assumption("days_per_month").number * assumption("start_hours").number
    return np.asarray(capacity.busy_hours + starts)


def must_buy(draws: Draws) -> Mask:
    """Return where nothing can be rented: no cloud, or an air gap."""
    return np.asarray(draws.is_value("cloud", "none") | draws.is_value("air_gapped", "true"))


def may_buy(draws: Draws) -> Mask:
    """Return where own hardware is an option: nothing can be rented, or some is owned already."""
    text = draws.known.get("owned_gpus")
    return np.asarray(must_buy(draws) | bool(text and owned_accelerators(str(text))))


def may_reserve(draws: Draws) -> Mask:
    """Return where a year's commitment can be made: in a cloud, and not for a volume nobody can foresee."""
    allowed = np.asarray(assumption("longest_commitment_months").number >= 12)
    return np.asarray(allowed & ~must_buy(draws) & ~draws.is_value("predictability", "unpredictable"))


def may_sleep(draws: Draws) -> Mask:
    """Return where servers may be off between jobs: background work in a cloud that is not mission-critical."""
    background = draws.is_value("interaction", "background")
    return np.asarray(background & ~draws.is_value("criticality", "mission_critical") & ~must_buy(draws))
