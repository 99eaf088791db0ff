"""Reads a portfolio from CSV text: one row per workload, one column per fact. It knows column names and no meaning.

The header names `name` and facts of workloads; `organization.FACT` columns hold the organization's facts and
`assumptions.KEY` columns the user's own figures. Those two are said once: rows may leave them empty, and must not
disagree. An empty cell is an unknown fact. Sets are written `pii;health` (or `pii|health` or `[pii, health]`), ranges
`5..15` (or `[5, 15]`), flags true or false, numbers with a decimal point and without thousands separators. The
delimiter is a comma, a semicolon or a tab, whichever the header uses most; a first line `sep=;` is understood.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.errors import InvalidInput, UnknownName
from tools.facts import FactSpec, fact_dictionary
from tools.file_problems import Problems
from tools.file_yaml import scalar_of
from tools.located import Entry, Items, Leaf, Node, Table

_DELIMITERS = (",", ";", "\t")
_MOST_ROWS = 100_000
_SHARED = ("organization", "assumptions")
_RANGE = re.compile(r"\[\s*([^,\]]+?)\s*,\s*([^,\]]+?)\s*\]|(\S+?)\s*\.\.\s*(\S+)")
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class _Column:
    """A named column: which part of the portfolio it fills ('' is the workload's facts), and with which key."""

    index: int
    part: str
    key: str

    @property
    def label(self) -> str:
        return f"{self.part}.{self.key}" if self.part else self.key


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of cells with the line on which it begins."""

    line: int
    cells: Sequence[str]


def read_csv(text: str, problems: Problems) -> Node | None:
    """Return the portfolio as the YAML form would give it, None for an empty text; problems are noted by row."""
    problems.by_row = True
    rows = list(_rows(text, problems.file))
    if not rows:
        return None
    header, *body = rows
    columns = _columns(header, problems)
    if not any(column.key == "name" and not column.part for column in columns):
        problems.add(header.line, "", "the first row has no column 'name'; expected the names of facts as the header")
        problems.raise_any()
    shared: dict[str, dict[str, Entry]] = {part: {} for part in _SHARED}
    workloads = [_workload(row, columns, header, shared, problems) for row in body]
    if not workloads:
        problems.add(header.line, "", "there is no row below the header; expected one row per workload")
        problems.raise_any()
    top = {part: Entry(Table(entries, header.line), header.line) for part, entries in shared.items() if entries}
    return Table({**top, "workloads": Entry(Items(tuple(workloads), header.line), header.line)}, header.line)


def _rows(text: str, file: str) -> Iterator[_Row]:
    """Yield the rows that hold something; the dialect is strict, so that a quote left open is found."""
    first, _, rest = text.partition("\n")
    declared = re.fullmatch(r"sep=(.)\s*", first)
    skipped, body = (1, rest) if declared else (0, text)
    reader = csv.reader(
        io.StringIO(body, newline=""), delimiter=declared[1] if declared else _delimiter(body), strict=True
    )
    line = 1
    try:
        for cells in reader:
            if line > _MOST_ROWS:
                raise InvalidInput(f"{file}: more than {_MOST_ROWS:,} rows; expected one row per workload")
            if any(cell.strip() for cell in cells):
                yield _Row(line + skipped, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput(f"{file}:{line + skipped}: not readable as CSV: {error} (is a quote left open?)") from None


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=bare.count)


def _columns(header: _Row, problems: Problems) -> list[_Column]:
    found: list[_Column] = []
    seen: dict[str, int] = {}
    for index, cell in enumerate(header.cells):
        label = cell.strip()
        if not label:
            continue
        if label in seen:
            text = f"the column is given twice (columns {seen[label] + 1} and {index + 1})"
            problems.add(header.line, f"column {label}", text)
            continue
        seen[label] = index
        part, _, key = label.rpartition(".")
        text = _column_problem(label, part, key)
        if text:
            problems.add(header.line, f"column {label}", text)
        else:
            found.append(_Column(index, part, key))
    return found


def _column_problem(label: str, part: str, key: str) -> str:
    facts = fact_dictionary()
    if part == "assumptions" or (not part and key == "name"):
        return ""
    scope = "organization" if part == "organization" else "workload"
    names = ["name"] if scope == "workload" else []
    names += [name for name, spec in facts.items() if spec.scope == scope]
    if part in ("", "organization") and key in facts:
        right = f"organization.{key}" if facts[key].scope == "organization" else key
        return "" if right == label else f"expected it as column {right}"
    return str(UnknownName.of("column", key if part in _SHARED else label, names))


def _workload(
    row: _Row, columns: Sequence[_Column], header: _Row, shared: dict[str, dict[str, Entry]], problems: Problems
) -> Table:
    """Turn a row into the table of a workload; shared cells go to `shared`."""
    entries: dict[str, Entry] = {}
    facts: dict[str, Entry] = {}
    named = {column.index for column in columns}
    for index, cell in enumerate(row.cells):
        unnamed = index >= len(header.cells) or not header.cells[index].strip()
        if cell.strip() and index not in named and unnamed:
            text = f"{cell.strip()[:40]!r} is in column {index + 1}, which has no name (a comma in a text needs quotes)"
            problems.add(row.line, f"row {row.line}", text)
    for column in columns:
        cell = row.cells[column.index].strip() if column.index < len(row.cells) else ""
        if column.key == "name" and not column.part:
            entries["name"] = Entry(Leaf(cell or None, row.line, cell), row.line)
        elif cell:
            entry = Entry(_cell(fact_dictionary().get(column.key), cell, row.line), row.line)
            if column.part:
                _share(shared[column.part], column, entry, cell, problems)
            else:
                facts[column.key] = entry
    return Table({**entries, "facts": Entry(Table(facts, row.line), row.line)}, row.line)


def _share(entries: dict[str, Entry], column: _Column, entry: Entry, cell: str, problems: Problems) -> None:
    before = entries.setdefault(column.key, entry)
    if before.node != entry.node and _bare(before.node) != _bare(entry.node):
        text = f"{cell!r} disagrees with line {before.line}; expected the same in every row, or empty cells"
        problems.add(entry.line, f"column {column.label}", text)


def _bare(node: Node) -> object:
    return tuple(map(_bare, node.items)) if isinstance(node, Items) else getattr(node, "value", None)


def _cell(spec: FactSpec | None, cell: str, line: int) -> Node:
    """Return what a cell means for the type of its fact; what it cannot mean stays text and is refused later."""
    if spec is not None and spec.type in ("choice", "text"):
        return Leaf(cell, line, cell)
    if spec is not None and spec.type == "flag":
        return Leaf(_WORDS.get(cell.casefold(), cell), line, cell)
    if spec is not None and spec.type == "set":
        inner = cell[1:-1].split(",") if cell.startswith("[") and cell.endswith("]") else re.split(r"[;|]", cell)
        return Items(tuple(Leaf(part.strip(), line, part.strip()) for part in inner if part.strip()), line)
    bounds = _RANGE.fullmatch(cell)
    if bounds:
        low_high = [part for part in bounds.groups() if part is not None]
        return Items(tuple(Leaf(scalar_of(part), line, part) for part in low_high), line)
    return Leaf(scalar_of(cell), line, cell)
