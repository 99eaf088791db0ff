"""Picks the sentences of a passage that answer a question, word for word. It writes none of its own."""

import re
from itertools import combinations

import numpy as np

from knowledge.bm25 import words
from knowledge.embedder import TextEmbedder, Vectors
from knowledge.passages import Passage

_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")
# A full stop after these does not end a sentence.
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|approx|ca|Inc|Ltd|cf|U\.S)|\b[A-Z])\.$")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*(?=\s+[\"“‘(]*[A-Z0-9])")
# A shorter piece ("No.") says nothing alone and stays with the sentence after it.
_LEAST_CHARACTERS = 20

# How much shared words count beside nearness in meaning; a passage's first sentence is likelier to be the answer,
# and a question in the text is unlikely to be one.
_WORD_SHARE = 0.25
# A sentence that points back ("This price is …") is quoted only behind the sentence that it points to.
_POINTS_BACK = re.compile(
    r"(?:(?:this|that|these|those|such|they|them|it|its|their|both|but|and|so|then|also|otherwise|instead|yet|still|here)\b"
    r"|in exchange\b|without (?:it|them|this)\b|what (?:remains|stays)\b|for (?:this|these|that)\b"
    r"|the (?:first|second|third|others?|same|former|latter|rest)\b|.*\b(?:above|below)\b)",
    re.IGNORECASE,
)
# One that points elsewhere in its text is never quoted where there is another.
_POINTS_ELSEWHERE = re.compile(
    r"(?:reasons?|points?|list|section|table|figures?|rules?|steps?|cases?|properties)\s(?:above|below)\b",
    re.IGNORECASE,
)
_ELSEWHERE = -1.0
_FIRST = 0.05
_QUESTION = -0.3


def sentences(text: str) -> list[str]:
    """Split a passage into sentences; each is an exact piece of the text, list items without their dash."""
    return [piece for line in text.split("\n") for piece in _sentences_of(_ITEM.sub("", line).strip())]


def _sentences_of(line: str) -> list[str]:
    found, start = [], 0
    for match in _SENTENCE_END.finditer(line):
        piece = line[start : match.end()]
        if len(piece.strip()) >= _LEAST_CHARACTERS and not _ABBREVIATION.search(piece):
            found.append(piece.strip())
            start = match.end()
    rest = line[start:].strip()
    return [*found, rest] if len(rest) >= _LEAST_CHARACTERS else found


def best_sentences(query: str, passage: Passage, embedder: TextEmbedder, limit: int = 2) -> list[str]:
    """Return up to `limit` sentences of the passage that answer the query best, in the order of the text."""
    pieces = sentences(passage.text)
    if not pieces or limit < 1:
        return []
    vectors = embedder.embed([query, *pieces])
    asked = set(words(query))
    merit = vectors[1:] @ vectors[0] + np.array([_merit(piece, asked) for piece in pieces])
    merit[0] += _FIRST
    return [pieces[row] for row in _best_rows(merit, [bool(_POINTS_BACK.match(piece)) for piece in pieces], limit)]


def _best_rows(merit: Vectors, points_back: list[bool], limit: int) -> tuple[int, ...]:
    """Choose the rows of the highest merit together; what points back comes only with the row before it."""

    def stands(rows: tuple[int, ...]) -> bool:
        return all(not points_back[row] or row == 0 or row - 1 in rows for row in rows)

    rows = range(len(points_back))
    chosen = [some for some in combinations(rows, min(limit, len(rows))) if stands(some)]
    return max(chosen, key=lambda some: float(merit[list(some)].sum()))


def _merit(piece: str, asked: set[str]) -> float:
    shared = len(asked & set(words(piece))) / max(len(asked), 1)
    elsewhere = _ELSEWHERE if _POINTS_ELSEWHERE.search(piece) else 0.0
    return _WORD_SHARE * shared + (_QUESTION if piece.endswith("?") else 0.0) + elsewhere
