"""Reads a short answer as the fact that was asked: bare numbers, units, yes and no. It knows no other fact."""

import re
from collections.abc import Mapping
from functools import cache

from agent.recognise.convert import LENGTH_UNITS, daily, in_seconds, in_tokens, in_weeks, monthly_count, yearly
from agent.recognise.convert import monthly_growth as per_month
from agent.recognise.regions import region_list, regions_in
from agent.recognise.values import FactCandidate, Quantity, lower, map_value, upper
from agent.recognise.words import any_of, table
from tools.facts import FactSpec, FactValue, Range, spec_of

Reading = tuple[FactValue, str] | None
MOST_WORDS = 14  # a longer message says more than the answer, and the contextual rules must read it
_COUNTED = frozenset({"", "requests", "items", "users", "people", "customers"})
_SHARES = frozenset({"cached_share", "flagship_score", "open_score", "uptime_target", "monthly_growth"})
_MONEY = frozenset({"engineer_cost", "annual_revenue", "monthly_budget", "electricity_price"})
_PLAIN = re.compile(r"[^\w%&'-]+")


def read_asked(text: str, key: str, quantities: list[Quantity], found: list[FactCandidate]) -> FactCandidate | None:
    """Read the message as an answer to the question for `key`, or return None."""
    spec = spec_of(key)
    if any(item.key == key for item in found) or _does_not_know(text):
        return None
    if spec.type == "number":
        return _number_answer(text, spec, quantities, found)
    if spec.type == "text":
        return None
    if key in ("residency", "user_regions", "company_region"):
        return _region_answer(text, spec)
    return _word_answer(text, spec)


def _does_not_know(text: str) -> bool:
    return bool(re.search(rf"\b(?:{any_of(table('answers.yaml')['dont_know'])})\b", text.replace("’", "'"), re.I))


def _number_answer(
    text: str, spec: FactSpec, quantities: list[Quantity], found: list[FactCandidate]
) -> FactCandidate | None:
    taken = [item for item in found if item.key != spec.key and item.confidence >= 0.9]
    free = [
        quantity
        for quantity in quantities
        if not quantity.negated and not any(item.start < quantity.end and quantity.start < item.end for item in taken)
    ]
    if len(text.split()) > MOST_WORDS and len(free) > 1:
        return None
    readings = [(quantity, reading) for quantity in free if (reading := _reading(spec.key, quantity)) is not None]
    if not readings or (len(readings) > 1 and len(free) > 2):
        return _zero_answer(text, spec) if not free else None
    quantity, (value, note) = (
        readings[-1] if re.search(r"\b(?:sorry|no|rather|actually|correct\w*|i mean)\b", text, re.I) else readings[0]
    )
    if not _sensible(spec, value):
        return None
    currency = quantity.currency if quantity.currency not in (None, "USD") and spec.key in _MONEY else ""
    hedged = "" if quantity.hedge in ("exact", "about") else f"said as {quantity.hedge.replace('_', ' ')}"
    notes = "; ".join(filter(None, [note, hedged, f"in {currency}; to be converted to US dollars" if currency else ""]))
    return FactCandidate(spec.key, value, quantity.quote, quantity.start, quantity.end, 0.9, notes, currency or "")


def _sensible(spec: FactSpec, value: FactValue) -> bool:
    """Whether the number lies within the dictionary's bounds."""
    if not isinstance(value, float | Range):
        return False
    above = spec.minimum is None or lower(value) >= spec.minimum
    return above and (spec.maximum is None or upper(value) <= spec.maximum)


def _reading(key: str, quantity: Quantity) -> Reading:
    """Read one quantity in the unit of the asked fact."""
    if key in _SHARES:
        return _share(key, quantity)
    if key in _MONEY:
        return _money(key, quantity)
    if key in ("input_tokens", "output_tokens", "context_tokens"):
        fitting = quantity.unit in (*LENGTH_UNITS, "") and quantity.per in (None,) and quantity.kind == "count"
        return in_tokens(quantity) if fitting else None
    if key in ("weeks_to_launch", "first_token_seconds"):
        return _duration(key, quantity)
    if key == "peak_factor":
        plain = quantity.kind == "multiplier" or (quantity.kind == "count" and quantity.unit in ("", "other"))
        return (quantity.value, "") if plain else None
    if quantity.kind == "share" and key == "platform_engineers":
        return quantity.value, ""
    return _count(key, quantity)


def _count(key: str, quantity: Quantity) -> Reading:
    if quantity.kind != "count":
        return None
    if key == "requests_per_day":
        return daily(quantity) if quantity.unit in ("", "requests", "items") else None
    if key == "tokens_per_month":
        return monthly_count(quantity) if quantity.unit in ("", "tokens") and quantity.per != "second" else None
    if key == "tokens_per_second":
        fits = quantity.unit in ("", "tokens") and quantity.per in (None, "second")
        words = quantity.unit == "words" and quantity.per == "second"
        return in_tokens(quantity) if words else (quantity.value, "") if fits else None
    if key == "monthly_users":
        return (quantity.value, "") if quantity.unit in _COUNTED and quantity.per in (None, "month") else None
    if key == "platform_engineers":
        fits = quantity.unit in ("", "engineers", "people", "items") and quantity.per is None
        return (quantity.value, "") if fits else None
    return None


