"""A model on accelerators as a server: what fits, how fast at which batch, at what price. It knows no workload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import cast, get_args

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumption
from tools.catalogue.accelerators import Accelerator, accelerators
from tools.catalogue.hourly_prices import Cloud, Mode
from tools.catalogue.open_models import OpenModel, open_models
from tools.draws import Draws, Floats, Mask
from tools.facts import fact_dictionary
from tools.measured import pair_factor
from tools.owned import owned_accelerators
from tools.replica import Replica
from tools.roofline import roofline, speed_constants
from tools.sizing import GIB, request_bytes
from tools.speed_model import Shape, prompt_seconds, step_seconds

GPU_COUNTS = (1, 2, 4, 8)
BATCHES = np.array([1, 2, 4, 8, 16, 32, 64, 128, 256], float)
# Tokens of context at which steps are computed; between two of them the time is interpolated.
CONTEXTS = np.array([2.0**power for power in range(8, 22)])
_PROBE_TOKENS = 1024.0
_CLOUDS = get_args(Cloud)
_MODES: tuple[Mode, ...] = ("on_demand", "reserved_1y")


@dataclass(frozen=True, slots=True, eq=False)
class Server:
    """One replica and what it costs."""

    replica: Replica

    @property
    def accelerator(self) -> Accelerator:
        """The kind of accelerator."""
        return self.replica.accelerator

    @property
    def count(self) -> int:
        """Accelerators per replica."""
        return self.replica.count

    @property
    def precision(self) -> str:
        """The precision of the weights."""
        return self.replica.precision

    def rent_source(self, mode: Mode, cloud: str) -> str:
        """Say where the rent comes from."""
        large = cloud in _CLOUDS and cloud != "other"
        return "median; " + self.accelerator.hourly_source(mode, cast(Cloud, cloud) if large else None)

    @property
    def is_cut(self) -> bool:
        """Say whether the weights were cut to four bits after training."""
        native = self.replica.model.native_precision.split("+")
        return self.precision == "int4" and not {"int4", "mxfp4", "fp4"} & set(native)

    @property
    def purchase_usd(self) -> float:
        """The price of one accelerator, US dollars; not a number where it is unknown."""
        bought = self.accelerator.purchase
        return float(np.sqrt(bought.low * bought.high)) if bought else float("nan")

    @property
    def purchase_source(self) -> str:
        """Where the purchase price comes from."""
        bought = self.accelerator.purchase
        if bought is None:
            return "no purchase price on record"
        return f"{bought.source}, {bought.low:,.0f} to {bought.high:,.0f} USD, {bought.as_of} [{bought.confidence}]"

    @property
    def kilowatts(self) -> float:
        """The power of one accelerator with its part of the server, kW; not a number where it is unknown."""
        card = self.accelerator
        if card.server_w is not None:
            return card.server_w / 1000.0
        return (card.tdp_w or float("nan")) * assumption("host_power_factor").number / 1000.0

    @property
    def speed_source(self) -> str:
        """Where the speed comes from, with its error."""
        error = roofline().error
        return f"roofline estimate, nine in ten within {error.value:.0%} [{error.confidence}]"


def precisions_for(model: OpenModel, card: Accelerator) -> tuple[str, ...]:
    """Return the precisions to try: as published, and fp8 or int4 where the card computes them well."""
    native = model.native_precision.split("+")[0]
    if "bf16" not in card.dense_tflops:  # too old for bfloat16 and for the four-bit float kernels
        return () if native != "bf16" else ("int4",)
    if native in ("mxfp4", "int4", "fp4"):
        return (native,)
    eight = ("fp8",) if card.dense_tflops.get("fp8") else ()
    return (*eight, "int4") if native == "fp8" else ("bf16", *eight, "int4")


def servers_for(model: OpenModel, card: Accelerator) -> tuple[Server, ...]:
    """Return, per precision, the replica with the fewest accelerators that holds the model and enough requests.

    Where reading its active weights alone keeps one request slow, the next larger replica is returned too.
    """
    found = []
    for precision in precisions_for(model, card):
        fitting = _fitting(model, card, precision)
        if fitting:
            found.append(Server(fitting[0]))
            if len(fitting) > 1 and _reads_slowly(fitting[0]):
                found.append(Server(fitting[1]))
    return tuple(found)


def _fitting(model: OpenModel, card: Accelerator, precision: str) -> list[Replica]:
    """Return the two smallest replicas that hold the model and enough requests of the planning length."""
    needed, planning = assumption("served_requests_at_least").number, assumption("planning_tokens").number
    least = _weights_gb(model.id, precision)
    counts = [count for count in GPU_COUNTS if count * card.memory_gb > least]
    for place, count in enumerate(counts):
        replica = Replica(model, card, count, precision)
        if float(replica.largest_batch(planning)) >= needed:
            return [replica, *(Replica(model, card, more, precision) for more in counts[place + 1 : place + 2])]
    return []


@cache
def _weights_gb(model_id: str, precision: str) -> float:
    """Return the least memory that the weights take, whatever the accelerator."""
    card = next(iter(accelerators().values()))
    return Replica(open_models()[model_id], card, 1, precision).weights / GIB


def _reads_slowly(replica: Replica) -> bool:
    """Say whether reading the active weights once a token is slower than a quick stream, at three quarters of peak."""
    model, card = replica.model, replica.accelerator
    active = (model.params_active_b or model.params_total_b or 0.0) * 1e9 * replica.bits / 8
    seconds = active / (0.75 * replica.count * card.mem_bandwidth_gb_s * 1e9)
    return seconds * assumption("quick_stream").number > 1.0


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
    shape = Shape(**{f.name: _deep([getattr(r.shape, f.name) for r in replicas]) for f in fields(Shape)})
    constants = speed_constants()
    held = _held_bytes(replicas)
    factor = _deep([pair_factor(r) for r in replicas])
    steps = step_seconds(shape, constants, BATCHES[:, None], BATCHES[:, None] * held[:, None, :]) / factor
    attention = _deep([float(r.attention_flops(_PROBE_TOKENS)) for r in replicas])
    reading = prompt_seconds(shape, constants, _PROBE_TOKENS, attention) + constants.prompt_ms * 1e-3
    limits = np.stack([np.asarray(replica.largest_batch(CONTEXTS), float) for replica in replicas])
    clouds = fact_dictionary()["cloud"].values
    return ServerColumns(
        servers=tuple(servers),
        input_seconds=np.asarray(reading / factor / _PROBE_TOKENS)[:, :, 0],
        count=_column([float(server.count) for server in servers]),
        usd_per_gpu_hour={
            mode: np.nan_to_num(
                np.array([[_rent(s.accelerator.id, mode, c) for c in clouds] for s in servers]), nan=np.inf
            )
            for mode in _MODES
        },
        purchase_usd=_known([server.purchase_usd for server in servers]),
        kilowatts=_known([server.kilowatts for server in servers]),
        is_cut=np.array([[server.is_cut] for server in servers]),
        step_seconds=steps,
        batch_limit=np.minimum(limits, roofline().speed.max_batch.value),
    )


def _held_bytes(replicas: Sequence[Replica]) -> Floats:
    """Return the bytes that one request of each context length holds, shape (servers, contexts)."""
    by_model = {replica.model.id: replica.model for replica in replicas}
    held = {identity: np.asarray(request_bytes(model, CONTEXTS)) for identity, model in by_model.items()}
    return np.stack([held[replica.model.id] for replica in replicas])


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
    large = cloud in _CLOUDS and cloud != "other"
    price = card.hourly_median(mode, cast(Cloud, cloud)) if large else card.hourly_median(mode)
    return float("nan") if price is None else price


def _deep(values: Sequence[float]) -> Floats:
    return np.array(values, float).reshape(-1, 1, 1)


def _known(values: Sequence[float]) -> Floats:
    return np.nan_to_num(_column(values), nan=np.inf)


def _column(values: Sequence[float]) -> Floats:
    return np.array(values, float).reshape(-1, 1)
