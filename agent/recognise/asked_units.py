"""Reads one quantity in the unit of the fact that was asked. It knows no other number of the message."""

import re

from agent.recognise.clauses import Clauses
from agent.recognise.convert import (
    LENGTH_UNITS,
    SECONDS_PER_DAY,
    daily,
    in_seconds,
    in_tokens,
    in_weeks,
    monthly_count,
    yearly,
)
from agent.recognise.convert import monthly_growth as per_month
from agent.recognise.downtime import up_share
from agent.recognise.hours import open_hours
from agent.recognise.values import Quantity, lower, map_value, upper
from tools.facts import FactValue, Range

Reading = tuple[FactValue, str]
_COUNTED = frozenset({"", "requests", "items", "users", "people", "customers", "engineers"})
_SHARES = frozenset({"cached_share", "flagship_score", "open_score", "uptime_target", "monthly_growth"})
_MONEY = frozenset({"engineer_cost", "annual_revenue", "monthly_budget", "electricity_price"})
_SHRINKS = re.compile(
    r"\b(?:los(?:e|es|ing)|shrink\w*|declin\w+|decreas\w+|drop\w*|fall(?:s|ing)?|minus|down|goes down|negative)\b", re.I
)
_FAILS = re.compile(r"\b(?:fails?|failed|flunk\w*|misse[sd]|misses|botche[sd])\s?(?:about |some |on )?$", re.I)
_ABOVE = re.compile(r"\s(?:above|over|more than|higher|busier|on top|up on)\b", re.I)
_OF_AVERAGE = re.compile(r"\s(?:of|the)\b", re.I)


def reading(key: str, item: Quantity, clauses: Clauses) -> Reading | None:
    """Read one quantity in the unit of the asked fact, or return None where it cannot be one."""
    if key in _SHARES:
        return _share(key, item, clauses)
    if key in _MONEY:
        return _money(key, item)
    if key in ("input_tokens", "output_tokens", "context_tokens"):
        fits = item.unit in (*LENGTH_UNITS, "") and (item.per is None or not item.per_adjacent) and item.kind == "count"
        return in_tokens(item) if fits else None
    if key in ("weeks_to_launch", "first_token_seconds"):
        return _duration(key, item)
    if key == "peak_factor":
        return _peak(item, clauses)
    if item.kind == "share" and key == "platform_engineers" and not item.quote.endswith("%"):
        return item.value, ""
    return _count(key, item, clauses)


def _peak(item: Quantity, clauses: Clauses) -> Reading | None:
    right = clauses.right(item.end)
    if item.kind == "multiplier" or (item.kind == "count" and item.unit in ("", "other") and item.per is None):
        return item.value, ""
    if item.kind != "share" or isinstance(item.value, Range):
        return None
    if _ABOVE.match(right):
        return 1 + item.value, "above the average"
    return (item.value, "percent of the average") if item.value >= 1 else None


def _rhythm(item: Quantity, clauses: Clauses) -> Reading | None:
    """Read "twice a minute" and "every 10 seconds" as requests a day."""
    if item.kind == "multiplier" and item.per is not None and item.per_adjacent:
        return daily(item)
    length = in_seconds(item) if item.kind == "duration" and item.per is None else None
    if length is None or isinstance(length, Range) or not re.search(r"\bevery\s$", clauses.left(item.start), re.I):
        return None
    return SECONDS_PER_DAY / length, f"every {length:g} seconds, of 86,400 a day"


def _count(key: str, item: Quantity, clauses: Clauses) -> Reading | None:
    if key == "requests_per_day" and item.kind in ("multiplier", "duration"):
        return _rhythm(item, clauses)
    if item.kind != "count":
        return None
    if key == "requests_per_day":
        if item.unit not in ("", "requests", "items"):
            return None
        hours = open_hours(clauses.text) if item.per in ("second", "minute", "hour") else None
        value, note = daily(item)
        return (value, note) if hours is None else (map_value(value, hours / 24), f"over {hours:g} hours a day")
    if key == "tokens_per_month":
        return _tokens(item)
    if key == "tokens_per_second":
        fits = item.unit in ("", "tokens") and item.per in (None, "second")
        words = item.unit == "words" and item.per == "second"
        return in_tokens(item) if words else (item.value, "") if fits else None
    if key == "monthly_users":
        return (item.value, "") if item.unit in _COUNTED and item.per in (None, "month") else None
    if key == "platform_engineers":
        fits = item.unit in ("", "engineers", "people", "items") and item.per is None
        return (item.value, "") if fits and upper(item.value) <= 500 else None
    return None


