"""Finds the passages that answer a question, or says that there are none. It writes nothing and phrases nothing.

Two rankings are fused: nearness in meaning (Chroma) and shared words (BM25). The score shown is neither rank
but the cosine between question and passage, so that it means the same in every search.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from knowledge import store
from knowledge.articles import check_topics
from knowledge.bm25 import Bm25
from knowledge.embedder import TextEmbedder, Vectors
from knowledge.manifest import require_current
from knowledge.passages import Passage, searchable_text

# How many passages of each ranking are fused, and the usual constant of reciprocal rank fusion.
_POOL = 20
_RANK_OFFSET = 60

# Below this cosine of the best passage a question is not about anything the guidance treats. Set on the questions
# of tests/cases/knowledge_questions.yaml, between the least near answerable and the nearest unanswerable one.
RELEVANT = 0.30
# A passage may follow a relevant one with a little less.
_FOLLOWS = 0.20


@dataclass(frozen=True, slots=True)
class _Opened:
    """An index held open for reading."""

    collection: Any
    passages: tuple[Passage, ...]
    rows: dict[str, int]
    vectors: Vectors
    words: Bm25


class Retriever:
    """Searches the index of one directory; opened at the first search, and safe to share between threads."""

    def __init__(self, directory: Path, embedder: TextEmbedder) -> None:
        self._directory = directory
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
        vector = self._embedder.embed([query])[0]
        cosines = index.vectors @ vector
        if wanted:
            outside = [not set(wanted) & set(passage.topics) for passage in index.passages]
            cosines = np.where(outside, -1.0, cosines)
        if cosines.max(initial=-1.0) < RELEVANT:
            return []
        near = [index.rows[name] for name in store.nearest(index.collection, vector, _POOL, wanted)]
        fused = fuse(near, _by_words(index, query, cosines))
        best = [row for row in fused if cosines[row] >= _FOLLOWS][:k]
        return [replace(index.passages[row], score=round(float(cosines[row]), 4)) for row in best]

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client, self._opened = None, None

    def _open(self) -> _Opened:
        with self._lock:
            if self._opened is None:
                manifest = require_current(self._directory, self._embedder)
                self._client = store.open_client(self._directory / manifest.folder)
                self._opened = _load(store.collection_of(self._client))
            return self._opened


def fuse(*rankings: Sequence[int]) -> list[int]:
    """Fuse rankings by the sum of reciprocal ranks; a row that two rankings name high comes first."""
    points: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking):
            points[row] = points.get(row, 0.0) + 1.0 / (_RANK_OFFSET + rank + 1)
    return sorted(points, key=lambda row: (-points[row], row))


def _by_words(index: _Opened, query: str, cosines: Vectors) -> list[int]:
    scores = np.where(cosines > -1.0, index.words.scores(query), 0.0)
    best = np.argsort(-scores, kind="stable")[:_POOL]
    return [int(row) for row in best if scores[row] > 0]


def _load(collection: Any) -> _Opened:
    stored = store.read(collection)
    rows = {passage.id: row for row, passage in enumerate(stored.passages)}
    texts = [searchable_text(passage) for passage in stored.passages]
    return _Opened(collection, stored.passages, rows, stored.vectors, Bm25(texts))
