"""Tells which numbers still stand: not those taken back, of the past, or of somebody else. It knows no facts."""

import re
from functools import lru_cache

from agent.recognise.clauses import Clauses
from agent.recognise.spans import Sentence, sentence_at
from agent.recognise.values import Quantity
from agent.recognise.words import table

Numbers = list[Quantity]


def standing(text: str, quantities: Numbers, parts: list[Sentence]) -> Numbers:
    """Return the quantities without those that somebody else's words or a correction take away."""
    if not quantities:
        return []
    clauses = Clauses(text)
    ours = [item for item in quantities if not _of_others(text, item, sentence_at(parts, item.start), clauses)]
    gone = [item for item in ours if _taken_back(item, clauses) or _past(item, clauses)]
    return [item for item in ours if item not in gone or not _replaced(item, gone, ours)]


def is_kept(item: Quantity, clauses: Clauses) -> bool:
    """Whether words such as "so", "call it", "now", "ours is" right before the number make it the one that counts."""
    left = f"{clauses.left(item.start)} " if clauses.left(item.start) else ""
    return bool(_pattern("kept").search(left))


def is_firm(item: Quantity, clauses: Clauses) -> bool:
    """Whether the words right before the number sum up: "so", "call it", "now", "that makes"."""
    return bool(_pattern("kept_firm").search(clauses.left(item.start)))


def _replaced(item: Quantity, gone: Numbers, every: Numbers) -> bool:
    """Whether another number that may take its place still stands."""
    others = [other for other in every if other not in gone and other is not item]
    return any(_comparable(item, other) for other in others) or (item.kind == "accelerators")


def _comparable(one: Quantity, other: Quantity) -> bool:
    kinds = {one.kind, other.kind}
    if len(kinds) == 2 and kinds not in ({"count", "money"}, {"count", "share"}, {"count", "duration"}):
        return False
    return one.unit == other.unit or "" in (one.unit, other.unit) or kinds != {"count"}


def _taken_back(item: Quantity, clauses: Clauses) -> bool:
    left, right = clauses.left(item.start)[-100:], clauses.right(item.end)[:60]
    quoted = f"{left} {item.quote}"
    if _pattern("taken_before").search(left) and not _pattern("kept").search(left):
        return True
    return bool(_pattern("taken_after").match(right)) or bool(_pattern("taken_whole").search(f"{quoted}{right}"))


def _past(item: Quantity, clauses: Clauses) -> bool:
    left, right = clauses.left(item.start)[-100:], clauses.right(item.end)[:60]
    if item.kind == "accelerators" and _pattern("bought").search(left):
        return False
    if _pattern("kept").search(left):
        return False
    return bool(_pattern("past_before").search(left) or _pattern("past_after").match(right))


def _of_others(text: str, item: Quantity, sentence: Sentence, clauses: Clauses) -> bool:
    """Whether the nearest subject before the number, in its sentence, is somebody else."""
    left = text[max(sentence.start, item.start - 160) : item.start]
    others = list(_pattern("others").finditer(left))
    if not others:
        return bool(_pattern("others_after").match(clauses.right(item.end)))
    behind = left[others[-1].end() :]
    return not _pattern("ours").search(behind)


@lru_cache(maxsize=16)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{entry})" for entry in table("standing.yaml")[name]), re.I)
