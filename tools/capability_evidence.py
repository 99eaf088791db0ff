"""The dated test scores of models and how they are read, as values. It knows no level and no catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from tools.catalogue.open_models import Tier
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records
from tools.data_files import load_table
from tools.errors import InvalidInput

FILE = "capability.yaml"
T = TypeVar("T")
Share = Annotated[float, Field(gt=0.0, le=1.0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTable:
    """What one source reported on one day: a score for each model."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    dated: date
    source: Annotated[str, Field(min_length=5)]
    confidence: Confidence
    scores: Annotated[Mapping[str, float], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One test: what it speaks for, the scores that stand for routine and moderate work, and its tables."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    title: str
    reporting: Literal["independent", "vendor"]
    tasks: Annotated[Mapping[str, Share], Field(min_length=1)]
    routine: float
    moderate: float
    margin: Annotated[float, Field(gt=0.0)]
    saturated: bool = False
    note: str = ""
    tables: Annotated[tuple[ScoreTable, ...], Field(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse marks that no score could be read against."""
        if self.routine >= self.moderate:
            raise ValueError(f"{self.id}: the routine mark must lie below the moderate one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """The model whose scores speak for one that has none: a predecessor or a sibling."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    model: str
    of: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """One estimate of how many months the best open models are behind (low, high)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    months: tuple[float, float]
    dated: date
    tasks: tuple[str, ...]
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRun:
    """Output tokens, thinking included, that models spent on one and the same test run."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    dated: date
    unit: str
    tasks: tuple[str, ...]
    confidence: Confidence
    source: str
    tokens: Annotated[Mapping[str, Annotated[float, Field(gt=0.0)]], Field(min_length=3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeCap:
    """The level that a checkpoint with fewer billions of weights is trusted with at most, for some tasks."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    below_b: float
    level: float
    tasks: tuple[str, ...]
    checked: date
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationCap:
    """The level that the judged class of an older checkpoint is worth at most, for some tasks."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    released_before: date
    level: float
    tasks: tuple[str, ...]
    checked: date
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How scores, kin and the judged class are weighed; every figure is explained in the table."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    checked: date
    confidence: Confidence
    source: str
    class_levels: Mapping[Tier, float]
    tiny_below_b: float
    tiny_level: float
    prior_weight: Annotated[float, Field(gt=0.0)]
    kin_share: Share
    vendor_weight: Share
    saturated_weight: Share
    half_life_years: Annotated[float, Field(gt=0.0)]
    measured_from_weight: float
    unproven_level: float
    frontier_drift_per_year: Annotated[float, Field(ge=0.0)]
    highest_level: float
    lowest_level: float
    newer_sibling_penalty: Annotated[float, Field(ge=0.0)]
    sibling_size_factor: Annotated[float, Field(ge=1.0)]
    sibling_days: int
    noise_levels: Annotated[float, Field(ge=0.0)]
    silent_within_levels: Annotated[float, Field(gt=0.0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The level that each task needs at routine, moderate and frontier difficulty."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    checked: date
    confidence: Confidence
    source: str
    levels: Mapping[str, tuple[float, float, float]]


@cache
def benchmarks() -> Mapping[str, Benchmark]:
    """Load the tests, by id."""
    return by_id(FILE, load_records(FILE, "benchmarks", Benchmark))


@cache
def kin() -> Mapping[str, Kin]:
    """Load who speaks for whom, by the model without scores."""
    return {entry.model: entry for entry in load_records(FILE, "kin", Kin)}


@cache
def lags() -> tuple[Lag, ...]:
    """Load the estimates of how far behind open models are."""
    return load_records(FILE, "lags", Lag)


@cache
def token_runs() -> tuple[TokenRun, ...]:
    """Load what models spent in tokens, newest first."""
    return tuple(sorted(load_records(FILE, "token_runs", TokenRun), key=lambda run: run.dated, reverse=True))


@cache
def size_caps() -> tuple[SizeCap, ...]:
    """Load what small checkpoints are not trusted with."""
    return load_records(FILE, "size_caps", SizeCap)


@cache
def generation_caps() -> tuple[GenerationCap, ...]:
    """Load what older checkpoints are not trusted with on their class alone."""
    return load_records(FILE, "generation_caps", GenerationCap)


@cache
def method() -> Method:
    """Load the weights of the method."""
    return _one("method", Method)


@cache
def needs() -> Needs:
    """Load the levels that tasks need."""
    return _one("needs", Needs)


@cache
def past_models() -> Mapping[str, bool]:
    """Load the models that stand in a table but in no catalogue, with whether their weights are open."""
    entries = load_table(FILE)["others"]
    return {name: kind == "open" for kind in ("closed", "open") for name in entries[kind]}


def _one(key: str, record: type[T]) -> T:
    try:
        return TypeAdapter(record).validate_python(load_table(FILE)[key])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"tools/data/{FILE}: {key}: {place}: {first['msg']}") from error
