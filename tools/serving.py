"""A model on accelerators as a server: does it fit, how fast is it, what does an hour cost. It knows no workload."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumption
from tools.catalogue.accelerators import Accelerator
from tools.catalogue.open_models import OpenModel
from tools.draws import Draws, Floats
from tools.owned import owned_accelerators
from tools.roofline import roofline
from tools.throughput import Replica, decode_step_seconds, prefill_seconds

GPU_COUNTS = (1, 2, 4, 8)
_PROBE_TOKENS = 1024.0


class Rates(Protocol):
    """Seconds of one replica's time per token; a number each, or a column of servers."""

    @property
    def seconds_per_input_token(self) -> Floats: ...

    @property
    def seconds_per_output_token(self) -> Floats: ...


@dataclass(frozen=True, slots=True)
class ServingRates:
    """How much of a replica's time a token takes at the planned batch, and what one user sees.

    A request occupies its replica for prompt reading plus its share of the decoding steps, which is linear in
    both lengths; the cache's reading is taken at the planning length.
    """

    seconds_per_input_token: Floats
    seconds_per_output_token: Floats
    tokens_per_second_per_request: float
    batch: float
    source: str


@dataclass(frozen=True, slots=True)
class Server:
    """One replica, how fast it is, and what an hour of it costs."""

    replica: Replica
    rates: ServingRates

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

    @property
    def usd_per_gpu_hour(self) -> float:
        """The rent of one accelerator: the geometric middle of the market, US dollars per hour."""
        cloud = self.accelerator.cloud
        assert cloud is not None
        return float(np.sqrt(cloud.on_demand_low * cloud.on_demand_high))

    @property
    def rent_source(self) -> str:
        """Where the rent comes from."""
        cloud = self.accelerator.cloud
        assert cloud is not None
        dates = sorted({point.as_of for point in cloud.points})
        span = " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "unknown date"
        count = len(cloud.points)
        return (
            f"middle of {cloud.on_demand_low:g} to {cloud.on_demand_high:g} USD per hour, {count} list "
            f"price{'' if count == 1 else 's'} of {span} [{cloud.confidence}]"
        )

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
        return f"street prices of {bought.low:,.0f} to {bought.high:,.0f} USD [{bought.confidence}]"

    @property
    def kilowatts(self) -> float:
        """The power of one accelerator, kW; not a number where it is unknown."""
        return (self.accelerator.tdp_w or float("nan")) / 1000.0


def precisions_for(model: OpenModel, card: Accelerator) -> tuple[str, ...]:
    """Return the precisions to try: as published, and fp8 or int4 where the card computes them well."""
    native = model.native_precision.split("+")[0]
    if "bf16" not in card.dense_tflops:  # too old for bfloat16 and for the four-bit float kernels
        return () if native != "bf16" else ("int4",)
    if native in ("mxfp4", "int4", "fp4"):
        return (native,)
    eight = ("fp8",) if card.dense_tflops.get("fp8") else ()
    return (*eight, "int4") if native == "fp8" else ("bf16", *eight, "int4")


def smallest_servers(model: OpenModel, card: Accelerator) -> tuple[Server, ...]:
    """Return, per precision, the replica with the fewest accelerators that holds the model and enough requests."""
    found = []
    needed = assumption("served_requests_at_least").number
    for precision in precisions_for(model, card):
        for count in GPU_COUNTS:
            replica = Replica(model, card, count, precision)
            if replica.largest_batch(assumption("planning_tokens").number) >= needed:
                found.append(Server(replica, serving_rates(replica)))
                break
    return tuple(found)


def serving_rates(replica: Replica) -> ServingRates:
    """Return the time that tokens take on one replica at the planned batch."""
    planning = assumption("planning_tokens").number
    batch = min(assumption("planned_concurrency").number, float(replica.largest_batch(planning)))
    step = float(decode_step_seconds(replica, batch, planning / 2))
    prefill = float(prefill_seconds(replica, _PROBE_TOKENS)) / _PROBE_TOKENS
    error = roofline().error
    return ServingRates(
        seconds_per_input_token=np.asarray(prefill),
        seconds_per_output_token=np.asarray(step / batch),
        tokens_per_second_per_request=1.0 / step,
        batch=batch,
        source=f"roofline estimate, nine in ten within {error.value:.0%} [{error.confidence}]",
    )


@dataclass(frozen=True, slots=True)
class ServerColumns:
    """Many servers as columns of shape (servers, 1), for arithmetic over draws."""

    seconds_per_input_token: Floats
    seconds_per_output_token: Floats
    count: Floats
    usd_per_gpu_hour: Floats
    purchase_usd: Floats
    kilowatts: Floats
    accelerators: tuple[str, ...]

    def owned(self, draws: Draws) -> npt.NDArray[np.float64]:
        """Return how many accelerators of each server's kind are already paid for."""
        text = draws.known.get("owned_gpus")
        owned = owned_accelerators(str(text)) if text else {}
        return np.array([[float(owned.get(name, 0))] for name in self.accelerators])


def columns_of(servers: tuple[Server, ...]) -> ServerColumns:
    """Stack servers into columns."""
    rates = [server.rates for server in servers]
    return ServerColumns(
        seconds_per_input_token=_column([float(r.seconds_per_input_token) for r in rates]),
        seconds_per_output_token=_column([float(r.seconds_per_output_token) for r in rates]),
        count=_column([float(server.count) for server in servers]),
        usd_per_gpu_hour=_column([server.usd_per_gpu_hour for server in servers]),
        purchase_usd=_column([server.purchase_usd for server in servers]),
        kilowatts=_column([server.kilowatts for server in servers]),
        accelerators=tuple(server.accelerator.id for server in servers),
    )


def _column(values: list[float]) -> Floats:
    return np.array(values).reshape(-1, 1)
