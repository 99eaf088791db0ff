"""Reads YAML text into data with line numbers, from the parser's events. It knows no fact.

Events instead of nodes, because composing recurses in C: a file of ten thousand brackets would end the process.
Numbers are read as people write them: 1e6 is a number, 12:30 and 2026-11-22 are texts, 010 is not eight.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from tools.data_files import yaml_problem
from tools.errors import InvalidInput
from tools.located import DEEPEST, MOST_VALUES, Entry, Items, Leaf, Node, Repeated, Scalar, Table

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9_]*)(?:\.[0-9_]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WHOLE = re.compile(r"[-+]?[0-9_]{1,15}")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null"), None),
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
    **dict.fromkeys((".inf", "+.inf"), float("inf")),
    "-.inf": float("-inf"),
    ".nan": float("nan"),
}
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")
_LIST_TAGS = (None, "!", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map")


@dataclass(slots=True)
class _Open:
    """A list or table whose end has not come yet."""

    line: int
    anchor: str | None
    is_table: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    repeated: list[Repeated] = field(default_factory=list)
    merged: list[Node] = field(default_factory=list)
    key: tuple[str, int] | None = None

    def close(self) -> Node:
        if not self.is_table:
            return Items(tuple(self.items), self.line)
        for node in self.merged:
            for table in node.items if isinstance(node, Items) else (node,):
                for key, entry in table.entries.items() if isinstance(table, Table) else ():
                    self.entries.setdefault(key, entry)
        return Table(self.entries, self.line, tuple(self.repeated))


def read_yaml(text: str, name: str) -> Node | None:
    """Return the one document of a YAML text, None for an empty one; InvalidInput names file and line."""
    try:
        return _Reader(name).read(_events(text))
    except yaml.YAMLError as error:
        line, problem = yaml_problem(error)
        if line is None:
            raise InvalidInput(f"{name}: not readable as YAML: {problem}") from None
        lines = text.split("\n")
        line = min(line, len(lines))
        tab = "\t" in lines[line - 1]
        hint = " (there is a tab in this line; YAML is indented with spaces)" if tab else ""
        raise InvalidInput(f"{name}:{line}: not readable as YAML: {problem}{hint}") from None


def _events(text: str) -> Iterator[yaml.Event]:
    loader = _Loader(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


class _Reader:
    """Builds the tree; every list or table that is open is on the stack."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Node | None = None
        self.documents = 0
        self.values = 0
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.started: list[int] = []

    def read(self, events: Iterator[yaml.Event]) -> Node | None:
        for event in events:
            line = _line_of(event)
            if isinstance(event, yaml.ScalarEvent):
                self._count(1, line)
                self._add(_leaf(event, self.name), event.anchor, 1)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event.anchor or "", line)
            elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
                self._open(event, line)
            elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                closed = self.stack.pop()
                self._add(closed.close(), closed.anchor, self.values - self.started.pop())
            elif isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    raise InvalidInput(f"{self.name}:{line}: a second document begins; expected one per file")
        return None if isinstance(self.root, Leaf) and self.root.value is None else self.root

    def _open(self, event: yaml.CollectionStartEvent, line: int) -> None:
        if event.tag not in _LIST_TAGS:
            raise InvalidInput(f"{self.name}:{line}: tag {event.tag}: expected plain data without tags")
        if len(self.stack) >= DEEPEST:
            raise InvalidInput(f"{self.name}:{line}: nested deeper than {DEEPEST} levels")
        self._count(1, line)
        self.started.append(self.values - 1)
        self.stack.append(_Open(line, event.anchor, isinstance(event, yaml.MappingStartEvent)))

    def _alias(self, anchor: str, line: int) -> None:
        if anchor not in self.anchors:
            raise InvalidInput(f"{self.name}:{line}: *{anchor}: no complete value before this is marked &{anchor}")
        node, size = self.anchors[anchor]
        self._count(size, line)
        self._add(node, None, size)

    def _count(self, more: int, line: int) -> None:
        self.values += more
        if self.values > MOST_VALUES:
            raise InvalidInput(f"{self.name}:{line}: more than {MOST_VALUES:,} values, aliases written out")

    def _add(self, node: Node, anchor: str | None, size: int) -> None:
        if anchor:
            self.anchors[anchor] = (node, size)
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if not top.is_table:
            top.items.append(node)
        elif top.key is None:
            if not isinstance(node, Leaf):
                raise InvalidInput(f"{self.name}:{node.line}: a list or table as a key; expected a text")
            top.key = (node.text, node.line or 0)
        else:
            self._put(top, *top.key, node)
            top.key = None

    def _put(self, top: _Open, key: str, line: int, node: Node) -> None:
        if key == "<<":
            top.merged.append(node)
        elif key in top.entries:
            top.repeated.append(Repeated(key, line, top.entries[key].line))
        else:
            top.entries[key] = Entry(node, line)


def _line_of(event: yaml.Event) -> int:
    """Return the line on which an event begins, counted from 1; every event of a parsed text has one."""
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _leaf(event: yaml.ScalarEvent, name: str) -> Leaf:
    line = _line_of(event)
    if event.tag is not None and not any(event.implicit):
        if event.tag not in _TEXT_TAGS:
            raise InvalidInput(f"{name}:{line}: tag {event.tag}: expected plain data without tags")
        return Leaf(event.value, line, event.value)
    value = scalar_of(event.value) if event.implicit[0] else event.value
    return Leaf(value, line, event.value)


def scalar_of(text: str) -> Scalar:
    """Return what an unquoted text means: nothing, true or false, a number, or the text itself."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if not _NUMBER.fullmatch(text):
        return text
    digits = text.replace("_", "")
    return int(digits) if _WHOLE.fullmatch(text) else float(digits)
