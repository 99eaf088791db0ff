"""Cuts a message into sentences and clauses with their exact places. It knows no facts."""

import re
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"[!?;\n]+|\.(?=\s|$)|\.{2,}")
_NOT_AN_END = re.compile(r"(?:\b(?:approx|ca|avg|max|min|incl|e\.g|i\.e|vs|etc|no|U\.S|U\.K))$", re.IGNORECASE)
# A clause may end at a comma, a dash, a bracket, or before a joining word.
_CLAUSE_END = re.compile(
    r"\s*[,:()]\s+|\s+[-–—]+\s+|[()]|"
    r"\s+(?=(?:and|but|so|because|since|while|whereas|although|though|which|who|where|plus|then|however|or)\s)",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"(?:(?:and|but|so|because|since|while|whereas|although|though|plus|then|however|well|oh|also|or)\b[\s,]*)+",
    re.IGNORECASE,
)
_QUESTION_START = re.compile(
    r"(?:(?:and|but|so|also|ok|okay|hey|hmm|by the way|btw|quick question|one question)\b[\s,:]*)*"
    r"(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|would|should|will|may|might"
    r"|isn't|aren't|don't|doesn't|can't|couldn't|wouldn't|shouldn't|explain|tell me|any idea (?:what|how|why|which))\b",
    re.IGNORECASE,
)
_LONGEST_JOIN = 3
MOST_SEGMENTS = 24


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the message: `text` is exactly the characters from `start` to `end`."""

    text: str
    start: int
    end: int
    sentence: int
    asks: bool


def segments(message: str) -> list[Segment]:
    """Return sentences, clauses and runs of neighbouring clauses, at most MOST_SEGMENTS, the clauses first."""
    single: list[Segment] = []
    joined: list[Segment] = []
    for number, (start, end, mark) in enumerate(_sentences(message)):
        clauses = _clauses(message, start, end)
        asks = _asks(message[start:end], mark)
        single += [_segment(message, first, last, number, asks) for first, last in clauses]
        for size in range(2, min(len(clauses), _LONGEST_JOIN) + 1):
            for at in range(len(clauses) - size + 1):
                joined.append(_segment(message, clauses[at][0], clauses[at + size - 1][1], number, asks))
        if len(clauses) > _LONGEST_JOIN:
            joined.append(_segment(message, clauses[0][0], clauses[-1][1], number, asks))
    return [part for part in [*single, *joined] if part.text][:MOST_SEGMENTS]


def questions(message: str) -> str:
    """Return the sentences that ask something, joined as they stand in the message; empty where none does."""
    asked = [message[a : b + len(mark)].strip() for a, b, mark in _sentences(message) if _asks(message[a:b], mark)]
    return " ".join(asked)


def _asks(sentence: str, mark: str) -> bool:
    return "?" in mark or bool(_QUESTION_START.match(sentence.strip()) and "!" not in mark)


def _segment(message: str, start: int, end: int, sentence: int, asks: bool) -> Segment:
    while start < end and message[start].isspace():
        start += 1
    while end > start and (message[end - 1].isspace() or message[end - 1] in ",.:-–—"):
        end -= 1
    return Segment(message[start:end], start, end, sentence, asks)


def _sentences(message: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    start = 0
    for match in _SENTENCE_END.finditer(message):
        if match.group() == "." and _NOT_AN_END.search(message[start : match.start()]):
            continue
        found.append((start, match.start(), match.group()))
        start = match.end()
    found.append((start, len(message), ""))
    return [(a, b, mark) for a, b, mark in found if message[a:b].strip()]


def _clauses(message: str, start: int, end: int) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    at = start
    for match in _CLAUSE_END.finditer(message, start, end):
        if message[at : match.start()].strip():
            places.append((at, match.start()))
            at = match.end()
    if message[at:end].strip():
        places.append((at, end))
    return [(first + _lead(message[first:last]), last) for first, last in places]


def _lead(clause: str) -> int:
    """Return how many characters of joining words the clause begins with, unless nothing else is in it."""
    stripped = len(clause) - len(clause.lstrip())
    match = _LEADING.match(clause.lstrip())
    return stripped + match.end() if match and clause.lstrip()[match.end() :].strip() else stripped
