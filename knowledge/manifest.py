"""The small file that says which index is current and what it was built from. It opens no index.

Reading it is the cheap answer to "is the index up to date?": no vector, no database, no model. It is also the
commit point of a build: an index becomes current when its manifest replaces the old one, in one step.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge.articles import Article, load_guidance
from knowledge.elsewhere import elsewhere_texts
from knowledge.embedder import TextEmbedder
from knowledge.passages import FEWEST_WORDS, MOST_WORDS
from tools.errors import IndexMissing

MANIFEST = "manifest.json"

# Raised when passages are cut, embedded or stored in another way, so that old indexes are rebuilt.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the current index was built from, and the folder that holds it."""

    format: int
    embedder: str
    embedder_sha256: str
    guidance_sha256: str
    passages: int
    folder: str


def guidance_sha256(articles: Iterable[Article]) -> str:
    """Return one hash over everything of the articles that the index holds."""
    digest = hashlib.sha256(f"{FORMAT} {FEWEST_WORDS} {MOST_WORDS}".encode())
    digest.update("\n".join(elsewhere_texts()).encode())
    for article in articles:
        asked = json.dumps(dict(article.asked), sort_keys=True)
        for part in (article.source, article.title, ",".join(article.topics), asked, article.body):
            digest.update(b"\x1f" + part.encode())
    return digest.hexdigest()


def read_manifest(directory: Path) -> Manifest | None:
    """Return the current manifest, or None where there is no usable one."""
    try:
        manifest = Manifest(**json.loads((directory / MANIFEST).read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError, TypeError):
        return None
    return manifest if (directory / manifest.folder).is_dir() else None


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Make an index the current one, in one step."""
    draft = directory / f"{MANIFEST}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    draft.replace(directory / MANIFEST)


def is_current(manifest: Manifest | None, embedder: TextEmbedder, guidance: str) -> bool:
    """Say whether an index was built from this guidance with this embedder."""
    return (
        manifest is not None
        and manifest.format == FORMAT
        and (manifest.embedder, manifest.embedder_sha256) == (embedder.name, embedder.sha256)
        and manifest.guidance_sha256 == guidance
    )


def require_current(directory: Path, embedder: TextEmbedder) -> Manifest:
    """Return the manifest of an index that is up to date, or say how to get one."""
    manifest = read_manifest(directory)
    if manifest is None:
        raise IndexMissing(f"No guidance index in {directory}. Run `weighbridge knowledge build`.")
    if not is_current(manifest, embedder, guidance_sha256(load_guidance())):
        raise IndexMissing(
            f"The guidance index in {directory} was built from other text or with another embedder. "
            "Run `weighbridge knowledge build`."
        )
    return manifest
