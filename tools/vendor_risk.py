"""How risky a vendor is to depend on, from what it promises and what it did. It knows no workload and no gate.

The score is the weighted mean of six ingredients, each from 0 (good) to 1 (bad) along a straight line between the two
ends in `vendor_history.yaml`: notice promised, notice given, models withdrawn, the largest price rise, downtime that
the promised uptime leaves open, recorded outages. What is not on record counts as 0.6, never as good.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import median

from tools.catalogue.proprietary import hosted_offers, proprietary_models
from tools.catalogue.retirements import announced_retirements
from tools.catalogue.vendor_history import (
    Ingredient,
    notice_summaries,
    notices,
    outages,
    price_events,
    risk_scale,
)
from tools.catalogue.vendors import Vendor, vendors
from tools.errors import InvalidInput

# The platform's name in retirements.yaml, where it differs from the vendor's id.
_PLATFORMS = {"google-vertex": "vertex"}


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """The notice that a vendor gave: days per model (median, shortest), and over how many models."""

    median_days: float
    shortest_days: int
    models: int
    source: str


@dataclass(frozen=True, slots=True)
class RiskPart:
    """One ingredient of a score: the measured figure (None is unknown), its 0 to 1, weight and unit."""

    id: str
    figure: float | None
    score: float
    weight: float
    unit: str


@dataclass(frozen=True, slots=True)
class Substitutes:
    """Who else runs the very same model, and whether its weights can be downloaded and kept."""

    sellers: tuple[str, ...]
    open_weights: bool


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much rests on how few: shares by name, the Herfindahl index (0 to 1) and the number of equal vendors it is
    worth (its inverse)."""

    shares: Mapping[str, float]
    hhi: float
    largest: str
    equal_vendors: float


def notice_record(vendor_id: str, on: date) -> NoticeRecord | None:
    """Return the notice a vendor gave for models withdrawn since 24 months before, or announced; None is unknown."""
    start = look_back(on)
    given = [notice for notice in notices() if notice.vendor == vendor_id and notice.told <= on and notice.gone > start]
    if given:
        days = [notice.days for notice in given for _ in range(notice.models)]
        sources = "; ".join(dict.fromkeys(notice.source for notice in given))
        return NoticeRecord(float(median(days)), min(days), len(days), sources)
    for entry in notice_summaries():
        if entry.vendor == vendor_id and start < entry.until <= on:
            return NoticeRecord(float(entry.median_days), entry.shortest_days, entry.models, entry.source)
    return None


def models_withdrawn(vendor_id: str, on: date) -> int | None:
    """Return how many models a platform withdrew in the last 24 months on record; None where none ever is."""
    platform = _PLATFORMS.get(vendor_id, vendor_id)
    days = [day for (name, _), day in announced_retirements().items() if name == platform]
    return sum(look_back(on) < day <= on for day in days) if days else None


def largest_price_rise(vendor_id: str, on: date) -> float | None:
    """Return the largest rise of a list price in the last 24 months or announced; 1 is a doubling, 0 is none dated.

    None is unknown: a vendor whose prices are not in the price list that was searched for dated changes.
    """
    if vendor_id not in _priced():
        return None
    rises = [event.rise for event in price_events() if event.vendor == vendor_id and event.since > look_back(on)]
    return max(0.0, *rises) if rises else 0.0


@cache
def _priced() -> frozenset[str]:
    models = proprietary_models().values()
    sellers = {model.vendor for model in models} | {offer.host for offer in hosted_offers()}
    return frozenset(sellers | {platform.vendor for model in models for platform in model.platforms})


def outage_hours(vendor_id: str, on: date) -> float | None:
    """Return the recorded hours of outage in the last 24 months; None where none was recorded."""
    hours = [entry.hours for entry in outages() if entry.vendor == vendor_id and look_back(on) < entry.day <= on]
    return sum(hours) if hours else None


def risk_parts(vendor: Vendor, on: date) -> tuple[RiskPart, ...]:
    """Return the ingredients of a vendor's score on a date, with their figures."""
    record = notice_record(vendor.id, on)
    withdrawn = models_withdrawn(vendor.id, on)
    figures: dict[str, float | None] = {
        "promised_notice": vendor.notice_days,
        "kept_notice": record.median_days if record else None,
        "turnover": withdrawn,
        "price_rise": largest_price_rise(vendor.id, on),
        "downtime": None if vendor.uptime is None else round(1 - vendor.uptime, 9),
        "outages": outage_hours(vendor.id, on),
    }
    scale = risk_scale()
    return tuple(_part(ingredient, figures[ingredient.id], scale.unknown) for ingredient in scale.ingredients)


def _part(ingredient: Ingredient, figure: float | None, unknown: float) -> RiskPart:
    score = unknown
    if figure is not None:
        along = (figure - ingredient.best) / (ingredient.worst - ingredient.best)
        score = min(max(0.0, along), 1.0)
    return RiskPart(ingredient.id, figure, score, ingredient.weight, ingredient.unit)


def vendor_risk_score(vendor: Vendor, on: date) -> float:
    """Return how risky a vendor is to depend on, 0 to 1; the module says how it is made up."""
    parts = risk_parts(vendor, on)
    return sum(part.score * part.weight for part in parts) / sum(part.weight for part in parts)


def substitutes(model_id: str) -> Substitutes:
    """Return who runs a model, by vendor id; open weights can be downloaded and keep working when all of them stop."""
    hosts = tuple(dict.fromkeys(offer.host for offer in hosted_offers() if offer.open_model_id == model_id))
    bought = proprietary_models().get(model_id)
    if bought is None:
        return Substitutes(hosts, open_weights=True)
    sellers = (bought.vendor, *(platform.vendor for platform in bought.platforms))
    if bought.open_model_id:
        same = substitutes(bought.open_model_id).sellers
        return Substitutes(tuple(dict.fromkeys((*sellers, *same))), open_weights=True)
    return Substitutes(tuple(dict.fromkeys(sellers)), open_weights=False)


def concentration(shares: Mapping[str, float]) -> Concentration:
    """Return how concentrated amounts are: shares are normed to sum to 1, the index is the sum of their squares.

    Raises:
        InvalidInput: no amount, a negative one, or a sum of zero.
    """
    whole = sum(shares.values())
    if not shares or any(not amount >= 0 for amount in shares.values()) or not 0 < whole < float("inf"):
        raise InvalidInput("shares: expected amounts from 0 for at least one name, and a sum above 0")
    normed = {name: amount / whole for name, amount in shares.items()}
    hhi = sum(share * share for share in normed.values())
    largest = max(normed, key=lambda name: (normed[name], name))
    return Concentration(normed, hhi, largest, 1 / hhi)


def is_independent(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Say whether one option can stand in for another: `(lineage, provider)` must differ in both."""
    return first[0] != second[0] and first[1] != second[1]


def vendor_named(name: str) -> Vendor | None:
    """Return the vendor with a display name, as options and verdicts carry it; None for own servers and unknown."""
    return next((vendor for vendor in vendors().values() if vendor.name == name), None)


def look_back(on: date) -> date:
    """Return the day on which the look-back of 24 months starts; the 29th of February becomes the 28th."""
    months = on.year * 12 + on.month - 1 - risk_scale().window_months
    day = min(on.day, 28) if on.month == 2 else on.day
    return date(months // 12, months % 12 + 1, day)
