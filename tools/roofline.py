"""The constants of the sizing and speed estimates, with their sources. It holds no arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from tools.catalogue.records import STRICT_KEYS, Confidence
from tools.data_files import load_table
from tools.errors import InvalidInput, UnknownName

FILE = "roofline.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """One number with its unit and source."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    value: float
    unit: str
    source: str
    checked: date
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkConstant:
    """One number per kind of link between accelerators."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    value: Mapping[str, float]
    unit: str
    source: str
    checked: date
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryConstants:
    """What a serving engine needs beside weights and cache."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    overhead_fixed_gib: Constant
    overhead_share_of_weights: Constant
    usable_share: Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedConstants:
    """How much of an accelerator's peak a serving engine reaches."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    bandwidth_share: Constant
    layer_overhead_ms: Constant
    prefill_share: Constant
    reduce_latency_us: LinkConstant
    max_batch: Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Roofline:
    """All constants."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    memory: MemoryConstants
    precision_bits: Mapping[str, float]
    speed: SpeedConstants
    error: Constant

    def bits(self, precision: str) -> float:
        """Return the bits per weight of a precision, scales included, or raise UnknownName."""
        if precision.lower() not in self.precision_bits:
            raise UnknownName.of("precision", precision, self.precision_bits)
        return self.precision_bits[precision.lower()]


@cache
def roofline() -> Roofline:
    """Load the constants."""
    try:
        return TypeAdapter(Roofline).validate_python(load_table(FILE))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"tools/data/{FILE}: {where}: {first['msg']}") from error
