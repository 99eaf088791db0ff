"""Ranks texts by the words they share with a query (BM25). It knows no vector, passage or file."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# The usual constants of BM25: how fast repeats of a word saturate, and how much long texts are held back.
_SATURATION = 1.2
_LENGTH_WEIGHT = 0.75

_WORD = re.compile(r"[a-z0-9]+(?:[.'’-][a-z0-9]+)*")
# British spellings and what they are counted as.
_SPELLINGS = (("is(e|ed|es|ing|ation)$", r"iz\1"), ("licence", "license"), ("centre", "center"))


class Bm25:
    """An index over a fixed list of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(words(text)) for text in texts]
        self._vocabulary = {word: row for row, word in enumerate(sorted(set().union(*counts)))}
        self._known = sorted(self._vocabulary)
        frequency = np.zeros((len(self._vocabulary), len(texts)))
        for column, count in enumerate(counts):
            for word, times in count.items():
                frequency[self._vocabulary[word], column] = times
        self._weights = _weights(frequency)

    def knows(self, word: str) -> bool:
        """Say whether a word occurs in any of the texts."""
        return all(known in self._vocabulary for known in words(word))

    def scores(self, query: str) -> NDArray[np.float64]:
        """Return one score per text; 0 where no word of the query occurs."""
        joined = [word for word in _pairs(query) if word in self._vocabulary]
        rows = [self._vocabulary[word] for word in [*self._in_vocabulary(words(query)), *joined]]
        total: NDArray[np.float64] = self._weights[rows].sum(axis=0)
        return total

    def _in_vocabulary(self, asked: Iterable[str]) -> list[str]:
        """Keep the words that occur, and put the nearest word that occurs for one that is misspelt."""
        kept = []
        for word in asked:
            if word in self._vocabulary:
                kept.append(word)
            elif len(word) > 4:
                kept.extend(difflib.get_close_matches(word, self._near(word), n=1, cutoff=0.84))
        return kept

    def _near(self, word: str) -> list[str]:
        # A misspelling seldom hits the first letter, and comparing with every word would cost milliseconds.
        return [known for known in self._known if known[0] == word[0] and abs(len(known) - len(word)) <= 2]


def words(text: str) -> list[str]:
    """Return the content words of a text, lower case, in one spelling and without common endings."""
    parts = (part for match in _WORD.findall(text.lower()) for part in (match, *_parts(match)))
    return [_stem(part) for part in parts if part not in _stop_words()]


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    return frozenset(files("knowledge").joinpath("data", "stop_words.txt").read_text(encoding="utf-8").split())


def _parts(word: str) -> list[str]:
    """Return the parts of a hyphenated word: 'self-hosting' is also found by 'hosting' and by 'selfhosting'."""
    return [*word.split("-"), word.replace("-", "")] if "-" in word else []


def _pairs(text: str) -> list[str]:
    """Return neighbouring words written as one: 'fed ramp' finds 'FedRAMP'."""
    found = _WORD.findall(text.lower())
    return [_stem(first + second) for first, second in pairwise(found)]


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    word = word.removesuffix("'s").removesuffix("’s")
    for british, american in _SPELLINGS:
        word = re.sub(british, american, word)
    for ending, shortest in (("ation", 9), ("ing", 6), ("ies", 5), ("es", 5), ("ed", 5), ("s", 4), ("e", 5)):
        if word.endswith(ending) and len(word) >= shortest and not word.endswith("ss"):
            return word.removesuffix(ending) + ("y" if ending == "ies" else "")
    return word


def _weights(frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the BM25 weight of each word (row) in each text (column)."""
    texts = frequency.shape[1]
    containing = (frequency > 0).sum(axis=1, keepdims=True)
    rarity = np.log1p((texts - containing + 0.5) / (containing + 0.5))
    lengths = frequency.sum(axis=0, keepdims=True)
    relative = lengths / lengths.mean()
    damped = frequency + _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * relative)
    weights: NDArray[np.float64] = rarity * frequency * (_SATURATION + 1) / damped
    return weights
