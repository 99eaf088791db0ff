"""Shows the figures that the tools assume, and reads the user's own values for them. It stores nothing.

A figure is named by the entry's key, and by key and name (`self_host_engineers.none`) in a table.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tools.assumptions import AssumedFigure, check_assumption, listed_assumptions
from tools.errors import InvalidInput, UnknownName
from ui.page.cards import card

_APART = "."


def assumptions_card(own: Mapping[str, Any]) -> str:
    """Return every entry with its figures, unit, confidence and source; the user's own values stand out."""
    entries = [
        {
            "words": key.replace("_", " "),
            "unit": figure.unit,
            "confidence": figure.confidence,
            "source": figure.source,
            "rows": [_row(path, listed, own) for path, listed in _figures((key,), figure.value)],
        }
        for key, figure in listed_assumptions().items()
    ]
    return card("assumptions", entries=entries, count=len(entries), changed=len(own))


def changed_assumption(own: Mapping[str, Any], name: str, typed: str | None) -> tuple[str, Any]:
    """Return key and whole own value after one figure was typed, or reset where `typed` is None.

    The value is None where nothing of the entry is the user's own any more. InvalidInput says what does not fit.
    """
    key, *path = name.split(_APART)
    if key not in listed_assumptions():
        raise UnknownName.of("assumption", key, listed_assumptions())
    listed = listed_assumptions()[key]
    figure = None if typed is None else _figure(listed, path, typed)
    value = _replaced(own.get(key), path, figure)
    return key, None if value is None else check_assumption(key, value)


def _figures(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _figures((*path, name), inner)
    else:
        yield path, value


def _row(path: tuple[str, ...], listed: Any, own: Mapping[str, Any]) -> dict[str, Any]:
    mine = _found(own, path)
    return {
        "id": _APART.join(path),
        "words": ", ".join(part.replace("_", " ") for part in path[1:]),
        "value": _written(listed if mine is None else mine),
        "listed": _written(listed),
        "is_own": mine is not None,
        "editable": _is_number(listed) or (isinstance(listed, list) and all(map(_is_number, listed))),
    }


def _found(tree: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(tree, Mapping) or name not in tree:
            return None
        tree = tree[name]
    return tree


def _replaced(tree: Any, path: list[str], figure: Any) -> Any:
    """Return the tree with one figure set, or left out where it is None; None where nothing is left."""
    if not path:
        return figure
    kept = dict(tree or {})
    inner = _replaced(kept.pop(path[0], None), path[1:], figure)
    return {**kept, path[0]: inner} if inner is not None else kept or None


def _figure(listed: AssumedFigure, path: list[str], typed: str) -> Any:
    """Read what was typed: a number, or as many numbers as the listed entry has, with spaces or semicolons between."""
    like = _found(listed.value, tuple(path)) if path else listed.value
    words = typed.replace(";", " ").split()
    try:
        numbers = [float(word.replace(",", "")) for word in words]
    except ValueError:
        numbers = []
    wanted = len(like) if isinstance(like, list) else 1
    if len(numbers) != wanted:
        expected = "a number" if wanted == 1 else f"{wanted} numbers, lowest first"
        raise InvalidInput(
            f"{listed.key.replace('_', ' ')}: {typed!r} does not fit; expected {expected} ({listed.unit})"
        )
    return numbers if isinstance(like, list) else numbers[0]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _written(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(_written(item) for item in value)
    return f"{value:.10g}" if _is_number(value) else str(value)
