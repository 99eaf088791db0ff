"""What an accelerator-hour costs: list prices, the market's range, what commitment takes off. It knows no hardware."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import sqrt
from statistics import median
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records

FILE = "accelerators.yaml"
Cloud = Literal["aws", "gcp", "azure", "other"]
Mode = Literal["on_demand", "reserved_1y", "reserved_3y"]
PriceKind = Literal["on_demand", "spot", "serverless", "reserved_1y", "reserved_3y"]
_MODE_WORDS: Mapping[Mode, str] = {
    "on_demand": "on demand",
    "reserved_1y": "reserved for a year",
    "reserved_3y": "reserved for three years",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """One listed price of an accelerator-hour, US dollars, on a date (a year, a month or a day)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    usd: float
    provider: str
    cloud: Cloud
    kind: PriceKind
    source: str
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudPrice:
    """US dollars per accelerator and hour over the market, on demand, with the list prices behind it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    on_demand_low: float
    on_demand_high: float
    points: tuple[PricePoint, ...] = ()
    confidence: Confidence

    def listed(self, kind: PriceKind, cloud: Cloud | None = None) -> tuple[PricePoint, ...]:
        """Return the list prices of a kind, of one cloud or of all."""
        return tuple(p for p in self.points if p.kind == kind and cloud in (None, p.cloud))

    def range_usd(self, mode: Mode, cloud: Cloud | None = None) -> tuple[float, float] | None:
        """Return (low, high) US dollars per hour; None where that cloud lists no price.

        A listed reserved price is used before the factor on the on-demand price.
        """
        listed = self.listed(mode, cloud)
        if mode == "on_demand" and cloud is None:
            return (self.on_demand_low, self.on_demand_high)
        if listed:
            return (min(p.usd for p in listed), max(p.usd for p in listed))
        on_demand = None if mode == "on_demand" else self.range_usd("on_demand", cloud)
        if on_demand is None or mode == "on_demand":
            return None
        low, high = _factor(mode, cloud)
        return (on_demand[0] * low, on_demand[1] * high)

    def middle_usd(self, mode: Mode, cloud: Cloud | None = None) -> float | None:
        """Return the geometric middle of the range, US dollars per hour; None where it is unknown."""
        ends = self.range_usd(mode, cloud)
        return sqrt(ends[0] * ends[1]) if ends else None

    def median_usd(self, mode: Mode, cloud: Cloud | None = None) -> float | None:
        """Return the median list price, US dollars per hour, which one dear cloud moves little.

        A reserved price is the on-demand median times the geometric middle of the factor; without list prices the
        middle of the range is returned, and None where that is unknown.
        """
        listed = self.listed(mode, cloud)
        if listed:
            return median(point.usd for point in listed)
        if mode == "on_demand" or not self.listed("on_demand", cloud):
            return self.middle_usd(mode, cloud)
        low, high = _factor(mode, cloud)
        return median(point.usd for point in self.listed("on_demand", cloud)) * sqrt(low * high)

    def source_of(self, mode: Mode, cloud: Cloud | None = None) -> str:
        """Say in words where the price of a billing mode comes from."""
        ends = self.range_usd(mode, cloud)
        if ends is None:
            return f"no price {_MODE_WORDS[mode]} on record"
        listed = self.listed(mode, cloud)
        basis = listed or self.listed("on_demand", cloud)
        cheapest, dearest = (f"{end:.4g}" for end in ends)
        price = cheapest if cheapest == dearest else f"middle of {cheapest} to {dearest}"
        text = f"{price} USD per hour {_MODE_WORDS[mode]}, {_count(basis)} [{self.confidence}]"
        if listed or mode == "on_demand":
            return text
        low, high = _factor(mode, cloud)
        return f"{text}; commitment at {low:g} to {high:g} of on demand, {_factor_source(cloud)}"

    @property
    def scale_to_zero_usd(self) -> float | None:
        """The geometric middle of the serverless list prices, US dollars per busy hour; None where none is listed."""
        usd = [point.usd for point in self.listed("serverless")]
        return sqrt(min(usd) * max(usd)) if usd else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedFactor:
    """What a commitment costs as a share of the on-demand price at one cloud, low and high."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: Cloud
    one_year: tuple[float, float]
    three_years: tuple[float, float]
    source: str
    checked: date
    confidence: Confidence


@cache
def reserved_factors() -> Mapping[str, ReservedFactor]:
    """Load the commitment factors, by cloud."""
    return by_id(FILE, load_records(FILE, "reserved", ReservedFactor))


def _of(cloud: Cloud | None) -> list[ReservedFactor]:
    return [entry for entry in reserved_factors().values() if cloud in (None, entry.id)]


def _factor(mode: Mode, cloud: Cloud | None) -> tuple[float, float]:
    """Return the share of the on-demand price at one cloud, or the span over all."""
    shares = [entry.one_year if mode == "reserved_1y" else entry.three_years for entry in _of(cloud)]
    return (min(low for low, _ in shares), max(high for _, high in shares))


def _factor_source(cloud: Cloud | None) -> str:
    return " and ".join(dict.fromkeys(f"{entry.source} [{entry.confidence}]" for entry in _of(cloud)))


def _count(points: tuple[PricePoint, ...]) -> str:
    if not points:
        return "no list price, market range"
    dates = sorted({point.as_of for point in points})
    span = " to ".join(dict.fromkeys((dates[0], dates[-1])))
    return f"{len(points)} list price{'' if len(points) == 1 else 's'} of {span}"
