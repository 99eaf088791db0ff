"""Plain data that remembers where it was written: leaves, lists and tables with line numbers. It knows no format."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.errors import InvalidInput

DEEPEST = 40
MOST_VALUES = 1_000_000

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value with the line it is on and the characters that spell it; data without a file has no line."""

    value: Scalar
    line: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: "tuple[Node, ...]"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a table with the line of its key."""

    node: "Node"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A key given again: the first value stays."""

    key: str
    line: int | None
    first_line: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping from text to values, with the keys that were given more than once."""

    entries: Mapping[str, Entry]
    line: int | None = None
    repeated: tuple[Repeated, ...] = field(default=())


Node = Leaf | Items | Table


def plain(node: Node) -> Any:
    """Return the data alone."""
    if isinstance(node, Table):
        return {key: plain(entry.node) for key, entry in node.entries.items()}
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return node.value


def repeated_keys(node: Node) -> Iterator[Repeated]:
    """Yield every key that was given more than once, in any table."""
    if isinstance(node, Table):
        yield from node.repeated
    children = [entry.node for entry in node.entries.values()] if isinstance(node, Table) else ()
    for child in node.items if isinstance(node, Items) else children:
        yield from repeated_keys(child)


def located(raw: object, depth: int = 0) -> Node:
    """Wrap plain data, without lines; what is no data becomes the text of it."""
    if depth > DEEPEST:
        raise InvalidInput(f"the data is nested deeper than {DEEPEST} levels")
    if isinstance(raw, Mapping):
        return Table({str(key): Entry(located(value, depth + 1)) for key, value in raw.items()})
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return Items(tuple(located(value, depth + 1) for value in raw))
    if raw is None or isinstance(raw, str | bool | int | float):
        return Leaf(raw, None, spelled(raw))
    return Leaf(str(raw), None, str(raw))


def spelled(value: Scalar) -> str:
    """Return a value as a file spells it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def shown(node: Node, longest: int = 60) -> str:
    """Return what was written, shortened, for a message: texts in quotes, numbers as they are."""
    if isinstance(node, Leaf):
        text = repr(node.value) if isinstance(node.value, str) else node.text or spelled(node.value)
    elif isinstance(node, Items):
        text = f"[{', '.join(shown(item, 20) for item in node.items[:6])}{', …' if len(node.items) > 6 else ''}]"
    else:
        text = f"{{{', '.join(list(node.entries)[:6])}{', …' if len(node.entries) > 6 else ''}}}"
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
