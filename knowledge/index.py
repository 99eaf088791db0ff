"""Builds the guidance index: articles to passages to vectors to disk. It answers no query."""

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge import store
from knowledge.articles import Article, load_guidance
from knowledge.elsewhere import write_elsewhere
from knowledge.embedder import Embedder, TextEmbedder, Vectors
from knowledge.manifest import FORMAT, Manifest, guidance_sha256, is_current, read_manifest, write_manifest
from knowledge.passages import Entry, split_articles
from knowledge.wiped import wiped_memory

log = logging.getLogger(__name__)

# Called with how many texts are embedded and how many there are to embed.
Progress = Callable[[int, int], None]

_PREFIX = "guidance-"
# An unfinished folder younger than this may belong to a builder that is still at work.
_ABANDONED_AFTER_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a build did: `embedded` texts are new, `reused` ones kept their vectors from the index before.

    A passage has several texts: itself, and the ways in which people ask for it.
    """

    passages: int
    embedded: int
    reused: int
    rebuilt: bool
    seconds: float


def build_index(
    directory: Path,
    embedder: TextEmbedder,
    progress: Progress | None = None,
    articles: Sequence[Article] | None = None,
) -> IndexReport:
    """Bring the index in `directory` up to date; do nothing when it is.

    The new index grows in a folder of its own and becomes current when the manifest names it, so that readers
    see the old index or the new one, and a build that is killed leaves the old one in place.
    """
    started = time.monotonic()
    documents = load_guidance() if articles is None else articles
    guidance = guidance_sha256(documents)
    before = read_manifest(directory)
    if before is not None and is_current(before, embedder, guidance):
        return IndexReport(before.passages, 0, 0, False, time.monotonic() - started)
    if isinstance(embedder, Embedder):
        embedder.verify()
    entries = split_articles(documents)
    texts = [text for entry in entries for text in entry.texts()]
    known = _known_vectors(directory, before, embedder)
    fresh = _embed_missing([text for text in texts if text not in known], embedder, progress)
    vectors = np.stack([fresh[text] if text in fresh else known[text] for text in texts])
    folder = _write(directory, entries, vectors, embedder, guidance, ours=articles is None)
    _sweep(directory, keep={folder, before.folder if before else folder})
    report = IndexReport(len(entries), len(fresh), len(texts) - len(fresh), True, time.monotonic() - started)
    log.info("index built: %s", report)
    return report


def _write(
    directory: Path, entries: Sequence[Entry], vectors: Vectors, embedder: TextEmbedder, guidance: str, ours: bool
) -> str:
    """Write a new index and make it current; return the name of its folder."""
    directory.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=directory))
    about = {"embedder": embedder.name, "embedder_sha256": embedder.sha256, "guidance_sha256": guidance}
    with wiped_memory(), store.opened(folder) as client:
        store.write(client, entries, vectors, about)
    if ours:
        write_elsewhere(folder, embedder)
    write_manifest(directory, Manifest(FORMAT, embedder.name, embedder.sha256, guidance, len(entries), folder.name))
    return folder.name


def _known_vectors(directory: Path, before: Manifest | None, embedder: TextEmbedder) -> dict[str, Vectors]:
    """Return the vectors of the index before, by their text, if the same embedder made them."""
    if before is None or before.format != FORMAT:
        return {}
    if (before.embedder, before.embedder_sha256) != (embedder.name, embedder.sha256):
        return {}
    with store.opened(directory / before.folder) as client:
        stored = store.read(store.collection_of(client))
    return dict(zip(stored.texts, stored.vectors, strict=True))


def _embed_missing(texts: Sequence[str], embedder: TextEmbedder, progress: Progress | None) -> dict[str, Vectors]:
    fresh: dict[str, Vectors] = {}
    for done, text in enumerate(texts, start=1):
        fresh[text] = embedder.embed([text])[0]
        if progress is not None:
            progress(done, len(texts))
    return fresh


def _sweep(directory: Path, keep: set[str]) -> None:
    """Remove older indexes; the one just replaced stays for the readers that have it open."""
    now = time.time()
    for folder in directory.glob(f"{_PREFIX}*"):
        if folder.name not in keep and now - folder.stat().st_mtime > _ABANDONED_AFTER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
