"""Many servers as columns: how fast at which batch, at what price. It knows no workload."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import cast

import numpy as np
import numpy.typing as npt

from tools.catalogue.accelerators import accelerators
from tools.catalogue.hourly_prices import Cloud, Mode
from tools.draws import Draws, Floats, Mask
from tools.facts import fact_dictionary
from tools.measured import pair_factor
from tools.owned import owned_accelerators
from tools.replica import Replica, attention_flops, fitting_requests
from tools.roofline import roofline, speed_constants
from tools.serving import CLOUDS, Server
from tools.sizing import request_bytes
from tools.speed_model import Shape, prompt_seconds, step_seconds

BATCHES = np.array([1, 2, 4, 8, 16, 32, 64, 128, 256], float)
# Tokens of context at which steps are computed; between two of them the time is interpolated.
CONTEXTS = np.array([2.0**power for power in range(8, 22)])
_PROBE_TOKENS = 1024.0
_MODES: tuple[Mode, ...] = ("on_demand", "reserved_1y")


@dataclass(frozen=True, slots=True, eq=False)
class SpeedTable:
    """Servers run at the largest batch that keeps one user's stream at a wanted speed.

    All of shape (servers, contexts): `output_seconds` of the replica per output token (infinite where a request does
    not fit), `stream` tokens per second that one user sees.
    """

    output_seconds: Floats
    stream: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ServerColumns:
    """Many servers as columns of shape (servers, 1), for arithmetic over draws.

    `input_seconds`: of a replica per input token. `usd_per_gpu_hour`: rent per mode, shape (servers, clouds), and
    `purchase_usd`, `kilowatts` per accelerator: infinite where unknown. `is_cut`: weights cut to four bits after
    training. `step_seconds`: of one decoding step, shape (servers, batches, contexts). `batch_limit`: requests that fit
    at once, shape (servers, contexts).
    """

    servers: tuple[Server, ...]
    input_seconds: Floats
    count: Floats
    usd_per_gpu_hour: Mapping[Mode, Floats]
    purchase_usd: Floats
    kilowatts: Floats
    is_cut: Mask
    step_seconds: Floats
    batch_limit: Floats
    tables: dict[float, SpeedTable] = field(default_factory=dict)

    def rent(self, mode: Mode, draws: Draws) -> Floats:
        """Return US dollars per accelerator and hour in each draw's cloud, shape (servers, 1 or draws)."""
        return self.usd_per_gpu_hour[mode][:, np.atleast_1d(draws.codes["cloud"])]

    def owned(self, draws: Draws) -> Floats:
        """Return how many accelerators of each server's kind are already paid for."""
        text = draws.known.get("owned_gpus")
        owned = owned_accelerators(str(text)) if text else {}
        return _column([float(owned.get(server.accelerator.id, 0)) for server in self.servers])

    def speeds(self, wanted_tokens_per_second: float) -> SpeedTable:
        """Return the table for a wanted stream; where no batch reaches it, the servers run one request at a time."""
        if wanted_tokens_per_second not in self.tables:
            fits = BATCHES[:, None] <= self.batch_limit[:, None, :]
            quick = fits & (self.step_seconds * wanted_tokens_per_second <= 1.0)
            chosen = np.maximum(quick.sum(axis=1) - 1, 0)  # both hold for all smaller batches as well
            steps = np.take_along_axis(self.step_seconds, chosen[:, None, :], axis=1)[:, 0, :]
            seconds = np.where(self.batch_limit >= 1.0, steps / BATCHES[chosen], np.inf)
            self.tables[wanted_tokens_per_second] = SpeedTable(seconds, 1.0 / steps)
        return self.tables[wanted_tokens_per_second]

    def holds(self, context_tokens: Floats) -> Mask:
        """Say where one request of this length fits, shape (servers, draws)."""
        above = np.searchsorted(CONTEXTS, np.minimum(context_tokens, CONTEXTS[-1]))
        return np.asarray(self.batch_limit[:, np.atleast_1d(above)] >= 1.0)

    def take(self, rows: npt.NDArray[np.int64]) -> "ServerColumns":
        """Return some of the servers."""
        return ServerColumns(
            servers=tuple(self.servers[row] for row in rows),
            input_seconds=self.input_seconds[rows],
            count=self.count[rows],
            usd_per_gpu_hour={mode: table[rows] for mode, table in self.usd_per_gpu_hour.items()},
            purchase_usd=self.purchase_usd[rows],
            kilowatts=self.kilowatts[rows],
            is_cut=self.is_cut[rows],
            step_seconds=self.step_seconds[rows],
            batch_limit=self.batch_limit[rows],
            tables={
                wanted: SpeedTable(table.output_seconds[rows], table.stream[rows])
                for wanted, table in self.tables.items()
            },
        )


