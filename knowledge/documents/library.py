"""Keeps the user's own documents in a folder that only the user can read. It knows no question and no interview.

DOCUMENTS/
  library/ID.json         name, kind and text of one document, and the sentences held back
  library/ID.offers.json  what was offered from it
  index/                  the passages of all of them in a Chroma collection of their own
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock

from knowledge.articles import Article
from knowledge.documents.extract import Extracted, extract, read_bytes
from knowledge.documents.part import Part
from knowledge.embedder import TextEmbedder
from knowledge.index import Progress, build_index
from knowledge.manifest import read_manifest
from tools.errors import InvalidInput, UnknownName

MOST_DOCUMENTS = 200


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """One document of the user's; `held` are its sentences that speak to a language model."""

    id: str
    name: str
    kind: str
    size: int
    added: str
    parts: tuple[Part, ...]
    held: tuple[str, ...]

    @property
    def pages(self) -> int | None:
        """The last page that has text, where there are pages."""
        return self.parts[-1].page

    def place(self, part: Part) -> str:
        """Name a part for a citation."""
        return f"{self.name}, page {part.page}" if part.page is not None else self.name


class Library:
    """The own documents in one folder; every change rewrites their index, so that what is removed is gone."""

    def __init__(self, folder: Path, embedder: TextEmbedder) -> None:
        self.folder, self.index = folder, folder / "index"
        self._texts = folder / "library"
        self._embedder = embedder
        self._read: dict[tuple[Path, int], OwnDocument] = {}

    def documents(self) -> list[OwnDocument]:
        """Return the documents by name."""
        if not self._texts.is_dir():
            return []
        files = [file for file in self._texts.glob("*.json") if not file.name.endswith(".offers.json")]
        before = self._read
        read: dict[tuple[Path, int], OwnDocument] = {}
        for file in files:
            with suppress(FileNotFoundError):  # removed by another process just now
                key = (file, file.stat().st_mtime_ns)
                read[key] = before.get(key) or _read(file)
        self._read = read
        return sorted(read.values(), key=lambda document: document.name.lower())

    def add(self, path: Path, today: date, progress: Progress | None = None) -> OwnDocument:
        """Take in a file; one of the same name is replaced."""
        return self.add_content(path.name, read_bytes(path), today, progress)

    def add_content(self, name: str, content: bytes, today: date, progress: Progress | None = None) -> OwnDocument:
        """Take in a file that is in memory; nothing is kept where it is refused."""
        shown = safe_name(name)
        extracted = extract(shown, content)
        with self._changing():
            others = [document for document in self.documents() if document.name != shown]
            if len(others) >= MOST_DOCUMENTS:
                raise InvalidInput(f"{shown}: there are {MOST_DOCUMENTS} documents already; remove one first")
            document = _document(shown, content, extracted, today)
            self._keep(document, others, progress)
        return document

    def remove(self, name: str, progress: Progress | None = None) -> OwnDocument:
        """Forget a document, by its name or id: its text, its passages and what was offered from it."""
        with self._changing():
            documents = self.documents()
            found = next((one for one in documents if name in (one.name, one.id)), None)
            if found is None:
                raise _unknown(name, documents)
            self._forget(found.id)
            self._rebuild([one for one in documents if one.id != found.id], progress)
        return found

    def rebuild(self, progress: Progress | None = None) -> int:
        """Bring the index up to date; return the number of documents."""
        documents = self.documents()
        if documents:
            with self._changing():
                self._rebuild(documents, progress)
        return len(documents)

    def keep_offers(self, document: OwnDocument, offers: Sequence[dict[str, Any]]) -> None:
        """Keep what was read from a document and may be offered; plain values only."""
        with self._changing():
            if (self._texts / f"{document.id}.json").is_file():
                self._write(f"{document.id}.offers.json", list(offers))

    def offers(self, document: OwnDocument) -> list[dict[str, Any]] | None:
        """Return what may be offered, or None where the document was not read for it yet."""
        try:
            offers: list[dict[str, Any]] = json.loads((self._texts / f"{document.id}.offers.json").read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return offers

    @contextmanager
    def _changing(self) -> Iterator[None]:
        self._texts.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        with FileLock(self.folder / ".lock", timeout=300):
            yield

    def _keep(self, document: OwnDocument, others: list[OwnDocument], progress: Progress | None) -> None:
        before = [one for one in self.documents() if one.name == document.name]
        self._write(f"{document.id}.json", asdict(document))
        try:
            self._rebuild([*others, document], progress)
        except BaseException:
            if document.id not in {one.id for one in before}:
                self._forget(document.id)
            raise
        for one in before:
            if one.id != document.id:
                self._forget(one.id)

    def _rebuild(self, documents: Sequence[OwnDocument], progress: Progress | None) -> None:
        """Write the index anew and delete the one before at once: Chroma keeps deleted text in its files."""
        if not documents:
            shutil.rmtree(self.index, ignore_errors=True)
            return
        articles = [article for document in documents for article in articles_of(document)]
        build_index(self.index, self._embedder, progress, articles)
        manifest = read_manifest(self.index)
        for old in self.index.iterdir():
            if old.is_dir() and (manifest is None or old.name != manifest.folder):
                shutil.rmtree(old, ignore_errors=True)

    def _forget(self, name: str) -> None:
        for file in (f"{name}.json", f"{name}.offers.json"):
            (self._texts / file).unlink(missing_ok=True)

    def _write(self, name: str, plain: object) -> None:
        draft = self._texts / f"{name}.draft"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(plain, file, ensure_ascii=False)
        draft.replace(self._texts / name)


def articles_of(document: OwnDocument) -> list[Article]:
    """Return a document as articles to index, one per page: their titles and sources are what citations say."""
    return [
        Article(
            name=f"own-{document.id}",
            source=document.place(part),
            title=f"Your {document.place(part)}",
            topics=("own",),  # Chroma stores no empty list
            claims=(),
            sources=(),
            asked={},
            reviewed=date.fromisoformat(document.added),
            body=part.text,
        )
        for part in document.parts
    ]


def safe_name(name: str) -> str:
    """Return a file's name without anything that could be markup or a path."""
    plain = re.sub(r"[^\w .,()&+-]", "_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:100]}{dot}{suffix[:20]}" if stem else plain[:100]


def _document(name: str, content: bytes, extracted: Extracted, today: date) -> OwnDocument:
    digest = hashlib.sha256(name.encode() + b"\x1f" + content).hexdigest()[:12]
    return OwnDocument(digest, name, extracted.kind, len(content), today.isoformat(), extracted.parts, extracted.held)


def _read(file: Path) -> OwnDocument:
    raw = json.loads(file.read_text(encoding="utf-8"))
    parts = tuple(Part(**part) for part in raw.pop("parts"))
    return OwnDocument(**{**raw, "parts": parts, "held": tuple(raw["held"])})


def _unknown(name: str, documents: Sequence[OwnDocument]) -> InvalidInput:
    if not documents:
        return UnknownName(f"{name}: you have added no documents; add one with `weighbridge knowledge add FILE`")
    return UnknownName.of("document", name, [document.name for document in documents])