def _tokens(item: Quantity) -> Reading | None:
    if item.per == "second" or item.unit not in (*LENGTH_UNITS, ""):
        return None
    if item.unit in ("", "tokens"):
        return monthly_count(item)
    value, note = monthly_count(item)
    length = in_tokens(item)[0]
    return map_value(
        value, upper(length) / upper(item.value)
    ), f"{item.unit} turned into tokens{'; ' if note else ''}{note}"


def _share(key: str, item: Quantity, clauses: Clauses) -> Reading | None:
    if key == "uptime_target" and (up := up_share(item, clauses)) is not None:
        return up, "from the downtime allowed"
    if item.kind == "multiplier" and key == "monthly_growth" and item.per is not None and upper(item.value) > 1:
        return per_month(_as_share(item, upper(item.value) - 1))
    if item.kind == "count":
        if item.unit not in ("", "other"):
            return None
        percent = upper(item.value) > 1 or (key == "monthly_growth" and upper(item.value) >= 1)
        value = _rounded(map_value(item.value, 0.01)) if percent else item.value
        return (value, "read as percent" if percent else "") if upper(value) <= 1 else None
    if item.kind != "share":
        return None
    if key == "monthly_growth":
        return _growth(item, clauses)
    if (
        key.endswith("_score")
        and _FAILS.search(clauses.left(item.start))
        and re.search(r"%|percent|per cent|\bin\b", item.quote)
    ):
        return map_value(_rounded(map_value(item.value, -1.0)), 1.0) if isinstance(
            item.value, Range
        ) else 1 - item.value, "of failures"
    if key == "uptime_target" and upper(item.value) < 0.5:
        return None
    return item.value, ""


def _growth(item: Quantity, clauses: Clauses) -> Reading | None:
    """Read a share of growth with its period; words of decline make it negative."""
    grown = per_month(item) if item.per not in (None, "month") else (item.value, "")
    if grown is None:
        return None
    shrinks = bool(_SHRINKS.search(clauses.left(item.start))) and lower(item.value) > 0
    return (map_value(upper(grown[0]), -1.0), grown[1]) if shrinks else grown


def _as_share(item: Quantity, share: float) -> Quantity:
    return Quantity(
        "share", share, "share", item.per, None, item.hedge, item.start, item.end, item.quote, item.negated, ""
    )


def _rounded(value: float | Range) -> float | Range:
    return Range(round(value.low, 12), round(value.high, 12)) if isinstance(value, Range) else round(value, 12)


def _money(key: str, item: Quantity) -> Reading | None:
    if item.kind not in ("money", "count") or (item.kind == "count" and item.unit not in ("", "items")):
        return None
    note = "no currency named; read as US dollars" if item.currency is None else ""
    bare = item.kind == "count" and item.unit == "" and item.per is None
    if key == "electricity_price":
        return _electricity(item, note)
    if item.per == "kWh" or (item.kind == "count" and item.unit == "items"):
        return None
    if (
        key in ("engineer_cost", "annual_revenue")
        and bare
        and key == "engineer_cost"
        and 30 <= upper(item.value) < 1000
    ):
        return map_value(item.value, 1000.0), f"read as thousands; {note}"
    if key == "monthly_budget":
        value, converted = monthly_count(item)
        return value, "; ".join(filter(None, [converted, note]))
    return yearly(item), note


def _electricity(item: Quantity, note: str) -> Reading | None:
    """Read a price per kWh; a plain number above one is in cents."""
    if item.per not in (None, "kWh") or item.unit == "items":
        return None
    if item.kind == "count" and 1 < lower(item.value) <= upper(item.value) <= 100:
        return _rounded(map_value(item.value, 0.01)), f"read as cents; {note}"
    return item.value, note


def _duration(key: str, item: Quantity) -> Reading | None:
    if key == "weeks_to_launch":
        if item.kind == "share" and re.search(r"\bquarters\s?$", item.quote, re.I):
            return map_value(item.value, 52.0), "quarters of 13 weeks"
        if item.kind == "count" and item.unit == "" and item.per is None:
            return item.value, ""
        return in_weeks(item) if item.kind == "duration" else None
    if item.kind == "count" and item.unit == "" and upper(item.value) <= 60:
        return item.value, ""
    seconds = in_seconds(item) if item.kind == "duration" and item.per is None else None
    return None if seconds is None or upper(seconds) > 600 else (seconds, "")
