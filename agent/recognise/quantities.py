"""Finds every quantity of a message with its unit, period and exact characters. It knows no facts."""

import re
from functools import lru_cache

from agent.recognise.hedges import hedge_after, hedge_before, is_negated
from agent.recognise.number_words import ONES
from agent.recognise.numbers import Number, find_numbers
from agent.recognise.spans import HIDDEN, hide_lookalikes, sentence_at, sentences
from agent.recognise.units import (
    Unit,
    currency_after,
    currency_before,
    period_of,
    period_pattern,
    read_cents,
    read_kwh,
    read_unit,
)
from agent.recognise.values import Hedge, Kind, Quantity, map_value
from agent.recognise.words import any_of, table
from tools.facts import Range

_SINGLE_DURATION = re.compile(
    r"\b(?P<lead>in|within|under|after|about|than|have|needs?|takes?|for|is|over|to)\s(?P<one>(?:an?|"
    r"one)(?:\s(?P<half>half))?|half an?)\s"
    r"(?P<unit>second|minute|day|week|month|quarter|year|hour)\b(?:\sand\s(?P<more>a\shalf)\b)?",
    re.I,
)
_GPU_COUNT = (
    r"(?P<count>[0-9]{1,5}|an?|one|two|three|four|five|six|seven|eight|ten|twelve|sixteen|a (?:couple|pair) of|a dozen)"
)


def recognise(text: str) -> list[Quantity]:
    """Find every quantity, left to right and without overlap."""
    accelerators = _accelerators(text)
    hidden = hide_lookalikes(text)
    for found in accelerators:
        hidden = hidden[: found.start] + HIDDEN * (found.end - found.start) + hidden[found.end :]
    single = _single_durations(hidden)
    for found in single:
        hidden = hidden[: found.start] + HIDDEN * (found.end - found.start) + hidden[found.end :]
    numbers = find_numbers(hidden)
    starts = sorted([*(number.start for number in numbers), *(found.start for found in [*accelerators, *single])])
    parts = sentences(hidden)
    quantities = [*accelerators, *single]
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
    if number.bare_one and kind == "count" and not name:
        return None
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
    elif per is None:
        per, end, adjacent = _period(scope, start, end, previous)
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
        r"[,:()]|\b(?:in|within|for) (?:a|one)$|\b(?:and|but|report|subscription|plan)\b", gap, re.I
    ):
        return period_of(later), end, False
    opening = max(previous, *(scope.rfind(mark, 0, start) + 1 for mark in ".!?;\n"))
    ahead = list(pattern.finditer(scope, max(opening, start - 70), start))
    digits = any(character.isdigit() for character in scope[ahead[-1].end() : start]) if ahead else True
    if ahead and not digits:
        return period_of(ahead[-1]), end, False
    return None, end, False


@lru_cache(maxsize=1)
def _gpu_pattern() -> re.Pattern[str]:
    names = any_of(table("vocabulary.yaml")["accelerators"])
    return re.compile(
        rf"(?<![\w.]){_GPU_COUNT}\s?(?:[x×*]\s?)?(?:(?:used|new|old|spare|idle|on[- ]prem|"
        r"existing|nvidia|amd|intel|tesla|geforce|radeon|instinct|of those|of the)\s)*"
        rf"(?:(?<![0-9])|(?=[A-Za-z]))(?P<name>(?:{names}))(?P<size>[\s-]{{0,2}}(?:SXM[0-9]?|"
        r"PCIe|NVL)?[\s-]?(?:(?:40|80|96|24|48|141|94)\s?GB)?)(?P<plural>s|'s|’s)?(?![A-Za-z0-9])(?:\s?(?:gpus?|"
        r"cards?|accelerators?)\b)?",
        re.I,
    )


def _accelerators(text: str) -> list[Quantity]:
    found = []
    for match in _gpu_pattern().finditer(text):
        count = _gpu_count(match["count"])
        head = re.sub(r"[\s-]+", " ", match["name"]).upper().replace("GAUDI", "Gaudi")
        quote = match.group()
        negated = is_negated(text, match.start())
        found.append(
            Quantity(
                "accelerators",
                float(count),
                "gpus",
                None,
                None,
                "exact",
                match.start(),
                match.end(),
                quote,
                negated,
                head,
            )
        )
    return found


def _gpu_count(word: str) -> int:
    lowered = word.lower()
    if lowered.isdigit():
        return int(lowered)
    named = {"a": 1, "an": 1, "a couple of": 2, "a pair of": 2, "a dozen": 12}
    return named.get(lowered) or int(ONES[lowered])


def _single_durations(hidden: str) -> list[Quantity]:
    """Read "in a month", "within half a second", "a year and a half"."""
    found = []
    for match in _SINGLE_DURATION.finditer(hidden):
        half = "half" in match["one"].lower()
        value = 0.5 if half else 1.5 if match["more"] else 1.0
        start, end = match.start("one"), match.end()
        unit = f"{match['unit'].lower()}s"
        hedge, start = hedge_before(hidden, start)
        quote = hidden[start:end]
        negated = is_negated(hidden, start)
        found.append(Quantity("duration", value, unit, None, None, hedge, start, end, quote, negated, match["unit"]))
    return found
