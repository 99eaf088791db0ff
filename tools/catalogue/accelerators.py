"""Accelerators: memory, bandwidth, compute, power, where each is had, and what an hour costs. It knows no model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.hourly_prices import FILE, Cloud, CloudPrice, Mode
from tools.catalogue.names import NameIndex
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records

Precision = Literal["bf16", "fp16", "fp8", "fp4", "int8"]
# What a serving engine must be built for; most engines are written for the first and ported to the second.
Software = Literal["cuda", "rocm", "tpu", "neuron", "habana", "xpu", "metal", "cpu"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePrice:
    """US dollars for one accelerator without its server, as a range of street prices."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    low: float
    high: float
    source: str
    as_of: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerator:
    """One accelerator type; None is unknown, never zero.

    `candidate` may be proposed for renting, `owned_candidate` may serve when it is owned or bought;
    `server_w` is the whole server's power for each accelerator, at most.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    aliases: tuple[str, ...] = ()
    vendor: str
    form: str
    software: Software
    rented: bool
    bought: bool
    clouds: tuple[Cloud, ...] = ()
    candidate: bool
    owned_candidate: bool
    memory_gb: float
    mem_bandwidth_gb_s: float
    dense_tflops: Mapping[Precision, float] = field(default_factory=dict)
    tdp_w: float | None = None
    server_w: float | None = None
    interconnect: Literal["nvlink", "fabric", "pcie", "none"]
    interconnect_gb_s_one_way: float | None = None
    cloud: CloudPrice | None = None
    purchase: PurchasePrice | None = None
    note: str = ""
    source: str
    checked: date
    confidence: Confidence

    def __post_init__(self) -> None:
        """Refuse an entry that contradicts itself."""
        problems = {
            "candidate: it can only be proposed for renting where it is rented and priced": self.candidate
            and not (self.rented and self.cloud),
            "owned_candidate: it can only serve as owned where it is sold": self.owned_candidate and not self.bought,
            "cloud: it is not rented": self.cloud is not None and not self.rented,
            "purchase: it is not sold": self.purchase is not None and not self.bought,
            "clouds: rented by none": self.rented != bool(self.clouds),
        }
        for problem, found in problems.items():
            if found:
                raise ValueError(problem)

    def hourly_usd(self, mode: Mode, cloud: Cloud | None = None) -> float | None:
        """Return the rent in US dollars per hour, the geometric middle of the range; None where it is unknown.

        With `cloud`, only that cloud's own list prices count.
        """
        return self.cloud.middle_usd(mode, cloud) if self.cloud else None

    def hourly_median(self, mode: Mode, cloud: Cloud | None = None) -> float | None:
        """Return the median of the list prices in US dollars per hour; None where the rent is unknown."""
        return self.cloud.median_usd(mode, cloud) if self.cloud else None

    def hourly_range(self, mode: Mode, cloud: Cloud | None = None) -> tuple[float, float] | None:
        """Return the rent as (low, high) US dollars per hour; None where it is unknown."""
        return self.cloud.range_usd(mode, cloud) if self.cloud else None

    def hourly_source(self, mode: Mode, cloud: Cloud | None = None) -> str:
        """Say in words where the rent comes from."""
        return self.cloud.source_of(mode, cloud) if self.cloud else "no rent on record"

    @property
    def scale_to_zero_usd_per_hour(self) -> float | None:
        """What a busy hour costs where billing stops with the work, US dollars; None where none is listed."""
        return self.cloud.scale_to_zero_usd if self.cloud else None

    def tflops(self, bits_per_weight: float) -> float | None:
        """Return the dense TFLOP/s for weights of this width, falling back to the next wider unit."""
        wide = self.dense_tflops.get("bf16") or self.dense_tflops.get("fp16")
        fp8 = self.dense_tflops.get("fp8")
        fp4 = self.dense_tflops.get("fp4")
        if bits_per_weight <= 4.5 and fp4:
            return fp4
        return fp8 if bits_per_weight <= 8.5 and fp8 else wide


@cache
def accelerators() -> Mapping[str, Accelerator]:
    """Load all accelerators, by id."""
    return by_id(FILE, load_records(FILE, "accelerators", Accelerator))


@cache
def _index() -> NameIndex:
    return NameIndex("accelerator", {entry.id: entry.aliases for entry in accelerators().values()})


def find_accelerator(name: str) -> Accelerator:
    """Return the accelerator that a loose name means ('A100 80GB', 'rtx 4090'), or raise UnknownName."""
    return accelerators()[_index().find(name)]
