"""Accelerators: memory, bandwidth, compute, power and what an hour costs. It knows no model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.names import NameIndex
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records

FILE = "accelerators.yaml"
Precision = Literal["bf16", "fp16", "fp8", "fp4", "int8"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """One listed price of an accelerator-hour, US dollars."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    usd: float
    provider: str
    source: str
    as_of: str
    kind: str = "on demand"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudPrice:
    """US dollars per accelerator and hour over the market; reserved prices are factors on it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    on_demand_low: float
    on_demand_high: float
    reserved_1y_factor: tuple[float, float] | None = None
    reserved_3y_factor: tuple[float, float] | None = None
    points: tuple[PricePoint, ...] = ()
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePrice:
    """US dollars for one accelerator, as a range of street prices."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    low: float
    high: float
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerator:
    """One accelerator type; None is unknown, never zero."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    aliases: tuple[str, ...] = ()
    vendor: str
    form: str
    candidate: bool
    memory_gb: float
    mem_bandwidth_gb_s: float
    dense_tflops: Mapping[Precision, float] = field(default_factory=dict)
    tdp_w: float | None = None
    interconnect: Literal["nvlink", "fabric", "pcie", "none"]
    interconnect_gb_s_one_way: float | None = None
    cloud: CloudPrice | None = None
    purchase: PurchasePrice | None = None
    note: str = ""
    source: str
    checked: date
    confidence: Confidence

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
