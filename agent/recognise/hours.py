"""Reads for how many hours a day a service is open. It knows no facts and no rates."""

import re

from agent.recognise.number_words import ONES, find_spelled

_WORD = "|".join(ONES)
_SPAN = re.compile(
    rf"\b(?P<start>[0-9]{{1,2}}|{_WORD})(?::00)?\s?(?P<am>am|a\.m\.|h)?\s?(?:-|–|to|till|until|and)\s?"
    rf"(?P<end>[0-9]{{1,2}}|{_WORD})(?::00)?\s?(?P<pm>pm|p\.m\.|h\b|o['’]?clock|hrs)?(?![0-9%,.]?[0-9A-Za-z%])",
    re.I,
)
_OPEN = re.compile(
    rf"\b(?:open|opened|office|business|working|opening|service|for|over|works?|staffed|manned|run)\s(?:for\s|hours\s)?"
    rf"(?P<hours>[0-9]{{1,2}}|{_WORD})(?:\s|-)(?:opening\s|working\s)?hours?\b(?!\s?(?:of|a week|per week))"
    rf"|\b(?P<daily>[0-9]{{1,2}}|{_WORD})[\s-](?:opening\s|working\s)?hours?[\s-](?:(?:a|per|each|every)\s)?days?\b",
    re.I,
)
_CUE = re.compile(
    r"\b(?:open|hours|between|from|business|office|shift|while we|when we|day ?time|shop|desk|counter)\b", re.I
)


def open_hours(text: str) -> float | None:
    """Return the hours a day that the message names ("nine to five" is 8), or None."""
    stated = _OPEN.search(text)
    if stated:
        return _bounded(_figure(stated["hours"] or stated["daily"]))
    for match in _SPAN.finditer(text):
        start, end = _figure(match["start"]), _figure(match["end"])
        clock = match["am"] or match["pm"] or match.group().lower() in ("nine to five", "9 to 5", "9-5")
        if not clock and not _CUE.search(text[max(0, match.start() - 30) : match.start()]):
            continue
        if end <= start or ((match["pm"] or "").lower().startswith("p") and end < 12):
            end += 12
        return _bounded(end - start)
    return None


def _figure(word: str) -> float:
    return (
        float(word)
        if word.isdigit()
        else find_spelled(word)[0].value
        if find_spelled(word)
        else float(ONES[word.lower()])
    )


def _bounded(hours: float) -> float | None:
    return hours if 1 <= hours < 24 else None
