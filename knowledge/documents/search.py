"""Searches the user's own documents, and guidance and documents together. It writes and phrases nothing."""

import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from knowledge.embedder import TextEmbedder
from knowledge.manifest import FORMAT, Manifest, read_manifest
from knowledge.passages import Passage
from knowledge.retrieve import Retriever
from tools.errors import IndexMissing

OWN = "own-"
# Who asks for "our policy" wants it, however near some article of the guidance is.
_ABOUT_OWN = re.compile(
    r"\b(?:our|my)\b(?: \S+){0,3} (?:polic|contract|agreement|document|rule|terms|handbook|guideline|standard)"
    r"|\bare we allowed\b|\bmay we\b|\b(?:polic(?:y|ies)|contract|agreement)\b.{0,40}\bsays?\b",
    re.IGNORECASE,
)


class Searches(Protocol):
    """Finds passages."""

    def search(self, query: str, k: int = 3, topics: Sequence[str] | None = None) -> list[Passage]: ...


class OwnRetriever:
    """Searches the own documents as they are now, whichever process changed them."""

    def __init__(self, index: Path, embedder: TextEmbedder) -> None:
        self._index, self._embedder = index, embedder
        self._lock = threading.Lock()
        self._folder = ""
        self._retriever: Retriever | None = None

    def search(self, query: str, k: int = 3) -> list[Passage]:
        """Return up to `k` passages, best first; none where there are no documents."""
        retriever = self._current()
        return retriever.search(query, k) if retriever is not None else []

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            self._let_go()

    def _current(self) -> Retriever | None:
        with self._lock:
            manifest = read_manifest(self._index)
            if manifest is None:
                self._let_go()
                return None
            if manifest.folder != self._folder:
                self._let_go()
                self._folder = manifest.folder
                self._retriever = Retriever(self._index, self._embedder, _usable)
            return self._retriever

    def _let_go(self) -> None:
        if self._retriever is not None:
            self._retriever.close()
        self._folder, self._retriever = "", None


class Together:
    """Searches guidance and own documents; `own` documents have a place among the results where they fit."""

    def __init__(self, guidance: Searches, own: OwnRetriever) -> None:
        self._guidance, self._own = guidance, own

    def search(self, query: str, k: int = 3, topics: Sequence[str] | None = None) -> list[Passage]:
        """Return up to `k` passages, best first; topics are the guidance's, so that with them it is asked alone."""
        guidance = self._guidance.search(query, k, topics)
        own = [] if topics or k < 1 else self._own.search(query, k)
        if not own:
            return guidance
        if _ABOUT_OWN.search(query):
            return [*own[: max(1, k - 1)], *guidance][:k]
        best = sorted((*guidance, *own), key=lambda passage: -passage.score)[:k]
        # The guidance's scores are lifted by its own ways of asking, which documents lack: one place is kept.
        return best if k == 1 or any(is_own(passage) for passage in best) else [*best[:-1], own[0]]


def is_own(passage: Passage) -> bool:
    """Say whether a passage is the user's own."""
    return passage.id.startswith(OWN)


def _usable(index: Path, embedder: TextEmbedder) -> Manifest:
    manifest = read_manifest(index)
    if manifest is None or (manifest.format, manifest.embedder_sha256) != (FORMAT, embedder.sha256):
        raise IndexMissing("The index of your own documents is of another version. Run `weighbridge knowledge build`.")
    return manifest
