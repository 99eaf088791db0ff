"""Finds every quantity of a message with its unit, period and exact characters. It knows no facts."""

import re

from agent.recognise.accelerators import accelerators
from agent.recognise.hedges import hedge_after, hedge_before, is_negated
from agent.recognise.numbers import Number, find_numbers
from agent.recognise.singles import hide_or_two, singles
from agent.recognise.spans import HIDDEN, hide_lookalikes, sentence_at, sentences
from agent.recognise.units import (
    Unit,
    currency_after,
    currency_before,
    period_of,
    period_pattern,
    read_cents,
    read_kwh,
    read_mwh,
    read_unit,
)
from agent.recognise.values import Hedge, Kind, Quantity, map_value
from tools.facts import Range

_SPREAD = re.compile(
    r"\s?(?:(?:every|per|/)\s|(?P<over>(?:over|across|for|(?P<past>in|during|over|within)\sthe\s(?:past|last|previous))\s(?:the\s)?))"
    r"(?P<n>[0-9]{1,3}|[a-z]+)\s(?P<unit>second|minute|hour|day|week|month|year)s?\b",
    re.I,
)


def recognise(text: str) -> list[Quantity]:
    """Find every quantity, left to right and without overlap."""
    cards = accelerators(text)
    hidden = hide_lookalikes(text)
    for found in cards:
        hidden = hidden[: found.start] + HIDDEN * (found.end - found.start) + hidden[found.end :]
    single = singles(hidden)
    for found in single:
        hidden = hidden[: found.start] + HIDDEN * (found.end - found.start) + hidden[found.end :]
    hidden = hide_or_two(hidden)
    numbers = find_numbers(hidden)
    starts = sorted([*(number.start for number in numbers), *(found.start for found in [*cards, *single])])
    parts = sentences(hidden)
    quantities = [*cards, *single]
    previous = 0
    for number in numbers:
        following = next((start for start in starts if start >= number.end), len(text))
        limit = min(following, max(number.end, sentence_at(parts, number.start).end)) if parts else following
        quantity = _quantity(text, hidden, number, limit, previous)
        if quantity is not None:
            quantities.append(quantity)
            previous = quantity.end
    return _without_overlap(sorted(quantities, key=lambda quantity: quantity.start))


def _without_overlap(quantities: list[Quantity]) -> list[Quantity]:
    kept: list[Quantity] = []
    for quantity in quantities:
        if not kept or quantity.start >= kept[-1].end:
            kept.append(quantity)
    return kept


def _quantity(text: str, hidden: str, number: Number, limit: int, previous: int) -> Quantity | None:
    """Dress a number with its currency, unit, period and hedge; `limit` is where the next number or sentence starts."""
    scope = hidden[:limit]
    value, end = number.value, number.end
    before = currency_before(hidden, number.start)
    start = before[1] if before else number.start
    after = None if before else currency_after(scope, end)
    end = after[1] if after else end
    cents = read_cents(scope, end) if not before and not after else None
    kind: Kind = "count"
    hedged: Hedge = "exact"
    name, head, per, adjacent = "", "", None, False
    if before or after or cents:
        currency = before[0] if before else after[0] if after else "USD"
        kind, name, end = "money", currency, cents or end
        value = map_value(value, 0.01) if cents else value
    elif number.form == "share":
        currency = None
    else:
        currency = None
        unit, hedged = _unit(scope, number)
        if unit:
            kind, name, head, end, per = unit.kind, unit.name, unit.head, unit.end, unit.per
            adjacent = per is not None
    if number.form == "times":
        kind, name = "multiplier", "times"
    if number.form == "share":
        kind, name = "share", "share"
    if number.thousands_point and name in ("requests", "users", "items", "people", "customers", "tokens", "words"):
        value = map_value(value, 1000)
    hedge, start = hedge_before(hidden, start)
    hedge = hedged if hedge == "exact" else hedge
    if number.vague and hedge == "exact":
        hedge = "about"
    hedge, end = _hedge_behind(scope, end, hedge)
    kwh = read_kwh(scope, end)
    if kwh:
        per, end, adjacent = "kWh", kwh, True
    elif mwh := read_mwh(scope, end):
        value, per, end, adjacent = map_value(value, 0.001), "kWh", mwh, True
    elif spread := _spread(hidden, end, kind, name):
        value, (per, end, adjacent) = map_value(value, 1 / spread[0]), (spread[1], spread[2], True)
    elif per is None:
        per, end, adjacent = _period(scope, start, end, previous)
    if number.bare_one and kind == "count" and not name and not adjacent:
        return None
    if kind != "count" and number.bare_one and kind == "duration":
        head = head or name
    if isinstance(value, Range) and hedge in ("at_most", "at_least"):
        hedge = "about"
    return Quantity(
        kind,
        value,
        name,
        per,
        currency,
        hedge,
        start,
        end,
        text[start:end],
        is_negated(hidden, start),
        head,
        adjacent,
    )


def _unit(scope: str, number: Number) -> tuple[Unit | None, Hedge]:
    """Read the unit behind a number, behind a hedge if need be ("200+ tokens", "40k or so tickets")."""
    hedge = hedge_after(scope, number.end)
    behind = read_unit(scope, hedge[1]) if hedge else None
    return (behind, hedge[0]) if hedge and behind else (read_unit(scope, number.end), "exact")


def _hedge_behind(scope: str, end: int, hedge: Hedge) -> tuple[Hedge, int]:
    behind = hedge_after(scope, end)
    if behind is None:
        return hedge, end
    return (behind[0] if hedge in ("exact", "about") else hedge), behind[1]


def _period(scope: str, start: int, end: int, previous: int) -> tuple[str | None, int, bool]:
    """Find the period of a rate: right behind, later in the clause, or before the number in its sentence."""
    pattern = period_pattern()
    near = pattern.match(scope, end) or pattern.match(scope, end + 1) or pattern.match(scope, end + 2)
    if near and not scope[end : near.start()].strip(" ,(-\u00a0"):
        return period_of(near), near.end(), True
    later = pattern.search(scope, end, min(len(scope), end + 60))
    gap = scope[end : later.start()] if later else ""
    if later and not re.search(
        r"[,:()]|\b(?:in|within|for) (?:a|one)$|\b(?:and(?!\s[a-z-]+s\s?$)|but|report|subscription|plan)\b", gap, re.I
    ):
        return period_of(later), end, False
    opening = max(previous, *(scope.rfind(mark, 0, start) + 1 for mark in ".!?;\n"))
    ahead = list(pattern.finditer(scope, max(opening, start - 70), start))
    digits = any(character.isdigit() for character in scope[ahead[-1].end() : start]) if ahead else True
    if ahead and not digits:
        return period_of(ahead[-1]), end, False
    return None, end, False


def _spread(hidden: str, end: int, kind: Kind, unit: str) -> tuple[float, str, int] | None:
    """Read "every 15 minutes", "over two years", "in the past 12 months": how many periods, which, where it ends."""
    match = _SPREAD.match(hidden, end)
    if match is None or kind not in ("count", "money", "duration"):
        return None
    if match["over"] and not (kind == "money" or match["past"] or unit in ("", "tokens")):
        return None
    numbers = find_numbers(match["n"])
    if not numbers or isinstance(numbers[0].value, Range) or numbers[0].value <= 0 or numbers[0].form != "number":
        return None
    return numbers[0].value, match["unit"].lower(), match.end()
