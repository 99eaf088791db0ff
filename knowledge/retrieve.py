"""Finds the passages that answer a question, or says that there are none. It writes and phrases nothing.

Two rankings propose passages: nearness in meaning (Chroma) and shared words (BM25). Their reciprocal ranks
are fused into a short list, and the short list is put in order by both scores. The score shown is the cosine
between the question and the nearest text of the passage, so that it means the same in every search.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge import store
from knowledge.articles import check_topics
from knowledge.bm25 import Bm25
from knowledge.elsewhere import read_elsewhere
from knowledge.embedder import TextEmbedder, Vectors
from knowledge.manifest import Manifest, require_current
from knowledge.names import with_known_names
from knowledge.passages import Passage

# How many rows and passages each ranking proposes, how many stay on the short list, and the usual constant of
# reciprocal rank fusion.
_POOL_ROWS = 60
_POOL = 20
_SHORT_LIST = 20
_RANK_OFFSET = 60

# What a point of BM25 is worth beside a cosine when the short list is put in order, chosen on the development
# questions. A logistic re-ranker over twelve features (title, sentences, character n-grams, the whole article) did
# as well there and no better on questions that it had not seen, so the order stays this simple.
_WORD_WEIGHT = 0.035

# How much must speak for a question before anything is returned: the cosine of the nearest text, plus that of
# the nearest passage, plus the weighted shared words. A chance likeness to some short way of asking is not
# enough by itself. Where there are questions about other things to compare with, the mean likeness to
# the nearest of them counts against it. Fitted (logistic) to the development questions, answerable and not; rounded.
_WORD_EVIDENCE = 0.02
_ENOUGH = 0.72
_PASSAGE_WEIGHT = 0.7
_ELSEWHERE_WEIGHT = 1.6
_ELSEWHERE_NEAREST = 3
_ENOUGH_HERE = 0.22
# A passage follows the first one only if it is itself near the question.
_FOLLOWS = 0.25


@dataclass(frozen=True, slots=True)
class _Opened:
    """An index held open for reading."""

    collection: Any
    stored: store.Stored
    numbers: dict[str, int]
    words: Bm25
    elsewhere: Vectors | None


class Retriever:
    """Searches the index of one directory; opened at the first search, and safe to share between threads."""

    def __init__(
        self,
        directory: Path,
        embedder: TextEmbedder,
        current: Callable[[Path, TextEmbedder], Manifest] = require_current,
    ) -> None:
        self._directory, self._current = directory, current
        self._embedder = embedder
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._client: Any = None

    def search(self, query: str, k: int = 3, topics: Sequence[str] | None = None) -> list[Passage]:
        """Return up to `k` passages, best first; none when nothing in the guidance is relevant."""
        wanted = tuple(topics or ())
        check_topics(wanted)
        if not query.strip() or k < 1:
            return []
        index = self._open()
        query = with_known_names(query, index.words.knows)
        vector = self._embedder.embed([query])[0]
        likeness = index.stored.vectors @ vector
        cosines = _nearest_texts(index.stored, likeness)
        shared = index.words.scores(query)
        outside = _outside(index.stored, wanted)
        away = None if index.elsewhere is None else _away(index.elsewhere, vector)
        if outside.all() or not _enough(cosines, likeness[index.stored.firsts], shared, away, ~outside):
            return []
        shared[outside] = 0.0
        near = [index.numbers[name] for name in store.nearest(index.collection, vector, _POOL_ROWS, wanted)]
        short = fuse(near, _by_words(shared))[:_SHORT_LIST]
        short.sort(key=lambda at: -(cosines[at] + _WORD_WEIGHT * shared[at]))
        best = [at for at in short if cosines[at] >= _FOLLOWS][:k]
        return [_scored(index.stored.entries[at].passage, float(cosines[at])) for at in best]

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client, self._opened = None, None

    def _open(self) -> _Opened:
        with self._lock:
            if self._opened is None:
                manifest = self._current(self._directory, self._embedder)
                folder = self._directory / manifest.folder
                self._client = store.open_client(folder)
                self._opened = _load(store.collection_of(self._client), read_elsewhere(folder))
            return self._opened


def fuse(*rankings: Sequence[int]) -> list[int]:
    """Fuse rankings by the sum of reciprocal ranks; a row that two rankings name high comes first."""
    points: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking):
            points[row] = points.get(row, 0.0) + 1.0 / (_RANK_OFFSET + rank + 1)
    return sorted(points, key=lambda row: (-points[row], row))


def _nearest_texts(stored: store.Stored, likeness: Vectors) -> Vectors:
    """Return one cosine per passage: that of its text nearest to the question."""
    best = np.full(len(stored.entries), -1.0, dtype=np.float32)
    np.maximum.at(best, stored.owners, likeness)
    return best


def _enough(
    cosines: Vectors, whole: Vectors, shared: NDArray[np.float64], away: float | None, inside: NDArray[np.bool_]
) -> bool:
    """Say whether enough speaks for the question being about something that these passages treat.

    `away` is the likeness to the nearest questions about something else, None where there are none to compare with.
    """
    near, passage, words = (float(scores[inside].max()) for scores in (cosines, whole, shared))
    if away is None:
        return near + passage + _WORD_EVIDENCE * words >= _ENOUGH
    return near + _PASSAGE_WEIGHT * passage + _WORD_EVIDENCE * words - _ELSEWHERE_WEIGHT * away >= _ENOUGH_HERE


def _away(elsewhere: Vectors, vector: Vectors) -> float:
    """Return the mean likeness to the nearest questions about other things."""
    return float(np.sort(elsewhere @ vector)[-_ELSEWHERE_NEAREST:].mean())


def _outside(stored: store.Stored, topics: tuple[str, ...]) -> NDArray[np.bool_]:
    """Mark the passages that have none of the topics; without topics, none is outside."""
    if not topics:
        return np.zeros(len(stored.entries), dtype=np.bool_)
    return np.array([not set(topics) & set(entry.passage.topics) for entry in stored.entries])


def _by_words(shared: NDArray[np.float64]) -> list[int]:
    best = np.argsort(-shared, kind="stable")[:_POOL]
    return [int(at) for at in best if shared[at] > 0]


def _scored(passage: Passage, cosine: float) -> Passage:
    return replace(passage, score=round(min(max(cosine, 0.0), 1.0), 4))


def _load(collection: Any, elsewhere: Vectors | None) -> _Opened:
    stored = store.read(collection)
    numbers = {entry.passage.id: at for at, entry in enumerate(stored.entries)}
    return _Opened(collection, stored, numbers, Bm25(["\n".join(entry.texts()) for entry in stored.entries]), elsewhere)
