"""Reads JSON text into data with line numbers. It knows no fact.

The standard parser judges the text; the tokens of a text that it accepts are then placed.
"""

import json
import re
from bisect import bisect_right

from tools.errors import InvalidInput
from tools.located import DEEPEST, MOST_VALUES, Entry, Items, Leaf, Node, Repeated, Table

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}


def read_json(text: str, name: str) -> Node | None:
    """Return the value of a JSON text, None for an empty one; InvalidInput names file and line."""
    if not text.strip():
        return None
    try:
        # float() also takes numbers of a million digits, which int() refuses.
        json.loads(text, parse_int=float)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"{name}:{error.lineno}: not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise InvalidInput(f"{name}: nested deeper than {DEEPEST} levels") from None
    return _Reader(text, name).read()


class _Open:
    """A list or table whose end has not come yet."""

    def __init__(self, line: int, is_table: bool) -> None:
        self.line, self.is_table = line, is_table
        self.items: list[Node] = []
        self.entries: dict[str, Entry] = {}
        self.repeated: list[Repeated] = []
        self.key: tuple[str, int] | None = None

    def add(self, node: Node) -> None:
        if not self.is_table:
            self.items.append(node)
        elif self.key is None:
            assert isinstance(node, Leaf)
            self.key = (str(node.value), node.line or 0)
        else:
            (key, line), self.key = self.key, None
            if key in self.entries:
                self.repeated.append(Repeated(key, line, self.entries[key].line))
            else:
                self.entries[key] = Entry(node, line)

    def close(self) -> Node:
        if self.is_table:
            return Table(self.entries, self.line, tuple(self.repeated))
        return Items(tuple(self.items), self.line)


class _Reader:
    """Places the tokens of a text that is known to be JSON."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.starts = [match.end() for match in re.finditer("\n", text)]

    def read(self) -> Node:
        stack = [_Open(1, False)]
        for count, match in enumerate(_TOKEN.finditer(self.text)):
            token, line = match[0], bisect_right(self.starts, match.start()) + 1
            if len(stack) > DEEPEST:
                raise InvalidInput(f"{self.name}:{line}: nested deeper than {DEEPEST} levels")
            if count > 4 * MOST_VALUES:
                raise InvalidInput(f"{self.name}:{line}: more than {MOST_VALUES:,} values")
            if token in "{[":
                stack.append(_Open(line, token == "{"))
            elif token in "}]":
                closed = stack.pop().close()
                stack[-1].add(closed)
            elif token not in ":,":
                stack[-1].add(_leaf(token, line))
        return stack[0].items[0]


def _leaf(token: str, line: int) -> Leaf:
    if token.startswith('"'):
        text = str(json.loads(token))
        return Leaf(text, line, text)
    if token in _WORDS:
        return Leaf(_WORDS[token], line, token)
    whole = token.lstrip("-").isdigit() and len(token) < 16
    return Leaf(int(token) if whole else float(token), line, token)
