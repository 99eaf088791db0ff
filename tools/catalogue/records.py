"""Turns a data table into frozen values, strictly. It knows no table's meaning."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from tools.data_files import load_table
from tools.errors import InvalidInput

Confidence = Literal["read-in-source", "secondary", "unverified", "judgement"]
STRICT_KEYS = ConfigDict(extra="forbid")

T = TypeVar("T")


class Identified(Protocol):
    """A record with an id of its own."""

    @property
    def id(self) -> str:
        """The id."""


R = TypeVar("R", bound=Identified)


def load_records(file: str, key: str, record: type[T]) -> tuple[T, ...]:
    """Load the list under `key` of a table as values of `record`; InvalidInput names file, entry and key."""
    entries = load_table(file).get(key)
    if not isinstance(entries, list):
        raise InvalidInput(f"tools/data/{file}: {key}: expected a list of entries")
    try:
        return tuple(TypeAdapter(list[record]).validate_python(entries))  # type: ignore[valid-type]
    except ValidationError as error:
        raise InvalidInput(f"tools/data/{file}: {_describe(error, entries)}") from error


def _describe(error: ValidationError, entries: list[Any]) -> str:
    problems = error.errors(include_url=False)
    # A misspelt key also leaves the right one missing; the misspelling is what to tell.
    first = next((p for p in problems if p["type"] == "unexpected_keyword_argument"), problems[0])
    index, *path = first["loc"]
    entry = entries[index] if isinstance(index, int) else {}
    name = entry.get("id", f"entry {index}") if isinstance(entry, Mapping) else f"entry {index}"
    return f"{name}: {'.'.join(str(part) for part in path)}: {first['msg']}"


def by_id(file: str, records: Iterable[R]) -> Mapping[str, R]:
    """Index values by their `id`; an id given twice is an error."""
    indexed: dict[str, R] = {}
    for record in records:
        if record.id in indexed:
            raise InvalidInput(f"tools/data/{file}: {record.id}: the id is given twice")
        indexed[record.id] = record
    return MappingProxyType(indexed)
