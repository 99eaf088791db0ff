"""Writes single figures, dates and facts for a report. It knows no layout and no format."""

import re
from datetime import date

from agent.prompts import speech_table
from agent.wording import fact_words, number_words, short_number_words, usd_words, value_words
from tools.assessment import MoneyRange
from tools.facts import FactValue, spec_of
from ui.render.document import Money

_STATES = {
    "stated": "said in the conversation",
    "confirmed": "said and confirmed",
    "imported": "from a file",
    "assumed": "assumed",
}
_RAW_NUMBER = re.compile(r"\d+(?:\.\d+)?e[+-]?\d+|\b\d{4,}\b")
_FLAG_SHARE = re.compile(r"\b(?:true|false)(?= \d)")
_FLAGS = {"true": "yes", "false": "no"}
_LONGEST_NAME = 40
_UNKNOWN = Money("not known", "not known", is_known=False)


def day_words(day: date) -> str:
    """Write a date: '22 November 2026'."""
    return f"{day.day} {day:%B %Y}"


def money_words(money: MoneyRange | None) -> Money:
    """Write a monthly sum."""
    if money is None:
        return _UNKNOWN
    if round(money.low) == round(money.high):
        return Money(usd_words(money.expected), "the same in every case")
    span = f"{usd_words(money.low)} – {usd_words(money.high)}"
    return Money(usd_words(money.expected), span)


def price_words(usd: float | None) -> str:
    """Write a unit price with as many digits as tell two prices apart."""
    if usd is None:
        return "not known"
    if abs(usd) >= 100:
        return f"${usd:,.0f}"
    short = f"{usd:.3g}"
    return f"${usd:,.2f}" if abs(usd) >= 1 or len(short) < len("0.00") else f"${short}"


def amount_words(usd: float | None) -> str:
    """Write an amount; an unknown one is said to be unknown."""
    return "not known" if usd is None else usd_words(usd)


def quantity_words(quantity: float) -> str:
    """Write a quantity with about three digits."""
    if abs(quantity) >= 1e6:
        return short_number_words(quantity)
    if abs(quantity) >= 100:
        return f"{quantity:,.0f}"
    return number_words(float(f"{quantity:.3g}"))


def unit_words(unit: str, quantity: str) -> str:
    """Write a unit after its quantity: '1 engineer week a month', '2 engineer weeks a month'."""
    if quantity != "1" or unit.startswith("million"):
        return unit
    return re.sub(r"(?<=[a-z]{3})(?<!s)s\b", "", unit, count=1)


def tokens_words(tokens: float) -> str:
    """Write a monthly volume: '441 million tokens a month'."""
    return f"{short_number_words(tokens)} tokens a month"


def fact_value_words(key: str, value: FactValue) -> str:
    """Say the value of a fact beside its label: '40,000 requests a day', 'forbidden'."""
    return fact_words(key, value) if key in speech_table()["values"] else value_words(spec_of(key), value)


def assumed_words(text: str) -> str:
    """Set the numbers of an assumption as the others are set: 90,000 and not 90000, 1 million and not 1e+06."""
    if text in _FLAGS:
        return _FLAGS[text]
    text = _FLAG_SHARE.sub(lambda match: _FLAGS[match.group()], text)
    text = _RAW_NUMBER.sub(lambda match: number_words(float(match.group())), text)
    return text.removesuffix(" 100%")


def state_words(state: str) -> str:
    """Say where a fact is from."""
    return _STATES[state]


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = text.strip()
    if not text:
        return ""
    return f"{text[0].upper()}{text[1:]}{'' if text[-1] in '.!?' else '.'}"


def first_up(text: str) -> str:
    """Begin with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def short_name(name: str) -> str:
    """Cut a name that would fill a narrow cell."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
