"""Judges thresholds of users and revenue, to the unit, with the time at which each is tested. It knows no licence."""

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Literal

from tools.catalogue.licences import Quantity, Threshold
from tools.facts import FactValue, Range, spec_of

RuleEffect = Literal["fine", "check", "duty", "condition", "review", "needs_agreement", "forbidden"]
Found = tuple[RuleEffect, str, str, str]
Facts = Mapping[str, FactValue]

# Which fact measures a quantity, how many of the quantity's periods the fact covers, and how it is called.
_QUANTITIES: Mapping[Quantity, tuple[str, float, str, str]] = {
    "monthly_users": ("monthly_users", 1.0, "", "monthly active users"),
    "annual_revenue": ("annual_revenue", 1.0, "USD ", "revenue per year"),
    "monthly_revenue": ("annual_revenue", 12.0, "USD ", "revenue per month"),
    "product_revenue": ("annual_revenue", 1.0, "USD ", "yearly revenue of the product"),
    "product_monthly_revenue": ("annual_revenue", 12.0, "USD ", "monthly revenue of the product"),
}
# The company's revenue bounds that of one product from above, but does not settle it from below.
_OF_PRODUCT = ("product_revenue", "product_monthly_revenue")
_WHEN = {
    "preceding_month": "tested every month on the month before",
    "any_twelve_months": "over any twelve consecutive months",
    "at_any_time": "from the day it is met",
    "not_stated": "the text names no date, so at any time",
}


def found(effect: RuleEffect, clause: str, text: str, fact: str = "") -> Found:
    """Build one rule that was looked at; `fact` would settle it where it is open."""
    return effect, clause, text, fact


def values(value: FactValue | None) -> tuple[str, ...]:
    """Return the words of a choice or a set, none where the fact is not known."""
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()


def bounds(value: FactValue | None) -> tuple[float, float] | None:
    """Return the lowest and the highest number a fact may be, None where it is not known."""
    if isinstance(value, Range):
        return value.low, value.high
    return (float(value), float(value)) if isinstance(value, int | float) else None


def judge(threshold: Threshold, facts: Facts, released: str | None) -> Found:
    """Judge one threshold; `released` dates a test that falls on the checkpoint's release."""
    if threshold.value is None:
        return _business(threshold)
    fact, periods, currency, quantity = _QUANTITIES[threshold.kind]
    relation = "more than" if threshold.operator == ">" else "at least"
    condition = f"{relation} {currency}{threshold.value:,.0f} {quantity} ({_scope(threshold, released)})"
    known = bounds(facts.get(fact))
    if known is None:
        return _unknown(threshold, condition, fact)
    low, high = (_passes(threshold.operator, end, threshold.value * periods) for end in known)
    return _known(threshold, condition, fact, low, high)


def fact_words(fact: str) -> str:
    """Name a fact as a reader of a licence does: 'monthly users'."""
    label = spec_of(fact).label
    return f"{label[:1].lower()}{label[1:]}"


def _business(threshold: Threshold) -> Found:
    if threshold.only_if:
        return found("condition", threshold.clause, f"{threshold.text}, if {threshold.only_if}")
    return found(threshold.effect, threshold.clause, threshold.text)


def _unknown(threshold: Threshold, condition: str, fact: str) -> Found:
    also = f" and if {threshold.only_if}" if threshold.only_if else ""
    weight: RuleEffect = "check" if threshold.effect == "duty" else "condition"
    text = f"{threshold.text}: applies at {condition}{also}; {fact_words(fact)} not known"
    return found(weight, threshold.clause, text, fact)


def _known(threshold: Threshold, condition: str, fact: str, low: bool, high: bool) -> Found:
    clause, text = threshold.clause, threshold.text
    if not high:
        return found(
            "fine",
            clause,
            f"{condition} would change the terms; the stated figure ({fact_words(fact)}) does not reach that",
        )
    settled = low and threshold.kind not in _OF_PRODUCT
    if threshold.effect == "duty":
        return found("duty", clause, f"{text}: {condition} {'is' if settled else 'may be'} met")
    if not settled:
        return found(
            "review",
            clause,
            f"{text}: {condition} may be met; the stated figure ({fact_words(fact)}) does not settle it",
        )
    if threshold.only_if:
        return found("review", clause, f"{text}: {condition} is met, and it applies if {threshold.only_if}")
    return found(threshold.effect, clause, f"{text}: {condition} is met")


def _passes(operator: str, value: float, bound: float) -> bool:
    return value > bound or (operator == ">=" and value == bound)


def _scope(threshold: Threshold, released: str | None) -> str:
    when = _WHEN.get(threshold.tested) or _release_test(threshold.test_date, released)
    return "; ".join(part for part in (threshold.scope, when) if part)


def _release_test(day: date | None, released: str | None) -> str:
    """Say which month counts: 'in November 2024, the calendar month before the release of 2024-12-06; tested once'."""
    if day is None and released and len(released) == len("2024-12-06"):
        day = date.fromisoformat(released)
    if day is None:
        return "in the calendar month before the release; tested once"
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    counted = f"{calendar.month_name[month]} {year}"
    return (
        f"in {counted}, the calendar month before the release of {day.isoformat()}; tested once, later growth is free"
    )