def columns_of(servers: Sequence[Server]) -> ServerColumns:
    """Stack servers, and compute the speed of all of them at once."""
    replicas = [server.replica for server in servers]
    shape, constants = _shapes(replicas), speed_constants()
    models = {replica.model.id: replica.model for replica in replicas}
    of_model = _places([replica.model.id for replica in replicas], models)
    held = np.stack([np.asarray(request_bytes(model, CONTEXTS)) for model in models.values()])[of_model]
    factor = _deep([pair_factor(r) for r in replicas])
    steps = step_seconds(shape, constants, BATCHES[:, None], BATCHES[:, None] * held[:, None, :]) / factor
    attention = _deep([float(attention_flops(model, _PROBE_TOKENS)) for model in models.values()])[of_model]
    reading = prompt_seconds(shape, constants, _PROBE_TOKENS, attention) + constants.prompt_ms * 1e-3
    cards = {server.accelerator.id: server for server in servers}
    of_card = _places([server.accelerator.id for server in servers], cards)
    return ServerColumns(
        servers=tuple(servers),
        input_seconds=np.asarray(reading / factor / _PROBE_TOKENS)[:, :, 0],
        count=_column([float(server.count) for server in servers]),
        usd_per_gpu_hour={mode: _rents(cards, mode)[of_card] for mode in _MODES},
        purchase_usd=_known([server.purchase_usd for server in cards.values()])[of_card],
        kilowatts=_known([server.kilowatts for server in cards.values()])[of_card],
        is_cut=np.array([[server.is_cut] for server in servers]),
        step_seconds=steps,
        batch_limit=np.minimum(_batch_limits(replicas), roofline().speed.max_batch.value),
    )


def _shapes(replicas: Sequence[Replica]) -> Shape:
    """Stack the numbers that speed depends on, each of shape (servers, 1, 1)."""
    names = [field.name for field in fields(Shape)]
    numbers = attrgetter(*names)
    rows = np.array([numbers(replica.shape) for replica in replicas], float)
    return Shape(**{name: rows[:, place].reshape(-1, 1, 1) for place, name in enumerate(names)})


def _batch_limits(replicas: Sequence[Replica]) -> Floats:
    """Return how many requests of each context length fit at once, shape (servers, contexts)."""
    limits = np.empty((len(replicas), len(CONTEXTS)))
    rows: dict[str, list[int]] = {}
    for row, replica in enumerate(replicas):
        rows.setdefault(replica.model.id, []).append(row)
    for members in rows.values():
        free = np.array([[replicas[row].cache_bytes()] for row in members])
        counts = np.array([[float(replicas[row].count)] for row in members])
        limits[members] = fitting_requests(replicas[members[0]].model, free, counts, CONTEXTS)
    return limits


def _places(names: Sequence[str], known: Mapping[str, object]) -> npt.NDArray[np.int64]:
    """Return where each name stands among the known ones."""
    place = {name: number for number, name in enumerate(known)}
    return np.array([place[name] for name in names], np.int64)


def _rents(accelerator_ids: Iterable[str], mode: Mode) -> Floats:
    """Return US dollars per accelerator and hour, infinite where it is not offered, shape (accelerators, clouds)."""
    clouds = fact_dictionary()["cloud"].values
    table = np.array([[_rent(card, mode, cloud) for cloud in clouds] for card in accelerator_ids])
    return np.asarray(np.nan_to_num(table, nan=np.inf))


def at_context(table: Floats, context_tokens: Floats) -> Floats:
    """Interpolate a (servers, contexts) table at context lengths of shape () or (draws,): shape (servers, draws).

    Beyond the last context the last column holds; an infinite neighbour above makes the result infinite.
    """
    context = np.clip(np.atleast_1d(context_tokens), CONTEXTS[0], CONTEXTS[-1])
    above = np.maximum(np.searchsorted(CONTEXTS, context), 1)
    share = (context - CONTEXTS[above - 1]) / (CONTEXTS[above] - CONTEXTS[above - 1])
    low, high = table[:, above - 1], table[:, above]
    with np.errstate(invalid="ignore"):
        mixed = low + share * (high - low)
    return np.asarray(np.where(np.isfinite(high), mixed, np.inf))


@cache
def _rent(accelerator_id: str, mode: Mode, cloud: str) -> float:
    """Return US dollars per hour in the organization's cloud; not a number where it does not offer the accelerator.

    With another cloud, the market counts: another of the large three would be one more provider that sees the data.
    """
    card = accelerators()[accelerator_id]
    large = cloud in CLOUDS and cloud != "other"
    price = card.hourly_median(mode, cast(Cloud, cloud)) if large else card.hourly_median(mode)
    return float("nan") if price is None else price


def _deep(values: Sequence[float]) -> Floats:
    return np.array(values, float).reshape(-1, 1, 1)


def _known(values: Sequence[float]) -> Floats:
    return np.nan_to_num(_column(values), nan=np.inf)


def _column(values: Sequence[float]) -> Floats:
    return np.array(values, float).reshape(-1, 1)
