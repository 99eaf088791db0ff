"""Checks the user's own values for entries of `assumptions.yaml`, as a portfolio file gives them. It applies none."""

from collections.abc import Mapping
from typing import Any

from tools.assumptions import AssumedFigure, check_assumption, listed_assumptions
from tools.errors import InvalidInput, UnknownName
from tools.file_problems import Problems
from tools.located import Entry, Leaf, Node, Table, plain, shown

_SHARES = ("share", "shares", "probability")
# What time or capacity is divided by, or counted in, cannot be nothing; and each month is computed.
_COUNTED = ("days", "months")
_DIVISORS = ("target_utilisation",)
_MOST_MONTHS = 600


def read_assumptions(entry: Entry | None, problems: Problems) -> Mapping[str, Any]:
    """Return the values that fit, by key; what does not fit is noted with its line."""
    if entry is None or (isinstance(entry.node, Leaf) and entry.node.value is None):
        return {}
    if not isinstance(entry.node, Table):
        problems.add(entry.line, "assumptions", f"expected a table of key and value, got {shown(entry.node)}")
        return {}
    for again in entry.node.repeated:
        problems.add(again.line, f"assumptions: {again.key}", f"is given twice (first on line {again.first_line})")
    found: dict[str, Any] = {}
    for key, given in entry.node.entries.items():
        listed = listed_assumptions().get(key)
        if listed is None:
            text = str(UnknownName.of("assumption", key, listed_assumptions()))
            problems.add(given.line, "assumptions", text)
        elif _check(listed, given, problems):
            found[key] = plain(given.node)
    return found


def _check(listed: AssumedFigure, given: Entry, problems: Problems) -> bool:
    """Check one entry, a table key by key so that the line is the key's own."""
    node = given.node
    parts: list[tuple[str, Entry, Any]] = [(f"assumptions: {listed.key}", given, plain(node))]
    if isinstance(node, Table) and isinstance(listed.value, Mapping):
        parts = [
            (f"assumptions: {listed.key}: {name}", entry, {name: plain(entry.node)})
            for name, entry in node.entries.items()
        ]
        for again in node.repeated:
            problems.add(again.line, f"assumptions: {listed.key}: {again.key}", "is given twice")
    good = True
    for place, entry, value in parts:
        problem = _problem(listed, entry.node, value)
        if problem:
            problems.add(entry.line, place, problem)
            good = False
    return good


def _problem(listed: AssumedFigure, node: Node, value: Any) -> str:
    try:
        check_assumption(listed.key, value)
    except InvalidInput as error:
        return str(error).removeprefix(f"{listed.key}: ")
    words = listed.unit.replace(",", " ").split()
    figures = [figure for figure in _figures(value) if isinstance(figure, int | float)]
    if words and words[0] in _SHARES and any(figure > 1 for figure in figures):
        hint = f"; write {figures[0] / 100:g}" if len(figures) == 1 and figures[0] <= 100 else ""
        return f"{shown(node)} does not fit; expected a share from 0 to 1 ({listed.unit}){hint}"
    counted = listed.key in _DIVISORS or (words and words[0] in _COUNTED)
    if counted and any(figure <= 0 for figure in figures):
        return f"{shown(node)} does not fit; expected a number above 0 ({listed.unit})"
    if words and words[0] == "months" and any(not 1 <= figure <= _MOST_MONTHS for figure in figures):
        return f"{shown(node)} does not fit; expected a number from 1 to {_MOST_MONTHS} ({listed.unit})"
    if isinstance(value, list) and len(figures) == len(value) > 1 and figures != sorted(figures):
        return f"{shown(node)} does not fit; expected rising numbers ({listed.unit})"
    return ""


def _figures(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [figure for inner in value.values() for figure in _figures(inner)]
    return list(value) if isinstance(value, list) else [value]
