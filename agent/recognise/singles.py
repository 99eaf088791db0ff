"""Finds quantities that no number introduces: "a page and a half", "in a month". It knows no facts."""

import re

from agent.recognise.hedges import hedge_before, is_negated
from agent.recognise.numbers import find_numbers
from agent.recognise.spans import HIDDEN
from agent.recognise.units import period_of, period_pattern
from agent.recognise.values import Quantity
from agent.recognise.words import noun_units
from tools.facts import Range

_RHYTHM = re.compile(
    r"\b(?:an?|one)\s(?P<noun>[a-z]+(?:\s[a-z]+)?\s)?(?P<verb>(?:comes?(?:\sin)?|arrives?|lands?|is\ssent|goes\sin)\s)?"
    r"every\s(?:(?P<n>[0-9]{1,3}|[a-z]+)\s)?"
    r"(?P<unit>second|minute|hour|day|week|month|year)s?\b",
    re.I,
)
_LANDS = frozenset({"comes", "arrives", "lands"})
_SINGLE_DURATION = re.compile(
    r"(?:\b(?P<lead>in|within|under|after|about|than|have|needs?|takes?|for|is|over|to|around|maybe|roughly|say|so|"
    r"only|just|another|down|wait|waits|waiting|perhaps|like|almost|nearly|below|past|inside|above|beyond|"
    r"longer than)\s|(?:^|(?<=[.,;:!?(\n–—]))\s?)"
    r"(?P<one>(?:(?P<quarter>(?:a\s)?quarter\sof\san?)|(?P<three>three\squarters\sof\san?)|half\san?|an?\shalf|an?\s?|one\s)\s?|(?=year|month))"
    r"(?P<unit>(?<=\s)second|sec|minute|day|week|fortnight|month|quarter|year|hour)\b(?!\s(?:we|they|i|each|every|of|million|billion|dollar)\b|[-\w])"
    r"(?:\sand\s(?P<more>a\s(?:half|quarter))\b|(?P<two>\sor\stwo)\b)?",
    re.I,
)
_SINGLE_PAGE = re.compile(
    r"\b(?P<one>an?|one)\s(?:(?:full|whole|standard|a4|printed|typed|single|dense)[\s-])?page"
    r"(?:\sand\sa\s(?P<more>half|quarter|third)|\sor\s(?P<two>two|so|less))\b",
    re.I,
)
_MORE = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}
# "a paragraph or two": how many there are is said, and of what is not a quantity; "a hundred or two hundred" is one.
_OR_TWO = re.compile(
    r"\ban?\s(?!hundred|thousand|million|dozen|couple|few)[a-z]+(?P<tail>\sor\stwo)\b(?!\s(?:hundred|thousand|million|k)\b)",
    re.I,
)


def singles(hidden: str) -> list[Quantity]:
    """Find them all, in no order; they may overlap with numbers, which are then no others."""
    return [*_rhythms(hidden), *_single_durations(hidden), *_single_pages(hidden)]


def hide_or_two(hidden: str) -> str:
    """Blank out the "two" of "a paragraph or two", which counts nothing that is converted; offsets stay."""
    return _OR_TWO.sub(lambda match: match.group()[: -len(match["tail"])] + HIDDEN * len(match["tail"]), hidden)


def _rhythms(hidden: str) -> list[Quantity]:
    """Read "a message every ten seconds" and "one every two hours"."""
    found = []
    for match in _RHYTHM.finditer(hidden):
        numbers = find_numbers(match["n"]) if match["n"] else []
        times = numbers[0].value if numbers else 1.0
        noun = (match["noun"] or "").split()
        if match["noun"] and noun[-1].lower() in _LANDS:
            noun = noun[:-1]
        if noun and noun_units().get(noun[-1].lower()) != "requests":
            continue
        if isinstance(times, Range) or times <= 0 or is_negated(hidden, match.start()):
            continue
        found.append(
            Quantity("count", 1 / times, "requests", match["unit"].lower(), None, "exact", match.start(), match.end(),
                     match.group(), False, " ".join(noun), True)
        )  # fmt: skip
    return found


def _single_durations(hidden: str) -> list[Quantity]:
    """Read "in a month", "within half a second", "a year and a half"."""
    found = []
    for match in _SINGLE_DURATION.finditer(hidden):
        if not match["one"] and not match["more"]:
            continue
        half = "half" in match["one"].lower()
        value = 0.25 if match["quarter"] else 0.75 if match["three"] else 0.5 if half else 1.0
        value += 0.0 if not match["more"] else 0.5 if "half" in match["more"].lower() else 0.25
        spread = Range(value, 2 * value) if match["two"] else value
        start, end = match.start("one"), match.end()
        unit = {"sec": "seconds"}.get(match["unit"].lower(), f"{match['unit'].lower()}s")
        hedge, start = hedge_before(hidden, start)
        quote = hidden[start:end]
        negated = is_negated(hidden, start)
        later = period_pattern().match(hidden, end + 1) if match["lead"] == "down" else None
        per, end = (period_of(later), later.end()) if later else (None, end)
        quote = hidden[start:end]
        found.append(Quantity("duration", spread, unit, per, None, hedge, start, end, quote, negated, match["unit"]))
    return found


def _single_pages(hidden: str) -> list[Quantity]:
    """Read "a page and a half", "a page or two"."""
    found = []
    for match in _SINGLE_PAGE.finditer(hidden):
        value = 1 + _MORE[match["more"].lower()] if match["more"] else 1.0
        spread = Range(1.0, 2.0) if (match["two"] or "").lower() == "two" else value
        hedge, start = hedge_before(hidden, match.start())
        quote, negated = hidden[start : match.end()], is_negated(hidden, start)
        found.append(Quantity("count", spread, "pages", None, None, hedge, start, match.end(), quote, negated, "page"))
    return found
