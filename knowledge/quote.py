"""Picks the sentences of a passage that answer a question, word for word. It writes none of its own."""

import re

import numpy as np

from knowledge.bm25 import words
from knowledge.embedder import TextEmbedder
from knowledge.passages import Passage

# A full stop after these does not end a sentence.
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|approx|ca|No|Inc|Ltd|cf|U\.S)|\b[A-Z])\.$")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*(?=\s+[\"“‘(]*[A-Z0-9])")
_LEAST_CHARACTERS = 20

# How much shared words count beside nearness in meaning.
_WORD_SHARE = 0.25


def sentences(text: str) -> list[str]:
    """Split a passage into sentences; each is an exact piece of the text, list items without their dash."""
    found = []
    for line in text.split("\n"):
        start = 0
        for match in _SENTENCE_END.finditer(line):
            if not _ABBREVIATION.search(line[start : match.end()]):
                found.append(line[start : match.end()])
                start = match.end()
        found.append(line[start:])
    trimmed = (re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", piece).strip() for piece in found)
    return [piece for piece in trimmed if len(piece) >= _LEAST_CHARACTERS]


def best_sentences(query: str, passage: Passage, embedder: TextEmbedder, limit: int = 2) -> list[str]:
    """Return up to `limit` sentences of the passage that answer the query best, in the order of the text."""
    pieces = sentences(passage.text)
    if not pieces or limit < 1:
        return []
    vectors = embedder.embed([query, *pieces])
    near = vectors[1:] @ vectors[0]
    asked = set(words(query))
    shared = np.array([len(asked & set(words(piece))) / max(len(asked), 1) for piece in pieces])
    best = np.argsort(-(near + _WORD_SHARE * shared), kind="stable")[:limit]
    return [pieces[row] for row in sorted(int(row) for row in best)]
