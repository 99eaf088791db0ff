"""The fact dictionary and the values that carry facts. It knows no file but its own data and no interview."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.data_files import load_table
from tools.errors import InvalidInput, UnknownName

Scope = Literal["organization", "workload"]
FactType = Literal["choice", "number", "text", "set", "flag"]
State = Literal["stated", "confirmed", "imported", "assumed"]


@dataclass(frozen=True, slots=True)
class Range:
    """A number known only to lie between two bounds, both included."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise InvalidInput(f"the range [{self.low:g}, {self.high:g}] runs downwards; give [low, high]")


FactValue = str | bool | float | Range | tuple[str, ...]


class Prior(BaseModel):
    """What is assumed of a fact that nobody stated: weights per value, or a low–usual–high range."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weights: dict[str, float] | None = None
    low: float | None = None
    usual: float | None = None
    high: float | None = None
    why: str


class FactSpec(BaseModel):
    """One entry of the dictionary: its type and values, and how the interview speaks of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    scope: Scope
    type: FactType
    axis: str
    label: str
    values: tuple[str, ...] = ()
    unit: str = ""
    about: str = ""
    question: str
    why: str
    help: str
    examples: tuple[str, ...] = ()
    labels: Mapping[str, str] = Field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    prior: Prior | None = None

    def expected(self) -> str:
        """Say in words what a value of this fact looks like."""
        match self.type:
            case "choice":
                return f"one of {', '.join(self.values)}"
            case "set":
                return f"a list of {', '.join(self.values)}"
            case "flag":
                return "true or false"
            case "text":
                return "text"
            case "number":
                low = f" from {self.minimum:,.10g}" if self.minimum is not None else ""
                high = f" to {self.maximum:,.10g}" if self.maximum is not None else ""
                return f"a number{low}{high} ({self.unit}), or a range [low, high]"


@lru_cache(maxsize=1)
def fact_dictionary() -> Mapping[str, FactSpec]:
    """Load every fact, in the order of the dictionary; an inconsistent table raises InvalidInput."""
    table = load_table("facts.yaml")
    specs: dict[str, FactSpec] = {}
    for scope in ("organization", "workload"):
        for key, entry in table[scope].items():
            specs[key] = FactSpec.model_validate({"key": key, "scope": scope, **entry})
    return MappingProxyType(specs)


def spec_of(key: str, where: str = "") -> FactSpec:
    """Return the dictionary entry of a fact, or raise UnknownName."""
    specs = fact_dictionary()
    if key not in specs:
        raise UnknownName.of("fact", key, specs, where)
    return specs[key]


def check_value(spec: FactSpec, raw: object, where: str = "") -> FactValue:
    """Turn a raw value into the fact's own type, or raise InvalidInput saying what was expected."""
    value = _CHECKS[spec.type](spec, raw)
    if value is None:
        place = f"{where}: " if where else ""
        raise InvalidInput(f"{place}{spec.key}: {raw!r} does not fit; expected {spec.expected()}")
    return value


def _check_choice(spec: FactSpec, raw: object) -> FactValue | None:
    return raw if isinstance(raw, str) and raw in spec.values else None


def _check_text(spec: FactSpec, raw: object) -> FactValue | None:
    return raw.strip() if isinstance(raw, str) and raw.strip() else None


def _check_flag(spec: FactSpec, raw: object) -> FactValue | None:
    return raw if isinstance(raw, bool) else None


def _check_set(spec: FactSpec, raw: object) -> FactValue | None:
    if isinstance(raw, str):
        raw = [raw]
    if not isinstance(raw, list | tuple | set | frozenset) or not all(isinstance(item, str) for item in raw):
        return None
    items = set(raw)
    if not items or not items <= set(spec.values) or ("none" in items and len(items) > 1):
        return None
    return tuple(value for value in spec.values if value in items)


def _number(spec: FactSpec, raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    value = float(raw)
    too_low = spec.minimum is not None and value < spec.minimum
    too_high = spec.maximum is not None and value > spec.maximum
    return None if value != value or abs(value) == float("inf") or too_low or too_high else value


def _check_number(spec: FactSpec, raw: object) -> FactValue | None:
    if isinstance(raw, Range):
        raw = [raw.low, raw.high]
    if isinstance(raw, list | tuple):
        bounds = [_number(spec, item) for item in raw]
        if len(bounds) != 2 or bounds[0] is None or bounds[1] is None or bounds[0] > bounds[1]:
            return None
        return bounds[0] if bounds[0] == bounds[1] else Range(bounds[0], bounds[1])
    return _number(spec, raw)


_CHECKS = {
    "choice": _check_choice,
    "text": _check_text,
    "flag": _check_flag,
    "set": _check_set,
    "number": _check_number,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with the user's words for it and how sure we may be of it."""

    key: str
    value: FactValue
    quote: str = ""
    state: State = "stated"


_NO_FACTS: Mapping[str, Fact] = MappingProxyType({})
_NO_ASSUMPTIONS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Workload:
    """One job that a language model does, with the facts known of it."""

    name: str
    facts: Mapping[str, Fact] = field(default_factory=lambda: _NO_FACTS)


@dataclass(frozen=True, slots=True)
class Organization:
    """The facts that all workloads share."""

    facts: Mapping[str, Fact] = field(default_factory=lambda: _NO_FACTS)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All workloads with the organization that runs them.

    `assumptions` are the user's own values for entries of `assumptions.yaml`: a number, or numbers per key.
    """

    organization: Organization
    workloads: tuple[Workload, ...]
    assumptions: Mapping[str, Any] = field(default_factory=lambda: _NO_ASSUMPTIONS)


def plain_value(value: FactValue) -> str | bool | float | list[float] | list[str]:
    """Return the value as JSON and YAML spell it: ranges and sets become lists, 5.0 becomes 5."""
    if isinstance(value, Range):
        return [_whole(value.low), _whole(value.high)]
    if isinstance(value, tuple):
        return list(value)
    return _whole(value) if isinstance(value, float) else value


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number
