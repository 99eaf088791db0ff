"""Reads a message as the number that was asked: which of its numbers is meant. It knows no yes and no other fact."""

import re
from dataclasses import dataclass, replace

from agent.recognise.asked_units import Reading, reading
from agent.recognise.clauses import Clauses
from agent.recognise.convert import LENGTH_UNITS
from agent.recognise.standing import is_firm, is_kept
from agent.recognise.values import FactCandidate, Quantity, lower, upper
from agent.recognise.words import table
from tools.facts import FactSpec, FactValue, Range

MONEY = frozenset({"engineer_cost", "annual_revenue", "monthly_budget", "electricity_price"})
LENGTHS = frozenset({"input_tokens", "output_tokens", "context_tokens"})
MOST_WORDS = 14  # a longer message says more than the answer, and a bare number needs a word that binds it
_TAKEN = 0.9
_CORRECTS = re.compile(r"\b(?:sorry|no|rather|actually|correct\w*|i mean)\b", re.I)
_ENUMERATION = re.compile(r"\s?(?:[,?]|or|,\s?or|maybe|,\s?maybe|to)\s?(?:maybe\s|perhaps\s|even\s|rather\s)?", re.I)
_NEXT_WORD = re.compile(r"[\s-](?P<word>[A-Za-z][a-z'’]*)")
_BINDING = re.compile(
    r"(?:^|\b(?:is|are|be|it['’]?s|that['’]?s|about|around|roughly|say|maybe|with|at|of|for|need|needs|want|have|get|expect|"
    r"reckon|guess|think|hits?|gets?|got|reach(?:es)?|average[sd]?|pay|was|gave|did|set|only|just|nearly|some|or|to|as)|[:=~])\s?$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Option:
    """A number with its value in the fact's unit and how well it answers."""

    quantity: Quantity
    value: FactValue
    note: str
    score: float


def number_answer(
    text: str, spec: FactSpec, quantities: list[Quantity], found: list[FactCandidate]
) -> FactCandidate | None:
    """Read the number that answers the question for `spec`, or return None where none clearly does."""
    length = spec.key in LENGTHS
    taken = [
        item
        for item in found
        if item.key != spec.key and item.confidence >= (0.95 if length and item.key in LENGTHS else _TAKEN)
    ]
    free = [
        item
        for item in quantities
        if not item.negated and not any(other.start < item.end and item.start < other.end for other in taken)
    ]
    if spec.key in LENGTHS:
        free = [_renamed(text, item) for item in _inherited(free)]
    clauses = Clauses(text)
    options = [
        option
        for place, item in enumerate(free)
        if (read := reading(spec.key, item, clauses)) is not None
        and (option := _option(spec, item, read, clauses, place, len(free))) is not None
    ]
    if not options:
        return None
    best = max(options, key=lambda option: option.score)
    return _candidate(spec, _with_neighbour(text, best, options), clauses)


def _option(spec: FactSpec, item: Quantity, read: Reading, clauses: Clauses, place: int, count: int) -> Option | None:
    value, note = read
    if not _sensible(spec, value):
        return None
    explicit = _explicit(spec.key, item)
    cue = _cue(spec.key, item, clauses)
    kept = is_kept(item, clauses)
    corrects = bool(_CORRECTS.search(clauses.text))
    score = (
        explicit
        + cue
        + (4.0 if is_firm(item, clauses) else 1.5 if kept else 0.0)
        + (place if corrects else -place) * 0.3
    )
    if cue <= -3 and not kept:
        return None
    if explicit < 2 and not _bare_fits(item, clauses, cue > 0 or kept, count):
        return None
    return Option(item, value, note, score) if score > -2 else None


def _renamed(text: str, item: Quantity) -> Quantity:
    """Give "1500 was characters" the unit that its own clause adds."""
    match = re.match(
        r"\s(?:was|were|is|are) (?:in |the )?(?P<unit>characters|words|pages)\b", text[item.end : item.end + 30], re.I
    )
    return replace(item, unit=match["unit"].lower()) if match and item.kind == "count" and item.unit == "" else item


def _inherited(items: list[Quantity]) -> list[Quantity]:
    """Give bare numbers the unit of the length before them: "two pages, in the extreme forty"."""
    unit = ""
    given: list[Quantity] = []
    for item in items:
        if item.unit in LENGTH_UNITS:
            unit = item.unit
        elif item.kind == "count" and item.unit == "" and item.per is None and unit in ("pages", "words", "characters"):
            item = replace(item, unit=unit)
        given.append(item)
    return given


def _sensible(spec: FactSpec, value: FactValue) -> bool:
    """Whether the number lies within the dictionary's bounds."""
    if not isinstance(value, float | Range):
        return False
    above = spec.minimum is None or lower(value) >= spec.minimum
    return above and (spec.maximum is None or upper(value) <= spec.maximum)


def _explicit(key: str, item: Quantity) -> float:
    """Return how far the number's own words name a unit of the fact."""
    if key in MONEY:
        return 2.0 * (item.kind == "money") + 1.5 * (item.per is not None and item.per_adjacent)
    if item.kind in ("share", "duration", "multiplier") or item.unit in LENGTH_UNITS:
        return 3.0
    if item.per is not None and item.per_adjacent:
        return 2.5
    return 2.0 if item.unit in ("requests", "engineers", "people", "users", "customers") else 0.0


def _cue(key: str, item: Quantity, clauses: Clauses) -> float:
    """Weigh the words of the clause that speak for this fact (or against it)."""
    left, right = clauses.left(item.start), clauses.right(item.end)
    if key in LENGTHS and len(left.strip()) < 8:
        left = clauses.before(item.start) + left
    score = 0.0
    for weight, patterns in table("asked.yaml").get(key, {}).items():
        sides = {"l": left[-60:], "r": right[:40]}
        for side, pattern in patterns.items():
            score += float(weight) * bool(re.search(pattern, sides[side], re.I))
    return score


def _bare_fits(item: Quantity, clauses: Clauses, named: bool, count: int) -> bool:
    """Whether a number without unit may be the answer: a short message, or words that bind it, and no foreign noun."""
    if _foreign_noun(item, clauses):
        return False
    words = len(clauses.text.split())
    if words <= 6 or named:
        return True
    bound = item.hedge != "exact" or bool(_BINDING.search(clauses.left(item.start)))
    return bound and (words <= MOST_WORDS or (count == 1 and len(clauses.text[: item.start].split()) <= 4))


def _foreign_noun(item: Quantity, clauses: Clauses) -> bool:
    """Whether the word behind a bare number is a noun that says what is counted: "20417 badges"."""
    if item.unit == "other":
        return True
    follows = _NEXT_WORD.match(clauses.right(item.end))
    if follows is None or item.unit:
        return False
    word = follows["word"].lower().replace("’", "'").split("'")[0]
    return word not in set(table("vocabulary.yaml")["stop"]) | set(table("asked.yaml")["behind"])


def _with_neighbour(text: str, best: Option, options: list[Option]) -> Option:
    """Join "sixty, seventy" and "50k tokens or 40k" to a range."""
    for other in options:
        first, second = sorted((best, other), key=lambda option: option.quantity.start)
        if other is best or isinstance(first.value, Range) or isinstance(second.value, Range):
            continue
        if not isinstance(first.value, float) or not isinstance(second.value, float):
            continue
        low, high = sorted((first.value, second.value))
        close = 0 < low < high <= 3 * low
        if close and _ENUMERATION.fullmatch(text, first.quantity.end, second.quantity.start):
            start, end = first.quantity.start, second.quantity.end
            joined = Quantity(
                best.quantity.kind, Range(low, high), best.quantity.unit, None, best.quantity.currency, "about",
                start, end, text[start:end], False, "",
            )  # fmt: skip
            return Option(joined, Range(low, high), best.note, best.score)
    return best


def _candidate(spec: FactSpec, option: Option, clauses: Clauses) -> FactCandidate:
    quantity = option.quantity
    currency = quantity.currency if quantity.currency not in (None, "USD") and spec.key in MONEY else ""
    hedged = "" if quantity.hedge in ("exact", "about") else f"said as {quantity.hedge.replace('_', ' ')}"
    converted = f"in {currency}; to be converted to US dollars" if currency else ""
    notes = "; ".join(filter(None, [option.note, hedged, converted]))
    return FactCandidate(
        spec.key,
        option.value,
        quantity.quote,
        quantity.start,
        quantity.end,
        0.96 if is_firm(quantity, clauses) else 0.9,
        notes,
        currency or "",
    )