def _share(key: str, quantity: Quantity) -> Reading:
    if quantity.kind == "multiplier":
        return None
    if quantity.kind == "count":
        if quantity.unit not in ("", "other"):
            return None
        percent = upper(quantity.value) > 1 or (key == "monthly_growth" and upper(quantity.value) >= 1)
        quantity_value = _rounded(map_value(quantity.value, 0.01)) if percent else quantity.value
        return (quantity_value, "read as percent" if percent else "") if upper(quantity_value) <= 1 else None
    if quantity.kind != "share":
        return None
    if key == "monthly_growth" and quantity.per not in (None, "month"):
        return per_month(quantity)
    return quantity.value, ""


def _rounded(value: float | Range) -> float | Range:
    return Range(round(value.low, 12), round(value.high, 12)) if isinstance(value, Range) else round(value, 12)


def _money(key: str, quantity: Quantity) -> Reading:
    if quantity.kind not in ("money", "count") or (quantity.kind == "count" and quantity.unit not in ("", "items")):
        return None
    note = "no currency named; read as US dollars" if quantity.currency is None else ""
    if key == "electricity_price":
        return (quantity.value, note) if quantity.per in (None, "kWh") else None
    if quantity.per == "kWh":
        return None
    if key == "monthly_budget":
        value, converted = monthly_count(quantity)
        return value, "; ".join(filter(None, [converted, note]))
    return yearly(quantity), note


def _duration(key: str, quantity: Quantity) -> Reading:
    if key == "weeks_to_launch":
        if quantity.kind == "count" and quantity.unit == "" and quantity.per is None:
            return quantity.value, ""
        return in_weeks(quantity) if quantity.kind == "duration" else None
    if quantity.kind == "count" and quantity.unit == "" and upper(quantity.value) <= 60:
        return quantity.value, ""
    seconds = in_seconds(quantity) if quantity.kind == "duration" else None
    return None if seconds is None else (seconds, "")


def _zero_answer(text: str, spec: FactSpec) -> FactCandidate | None:
    """Read "none", "flat", "nobody" where nothing is a number too."""
    phrases = table("answers.yaml")["zero"].get(spec.key, ())
    core = _core(text)
    if core not in {_PLAIN.sub(" ", phrase).strip() for phrase in phrases}:
        return None
    return _whole(text, spec.key, 0.0)


def _word_answer(text: str, spec: FactSpec) -> FactCandidate | None:
    """Read a yes, a no, or an answer that is one of the fact's own short phrases."""
    full = _PLAIN.sub(" ", text.lower().replace("’", "'")).strip()
    known = _phrases(spec.key)
    for form in dict.fromkeys([full, _core(text)]):
        if form in known:
            value = known[form]
            return _whole(text, spec.key, (str(value),) if spec.type == "set" else value)
    return None


def _region_answer(text: str, spec: FactSpec) -> FactCandidate | None:
    """Read "Germany and the UK", "only in the EU" when a region was asked; a denial or a long text is left open."""
    if len(text.split()) > MOST_WORDS or re.search(r"\b(?:not|no|never|except|outside|without)\b|n['’]t\b", text, re.I):
        return None
    match = re.search(region_list(), text, re.I)
    named = regions_in(match.group()) if match else set()
    if match is None or not named or (spec.type == "choice" and len(named) > 1):
        return None
    value: FactValue = tuple(item for item in spec.values if item in named) if spec.type == "set" else named.pop()
    return FactCandidate(spec.key, value, match.group(), match.start(), match.end(), 0.88)


def _whole(text: str, key: str, value: FactValue) -> FactCandidate:
    """Quote the whole answer without the blanks and the full stop around it."""
    quote = text.strip().rstrip(".!,;")
    start = text.find(quote)
    return FactCandidate(key, value, quote, start, start + len(quote), 0.9)


@cache
def _phrases(key: str) -> Mapping[str, str | bool]:
    """Map every whole answer to the value it gives for this fact."""
    answers = table("answers.yaml")
    known: dict[str, str | bool] = {}
    for value, phrases in answers["facts"].get(key, {}).items():
        for phrase in answers[value] if value in ("yes", "no") else phrases:
            meant = phrases if value in ("yes", "no") else value
            known.setdefault(_PLAIN.sub(" ", phrase.lower()).strip(), meant)
    return known


def _core(text: str) -> str:
    """Strip fillers from the ends of a short answer."""
    words = _PLAIN.sub(" ", text.lower().replace("’", "'")).strip()
    fillers = sorted(table("answers.yaml")["fillers"], key=len, reverse=True)
    shorter = ""
    while shorter != words:
        words = shorter or words
        shorter = words
        for filler in fillers:
            shorter = shorter.removeprefix(f"{filler} ").removesuffix(f" {filler}").strip()
    return words
