"""Reads how sure a number is meant - about, at most, at least - and whether it is denied. It knows no units."""

import re

from agent.recognise.values import Hedge

_ABOUT = (
    r"about|around|approximately|approx\.?|roughly|circa|ca\.?|some|nearly|almost|close to|"
    r"on the order of|in the order of|"
    r"something like|somewhere around|in the region of|in the ballpark of|ballpark|maybe|perhaps|probably|say|like|~|≈|"
    r"an estimated|estimated|an average of|on average|average|averaging|typically|usually|"
    r"more or less|just about|just under|just over|"
    r"i'd say|i guess|i think|somewhere between|a good|only|just"
)
_AT_MOST = (
    r"at most|at the most|at max|up to|no more than|not more than|maximum(?: of)?|max\.?(?: "
    r"of)?|under|below|less than|fewer than|"
    r"within|no longer than|not exceed(?:ing)?|not over|not above|capped at|a cap of|limited "
    r"to|no greater than|as much as|as many as|as long as|≤|<=|<"
)
_AT_LEAST = (
    r"at least|(?<!turn )(?<!turns )over|above|more than|no less than|not less than|no fewer "
    r"than|minimum(?: of)?|min\.?(?: of)?|upwards of|"
    r"north of|in excess of|beyond|exceeding|greater than|longer than|≥|>=|>"
)
_SOFT = {"only", "just", "average", "averaging", "an average of", "on average", "typically", "usually"}
_BEFORE = re.compile(
    rf"(?<![A-Za-z])(?:(?P<at_most>{_AT_MOST})|(?P<at_least>{_AT_LEAST})|(?P<about>{_ABOUT}))(?:\s(?:about|"
    r"around|roughly|between|a|the|of))?\s?(?:between\s)?$",
    re.I,
)
_BETWEEN = re.compile(r"\b(?:between|from)\s?$", re.I)
_AFTER = re.compile(
    r"(?P<at_least>\s?\+(?![0-9])|\s(?:or more|or higher|or better|or longer|and up|minimum|"
    r"at least|at minimum)\b|\splus\b(?!\s\w))"
    r"|(?P<at_most>\s(?:or less|or fewer|or under|or below|or faster|at most|at the most|"
    r"at max|max\b|maximum|tops|or shorter))"
    r"|(?P<about>\s?-?ish\b|\s(?:or so|give or take|more or less|approximately|approx\b|roughly|"
    r"on average|or thereabouts|ish)\b)",
    re.I,
)
_NEGATION = re.compile(
    r"(?:\b(?:not|never|no|without|neither|nor|cannot|isn't|aren't|wasn't|don't|doesn't|didn't|"
    r"won't|rather than|instead of)\b|n['’]t\b)"
    r"(?:\s(?:at all|really|quite|exactly|actually|even|have|get|do|need|see|want|own|use|"
    r"expect|handle|process|the|our|any|a|be|is|it|it's))*\s?$",
    re.I,
)


def hedge_before(text: str, position: int) -> tuple[Hedge, int]:
    """Read the hedge right before a number (or its currency): the hedge and where it starts."""
    start = max(0, position - 32)
    window = text[start:position]
    match = _BEFORE.search(window)
    if match is None:
        between = _BETWEEN.search(window)
        return "exact", start + between.start() if between else position
    place = start + match.start()
    if match["at_most"]:
        return "at_most", place
    if match["at_least"]:
        return "at_least", place
    return ("exact" if match["about"].lower() in _SOFT else "about"), place


def hedge_after(text: str, position: int) -> tuple[Hedge, int] | None:
    """Read a hedge right behind a number or its unit: the hedge and where it ends."""
    match = _AFTER.match(text, position)
    if match is None:
        return None
    hedge: Hedge = "at_least" if match["at_least"] else "at_most" if match["at_most"] else "about"
    return hedge, match.end()


def is_negated(text: str, position: int) -> bool:
    """Whether a denial governs the number that starts at `position` ("not 40k", "we don't have 300")."""
    return bool(_NEGATION.search(text[max(0, position - 48) : position]))
