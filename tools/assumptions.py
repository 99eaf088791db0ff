"""The figures assumed where neither user nor catalogue has one, with their sources; no figure is in code.

The user may replace any of them for one assessment: inside `assuming(...)` every tool sees the user's value, named as
such. What is computed from assumptions and cached is cached by `assumed_values()`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from tools.data_files import load_table
from tools.errors import InvalidInput, UnknownName

FILE = "assumptions.yaml"
_STATED_BY_USER = "your own value"
_assumed: ContextVar[str] = ContextVar("assumed", default="{}")


@dataclass(frozen=True, slots=True)
class AssumedFigure:
    """One entry of `assumptions.yaml`: a number, or numbers per key."""

    key: str
    value: Any
    unit: str
    confidence: str
    source: str

    @property
    def number(self) -> float:
        """The figure, where it is a single number."""
        return float(self.value)

    def of(self, name: str) -> Any:
        """The figure for one key, where it is a table."""
        if name not in self.value:
            raise UnknownName.of(f"key of {self.key}", name, self.value)
        return self.value[name]

    @property
    def cited(self) -> str:
        """The source with its confidence, as a cost line shows it."""
        return f"{self.source} [{self.confidence}]"


@contextmanager
def assuming(values: Mapping[str, Any]) -> Iterator[None]:
    """Let the user's own values hold inside the block; InvalidInput for one that does not fit."""
    checked = {key: check_assumption(key, value) for key, value in sorted(values.items())}
    token = _assumed.set(json.dumps(checked, sort_keys=True))
    try:
        yield
    finally:
        _assumed.reset(token)


def assumed_values() -> str:
    """Return the user's own values as canonical text: the key by which results may be cached."""
    return _assumed.get()


def assumption(key: str) -> AssumedFigure:
    """Return one assumed figure, the user's own where there is one, or raise UnknownName."""
    return _figure(key, _assumed.get())


@cache
def listed_assumptions() -> Mapping[str, AssumedFigure]:
    """Return every figure of the table, as listed, by key."""
    table = load_table(FILE)
    return MappingProxyType({key: _listed(key, entry) for key, entry in table.items() if key != "as_of"})


def check_assumption(key: str, value: object, where: str = "") -> Any:
    """Return the user's value in the form of the listed one, or raise InvalidInput naming key and expectation."""
    place = f"{where}: " if where else ""
    if key not in listed_assumptions():
        raise UnknownName.of("assumption", key, listed_assumptions(), where)
    listed = listed_assumptions()[key]
    problem = _misfit(value, listed.value)
    if problem:
        raise InvalidInput(f"{place}{key}: {problem} ({listed.unit})")
    return value


def _misfit(value: object, listed: Any) -> str:
    """Say what does not fit; empty where the value has the listed one's form. A table may name some keys only."""
    if isinstance(listed, Mapping):
        if not isinstance(value, Mapping):
            return f"{value!r} does not fit; expected a table with keys of {', '.join(listed)}"
        unknown = [name for name in value if name not in listed]
        if unknown:
            return f"{unknown[0]!r} is no key of it; expected {', '.join(listed)}"
        return next((problem for name in value if (problem := _misfit(value[name], listed[name]))), "")
    if isinstance(listed, list):
        fits = isinstance(value, list) and len(value) == len(listed)
        fits = fits and all(isinstance(item, type(listed[0])) or not _misfit(item, listed[0]) for item in value)  # type: ignore[attr-defined]
        return "" if fits else f"{value!r} does not fit; expected a list like {listed}"
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= float(value) < float("inf")
    return "" if good else f"{value!r} does not fit; expected a number from 0"


@cache
def _figure(key: str, assumed: str) -> AssumedFigure:
    if key not in listed_assumptions():
        raise UnknownName.of("assumption", key, listed_assumptions())
    listed, own = listed_assumptions()[key], json.loads(assumed)
    if key not in own:
        return listed
    value = _merged(listed.value, own[key])
    return replace(listed, value=value, source=_STATED_BY_USER, confidence="stated")


def _merged(listed: Any, own: Any) -> Any:
    if isinstance(listed, Mapping) and isinstance(own, Mapping):
        return {name: _merged(listed[name], own[name]) if name in own else listed[name] for name in listed}
    return own


def _listed(key: str, entry: Mapping[str, Any]) -> AssumedFigure:
    missing = {"value", "unit", "checked", "confidence", "source"} - set(entry)
    if missing:
        raise InvalidInput(f"tools/data/{FILE}: {key}: {', '.join(sorted(missing))} missing")
    return AssumedFigure(key, entry["value"], entry["unit"], entry["confidence"], entry["source"])
