"""Builds the guidance index: articles to passages, passages to vectors, vectors to disk. It answers no query."""

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
from knowledge.embedder import Embedder, TextEmbedder, Vectors
from knowledge.manifest import FORMAT, Manifest, guidance_sha256, is_current, read_manifest, write_manifest
from knowledge.passages import Passage, searchable_text, split_articles
from knowledge.retrieve import Retriever

__all__ = ["IndexReport", "Progress", "Retriever", "build_index"]

log = logging.getLogger(__name__)

# Called with how many passages are embedded and how many there are to embed.
Progress = Callable[[int, int], None]

_PREFIX = "guidance-"
# An unfinished folder younger than this may belong to a builder that is still at work.
_ABANDONED_AFTER_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a build did: `embedded` passages are new, `reused` ones kept their vectors from the index before."""

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
        return IndexReport(before.passages, 0, before.passages, False, time.monotonic() - started)
    if isinstance(embedder, Embedder):
        embedder.verify()
    passages = split_articles(documents)
    known = _known_vectors(directory, before, embedder)
    vectors = _vectors(passages, known, embedder, progress)
    directory.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=directory))
    about = {"embedder": embedder.name, "embedder_sha256": embedder.sha256, "guidance_sha256": guidance}
    with store.opened(folder) as client:
        store.write(client, passages, vectors, about)
    write_manifest(
        directory, Manifest(FORMAT, embedder.name, embedder.sha256, guidance, len(passages), folder.name)
    )
    _sweep(directory, keep={folder.name, before.folder if before else folder.name})
    reused = sum(passage.id in known for passage in passages)
    seconds = time.monotonic() - started
    log.info("index built: %d passages, %d embedded, %.1f s", len(passages), len(passages) - reused, seconds)
    return IndexReport(len(passages), len(passages) - reused, reused, True, seconds)


def _known_vectors(directory: Path, before: Manifest | None, embedder: TextEmbedder) -> dict[str, Vectors]:
    """Return the vectors of the index before, by passage id; ids hash the text, so equal ids mean equal text."""
    if before is None or before.format != FORMAT:
        return {}
    if (before.embedder, before.embedder_sha256) != (embedder.name, embedder.sha256):
        return {}
    with store.opened(directory / before.folder) as client:
        stored = store.read(store.collection_of(client))
    return {passage.id: stored.vectors[row] for row, passage in enumerate(stored.passages)}


def _vectors(
    passages: Sequence[Passage], known: dict[str, Vectors], embedder: TextEmbedder, progress: Progress | None
) -> Vectors:
    missing = [passage for passage in passages if passage.id not in known]
    fresh: dict[str, Vectors] = {}
    for done, passage in enumerate(missing, start=1):
        fresh[passage.id] = embedder.embed([searchable_text(passage)])[0]
        if progress is not None:
            progress(done, len(missing))
    rows = [fresh[passage.id] if passage.id in fresh else known[passage.id] for passage in passages]
    return np.stack(rows)


def _sweep(directory: Path, keep: set[str]) -> None:
    """Remove older indexes; the one just replaced stays for the readers that have it open."""
    now = time.time()
    for folder in directory.glob(f"{_PREFIX}*"):
        if folder.name not in keep and now - folder.stat().st_mtime > _ABANDONED_AFTER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
