"""Loads the messages that judge the reader, with their gold facts and intents. It reads no message itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tools.facts import FactValue, check_value, spec_of

CASES = Path(__file__).parents[1] / "cases"
# The sets that may be looked at while the reader is worked on; `final` is kept for the end.
SETS: Mapping[str, str] = {
    "dev": "reading_dev",
    "own": "reading",
    "blind": "reading_blind",
    "final": "reading_final",
}
DEVELOPMENT = ("dev", "own", "blind")


@dataclass(frozen=True, slots=True)
class Case:
    """A message, the fact that was asked for, what it states, and the intents that fit; the first is the usual one."""

    text: str
    asked: str | None
    intents: tuple[str, ...]
    facts: Mapping[str, FactValue]
    quotes: tuple[str, ...]


def load_set(name: str) -> tuple[Case, ...]:
    """Return the messages of a set: a name of SETS, or a file of tests/cases without its ending."""
    return load_cases(CASES / f"{SETS.get(name, name)}.yaml")


@lru_cache(maxsize=8)
def load_cases(path: Path) -> tuple[Case, ...]:
    """Read a list of {text, asked, intent, facts}; facts are {key: value} or [key, value, quote]."""
    return tuple(case_of(entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8")))


def case_of(entry: Mapping[str, Any]) -> Case:
    """Check one entry and bring its values into their own types."""
    raw = entry["facts"]
    stated = [(key, value, "") for key, value in raw.items()] if isinstance(raw, Mapping) else raw
    facts: dict[str, FactValue] = {}
    for key, value, _ in stated:
        checked = check_value(spec_of(key), value, entry["text"])
        before = facts.get(key)
        facts[key] = (*before, *checked) if isinstance(before, tuple) and isinstance(checked, tuple) else checked
    intents = entry["intent"] if isinstance(entry["intent"], list) else [entry["intent"]]
    quotes = tuple(quote for *_, quote in stated if quote)
    return Case(entry["text"], entry.get("asked"), tuple(intents), facts, quotes)
