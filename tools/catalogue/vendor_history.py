"""What vendors did, dated: notices of retirement, price changes, outages. It knows no promise and judges nothing."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

from pydantic import ConfigDict

from tools.catalogue.records import STRICT_KEYS, Confidence, load_records
from tools.data_files import load_table
from tools.errors import InvalidInput

FILE = "vendor_history.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Customers were `told` on a day that some models would be `gone` on another."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    vendor: str
    told: date
    gone: date
    models: int
    which: str
    source: str
    confidence: Confidence

    @property
    def days(self) -> int:
        """Days between the notice and the end."""
        return (self.gone - self.told).days


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSummary:
    """Notices of which only a summary is known."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    vendor: str
    models: int
    median_days: int
    shortest_days: int
    longest_days: int
    until: date
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEvent:
    """A list price that changed: US dollars per million tokens, input and output."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    vendor: str
    model: str
    since: date
    from_usd: tuple[float, float]
    to_usd: tuple[float, float]
    source: str
    confidence: Confidence

    @property
    def rise(self) -> float:
        """The larger change of the two prices: 1 is a doubling, -0.5 a halving."""
        return max(after / before - 1 for before, after in zip(self.from_usd, self.to_usd, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """An outage of an API."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    vendor: str
    day: date
    hours: float
    what: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """One ingredient of the vendor-risk score: where it is 0 (`best`) and where it is 1 (`worst`), in its unit."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    weight: float
    best: float
    worst: float
    unit: str


@dataclass(frozen=True, slots=True)
class Scale:
    """How the vendor-risk score is made up."""

    ingredients: tuple[Ingredient, ...]
    unknown: float
    window_months: int
    basis: str


@cache
def notices() -> tuple[Notice, ...]:
    """Load the notices of which both days are known."""
    found = load_records(FILE, "notices", Notice)
    for notice in found:
        if notice.days < 0 or notice.models < 1:
            raise InvalidInput(f"tools/data/{FILE}: notices: {notice.vendor} {notice.told}: expected told before gone")
    return found


@cache
def notice_summaries() -> tuple[NoticeSummary, ...]:
    """Load the summaries of notices."""
    return load_records(FILE, "notice_summaries", NoticeSummary)


@cache
def price_events() -> tuple[PriceEvent, ...]:
    """Load the dated price changes."""
    return load_records(FILE, "price_events", PriceEvent)


@cache
def outages() -> tuple[Outage, ...]:
    """Load the recorded outages; the list is far from complete."""
    return load_records(FILE, "outages", Outage)


@cache
def risk_scale() -> Scale:
    """Load how the vendor-risk score is made up."""
    table = load_table(FILE)
    ingredients = load_records(FILE, "risk_score", Ingredient)
    return Scale(ingredients, float(table["risk_unknown"]), int(table["window_months"]), str(table["risk_basis"]))
