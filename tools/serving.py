"""A model on accelerators as a server: what fits, at what price. It knows no workload and no speed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumption
from tools.catalogue.accelerators import Accelerator
from tools.catalogue.hourly_prices import Cloud, Mode
from tools.catalogue.open_models import OpenModel
from tools.replica import Replica, cache_bytes, fitting_requests
from tools.roofline import roofline

GPU_COUNTS = (1, 2, 4, 8)
CLOUDS = get_args(Cloud)


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
        large = cloud in CLOUDS and cloud != "other"
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


def servers_for(model: OpenModel, cards: Sequence[Accelerator]) -> tuple[Server, ...]:
    """Return, per card and precision, the replica with the fewest cards that holds the model and enough requests.

    Where reading its active weights alone keeps one request slow, the next larger replica is returned too.
    """
    tried = [precisions_for(model, card) for card in cards]
    least = {p: _least_places(model, cards, p) for p in {precision for some in tried for precision in some}}
    found = []
    for row, card in enumerate(cards):
        for precision in tried[row]:
            place = int(least[precision][row])
            if place == len(GPU_COUNTS):
                continue
            smallest = Replica(model, card, GPU_COUNTS[place], precision)
            found.append(Server(smallest))
            if place + 1 < len(GPU_COUNTS) and _reads_slowly(smallest):
                found.append(Server(Replica(model, card, GPU_COUNTS[place + 1], precision)))
    return tuple(found)


def _least_places(model: OpenModel, cards: Sequence[Accelerator], precision: str) -> npt.NDArray[np.int64]:
    """Return per card the place in GPU_COUNTS of the fewest that are enough; the length of it where none is."""
    needed, planning = assumption("served_requests_at_least").number, assumption("planning_tokens").number
    weights = Replica(model, cards[0], 1, precision).weights
    counts, memory_gb = np.array(GPU_COUNTS, float), np.array([[card.memory_gb] for card in cards], float)
    enough = fitting_requests(model, cache_bytes(weights, counts, memory_gb), counts, planning) >= needed
    return np.where(enough.any(axis=1), enough.argmax(axis=1), len(GPU_COUNTS))


def _reads_slowly(replica: Replica) -> bool:
    """Say whether reading the active weights once a token is slower than a quick stream, at three quarters of peak."""
    model, card = replica.model, replica.accelerator
    active = (model.params_active_b or model.params_total_b or 0.0) * 1e9 * replica.bits / 8
    seconds = active / (0.75 * replica.count * card.mem_bandwidth_gb_s * 1e9)
    return seconds * assumption("quick_stream").number > 1.0
