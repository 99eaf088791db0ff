"""The constants of the sizing and speed estimates, with their sources. It holds no arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from tools.catalogue.records import STRICT_KEYS, Confidence
from tools.data_files import load_table
from tools.errors import InvalidInput, UnknownName
from tools.speed_model import SpeedConstants

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
    spread_overhead_gib: Constant
    spread_usable_share: Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSpeed:
    """How much of an accelerator's peak a serving engine reaches, and what it spends on top."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    bandwidth_share: Constant
    expert_bandwidth_share: Constant
    decode_share: Constant
    layer_ms: Constant
    expert_layer_ms: Constant
    step_ms: Constant
    request_us: Constant
    reduce_us: LinkConstant
    link_share: LinkConstant
    prompt_share: Constant
    expert_prompt_share: Constant
    narrow_share: Constant
    attention_share: Constant
    prompt_ms: Constant
    wait_share: Constant
    max_batch: Constant

    def plain(self) -> SpeedConstants:
        """Return the numbers alone."""
        return SpeedConstants(**{name.name: getattr(self, name.name).value for name in fields(SpeedConstants)})


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorConstants:
    """How far an answer may be off: the relative error of output tokens/s that nine in ten stay within."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    roofline: Constant
    roofline_median: Constant
    interpolated: Constant
    interpolated_median: Constant
    measured: Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Roofline:
    """All constants."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    memory: MemoryConstants
    precision_bits: Mapping[str, float]
    speed: MeasuredSpeed
    errors: ErrorConstants

    @property
    def error(self) -> Constant:
        """The error of an estimate without a measured row near it."""
        return self.errors.roofline

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


@cache
def speed_constants() -> SpeedConstants:
    """Return the numbers of the speed model alone."""
    return roofline().speed.plain()
