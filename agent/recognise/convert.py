"""Converts quantities to the unit of a fact and says how. It knows no wording."""

from agent.recognise.values import Quantity, map_value
from agent.recognise.words import factor
from tools.facts import Range

SECONDS_PER_DAY = 86_400.0
LENGTH_UNITS = ("tokens", "pages", "words", "characters")


def per_day(period: str) -> tuple[float, str]:
    """Return how many of these periods a day holds, and a note for what is not exact."""
    match period:
        case "second":
            return SECONDS_PER_DAY, "per second, times 86,400 seconds"
        case "minute":
            return 1440.0, "per minute, times 1,440 minutes"
        case "hour":
            return 24.0, "per hour, times 24 hours"
        case "working day":
            return factor("working_days_per_day"), "per working day, averaged over seven days (times 5/7)"
        case "week":
            return 1 / 7, "per week, divided by 7 days"
        case "month":
            return 1 / factor("days_per_month"), f"per month, divided by {factor('days_per_month'):g} days"
        case "quarter":
            return 1 / factor("days_per_quarter"), f"per quarter, divided by {factor('days_per_quarter'):g} days"
        case "year":
            return 1 / factor("days_per_year"), f"per year, divided by {factor('days_per_year'):g} days"
    return 1.0, ""


def daily(quantity: Quantity, default: str = "day") -> tuple[float | Range, str]:
    """Convert a rate to a day; a rate without period is read per `default`."""
    times, note = per_day(quantity.per or default)
    return _tidy(map_value(quantity.value, times)), note


def monthly_count(quantity: Quantity, default: str = "month") -> tuple[float | Range, str]:
    """Convert a count per period to a month."""
    period = quantity.per or default
    if period == "month":
        return quantity.value, ""
    if period == "year":
        return map_value(quantity.value, 1 / 12), "per year, divided by 12 months"
    if period == "quarter":
        return map_value(quantity.value, 1 / 3), "per quarter, divided by 3 months"
    times, note = per_day(period)
    days = factor("days_per_month")
    return map_value(quantity.value, times * days), f"{note + '; ' if note else ''}times {days:g} days a month"


def in_tokens(quantity: Quantity) -> tuple[float | Range, str]:
    """Convert a length in tokens, words, characters or pages to tokens."""
    if quantity.unit not in ("pages", "words", "characters"):
        return quantity.value, ""
    times = factor(f"tokens_per_{quantity.unit.removesuffix('s')}")
    single = quantity.unit.removesuffix("s")
    return _tidy(map_value(quantity.value, times)), f"{quantity.unit} read as {times:.3g} tokens per {single}"


def in_seconds(quantity: Quantity) -> float | Range | None:
    """Convert a short duration to seconds."""
    seconds = {"milliseconds": 0.001, "seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
    return _tidy(map_value(quantity.value, seconds[quantity.unit])) if quantity.unit in seconds else None


def in_weeks(quantity: Quantity) -> tuple[float | Range, str] | None:
    """Convert a duration of days or more to weeks."""
    month = factor("weeks_per_month")
    weeks = {
        "days": 1 / 7,
        "working days": 1 / 5,
        "weeks": 1.0,
        "months": month,
        "quarters": 13.0,
        "years": 52.0,
        "fortnights": 2.0,
    }
    if quantity.unit not in weeks:
        return None
    note = "" if quantity.unit == "weeks" else f"{quantity.unit} read as {weeks[quantity.unit]:.3g} weeks each"
    return _tidy(map_value(quantity.value, weeks[quantity.unit])), note


def yearly(quantity: Quantity) -> float | Range:
    """Convert an amount per period to a year; without a period it is per year."""
    times = {"month": 12.0, "quarter": 4.0, "week": 52.0, "day": 365.25, "working day": 261.0}.get(
        quantity.per or "", 1.0
    )
    return map_value(quantity.value, times)


def monthly_growth(quantity: Quantity) -> tuple[float | Range, str] | None:
    """Turn growth per period into compound growth per month."""
    months = {"month": 1.0, "quarter": 3.0, "year": 12.0, "week": 12 / 52}.get(quantity.per or "")
    if months is None:
        return None
    if months == 1.0:
        return quantity.value, ""

    def compound(share: float) -> float:
        return float((1 + max(share, -0.999)) ** (1 / months)) - 1

    value = quantity.value
    grown = Range(compound(value.low), compound(value.high)) if isinstance(value, Range) else compound(value)
    return grown, f"per {quantity.per}, turned into compound growth per month"


def _tidy(value: float | Range) -> float | Range:
    """Drop the dust of binary fractions."""
    if isinstance(value, Range):
        return Range(float(f"{value.low:.12g}"), float(f"{value.high:.12g}"))
    return float(f"{value:.12g}")
