"""Finds the entries of any data table with their source, date and confidence. It knows no table's meaning.

An entry is an element of a section: of a list of tables, of a table of tables, or the section itself. What an entry
does not say of its provenance it takes from the section or the file around it. Deeper tables that name a source or a
confidence of their own are entries too, but `nested`: they are checked, not counted.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from tools.data_files import load_table
from tools.errors import InvalidInput

RULES_FILE = "data_check.yaml"
PROVENANCE = ("source", "checked", "confidence")
_NAMES = ("id", "row_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRule:
    """What holds for one table.

    `exempt`: why it is not checked at all. `plain`: sections that carry no figures from the world. `within`: sections
    whose elements only hold the entries. `id`: the keys that name an entry. `dated_by`: the key of an entry's own date,
    which goes before `checked`. `checked`, `source`, `confidence`: for entries that do not say, in a file that does not
    either. `points_to`: key (dotted where it lies deeper) to the table whose ids its values must be; `outside`: values
    that are meant to be no ids.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    oldest_days: int = 180
    exempt: str = ""
    plain: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    dated_by: str = "checked"
    checked: date | None = None
    source: str = ""
    confidence: str = ""
    points_to: Mapping[str, str] = field(default_factory=dict)
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One entry: where it is, what it says of its provenance ('' and None where it says nothing), and its data."""

    file: str
    section: str
    name: str
    source: str
    checked: date | None
    confidence: str
    data: Mapping[str, Any]
    nested: bool = False


@cache
def table_rules() -> Mapping[str, TableRule]:
    """Load the rules of all tables, by file; a table without one has the usual rule."""
    try:
        return TypeAdapter(dict[str, TableRule]).validate_python(load_table(RULES_FILE)["tables"])
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise InvalidInput(f"tools/data/{RULES_FILE}: tables: {where}: {problem['msg']}") from error


def rule_of(file: str) -> TableRule:
    """Return the rule of a table."""
    return table_rules().get(file, TableRule())


@cache
def table_files() -> tuple[str, ...]:
    """Return the names of all tables in `tools/data`."""
    names = sorted(entry.name for entry in files("tools").joinpath("data").iterdir())
    return tuple(name for name in names if name.endswith((".yaml", ".csv")))


@cache
def load_entries(file: str) -> tuple[TableEntry, ...]:
    """Return the entries of one table of `tools/data`."""
    if file.endswith(".csv"):
        text = files("tools").joinpath("data", file).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        return entries_of(file, {"rows": list(csv.DictReader(io.StringIO("\n".join(lines))))}, rule_of(file))
    return entries_of(file, load_table(file), rule_of(file))


def entries_of(file: str, table: object, rule: TableRule) -> tuple[TableEntry, ...]:
    """Return the entries of a table that is already loaded."""
    if not isinstance(table, Mapping):
        raise InvalidInput(f"tools/data/{file}: expected a table of sections")
    found = _Entries(file, rule)
    outer = found.inherit({"source": rule.source, "checked": rule.checked, "confidence": rule.confidence}, table)
    return tuple(
        entry
        for section, value in table.items()
        if section not in (*PROVENANCE, rule.dated_by, *rule.plain)
        for entry in found.in_section(str(section), value, outer)
    )


@dataclass(frozen=True, slots=True)
class _Entries:
    """Walks one table."""

    file: str
    rule: TableRule

    def in_section(self, section: str, value: object, outer: Mapping[str, Any]) -> Iterator[TableEntry]:
        if isinstance(value, Sequence) and not isinstance(value, str):
            for index, element in enumerate(value):
                if isinstance(element, Mapping):
                    yield from self._entry(section, self._name(element, f"{section}[{index}]"), element, outer)
        elif isinstance(value, Mapping) and value:
            inner = self.inherit(outer, value)
            elements = {key: element for key, element in value.items() if key not in (*PROVENANCE, self.rule.dated_by)}
            if elements and all(isinstance(element, Mapping) for element in elements.values()):
                for key, element in elements.items():
                    yield from self._entry(section, str(key), element, inner)
            else:
                yield from self._entry(section, section, value, outer)

    def _entry(
        self, section: str, name: str, data: Mapping[str, Any], outer: Mapping[str, Any]
    ) -> Iterator[TableEntry]:
        said = self.inherit(outer, data)
        if section not in self.rule.within:
            yield self._made(section, name, data, said, nested=False)
        yield from self._inside(section, name, data, said)

    def _inside(self, section: str, name: str, value: object, outer: Mapping[str, Any]) -> Iterator[TableEntry]:
        if isinstance(value, Mapping):
            children: Iterator[tuple[str, object]] = ((f"{name}.{key}", child) for key, child in value.items())
        elif isinstance(value, Sequence) and not isinstance(value, str):
            children = ((f"{name}[{index}]", child) for index, child in enumerate(value))
        else:
            return
        for inner_name, child in children:
            said = self.inherit(outer, child) if isinstance(child, Mapping) else outer
            if isinstance(child, Mapping) and ("source" in child or "confidence" in child):
                nested = section not in self.rule.within
                yield self._made(section, inner_name, child, said, nested=nested)
            yield from self._inside(section, inner_name, child, said)

    def _made(
        self, section: str, name: str, data: Mapping[str, Any], said: Mapping[str, Any], *, nested: bool
    ) -> TableEntry:
        source, day, confidence = said["source"], _day(said["checked"]), said["confidence"]
        return TableEntry(self.file, section, name, _text(source), day, _text(confidence), data, nested)

    def inherit(self, outer: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
        """Return the provenance inside: its own where it says something, and that around it elsewhere."""
        # An empty source is an entry without one, not one that takes over the file's.
        said = {name: inner[name] if name in inner else outer[name] for name in PROVENANCE}
        if self.rule.dated_by in inner:
            said["checked"] = inner[self.rule.dated_by]
        return said

    def _name(self, data: Mapping[str, Any], fallback: str) -> str:
        if self.rule.id:
            return " ".join(str(data.get(key, "?")) for key in self.rule.id)
        return next((str(data[key]) for key in _NAMES if key in data), fallback)


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return str(value.get("url") or value.get("title") or "")
    return "" if value is None else str(value).strip()


def _day(value: object) -> date | None:
    """Return a date given as one, as ISO text, or as a month (its first day)."""
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    for form in (text, f"{text}-01", f"{text}-01-01"):
        try:
            return date.fromisoformat(form)
        except ValueError:
            continue
    return None
