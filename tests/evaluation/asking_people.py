"""Makes up people to interview: what is true of their organisation, what they know of it, what they say first."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tools.data_files import parse_yaml
from tools.facts import Fact, FactValue, check_value, fact_dictionary, spec_of

ARCHETYPES = Path(__file__).parent / "asking_archetypes.yaml"
KNOWN, OPENING = (12, 25), (2, 5)
# What anybody who asks for advice knows of the own workload; the rest each person may or may not know.
ALWAYS_KNOWN = frozenset({"task", "external_api", "requests_per_day"})
_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Person:
    """Someone to interview. `facts` is all that the person knows, `opening` what the first message states."""

    name: str
    kind: str
    facts: Mapping[str, Fact]
    opening: tuple[str, ...]

    def known(self, keys: "tuple[str, ...] | set[str]") -> dict[str, Fact]:
        """Return the facts with these keys, in the dictionary's order."""
        return {key: fact for key, fact in self.facts.items() if key in keys}


def make_people(count: int, seed: int) -> list[Person]:
    """Make people of all kinds in turn; the same count and seed give the same people."""
    table = parse_yaml(ARCHETYPES.read_text(encoding="utf-8"), ARCHETYPES.name)
    kinds = list(table["kinds"].items())
    people = []
    for number in range(count):
        kind, particular = kinds[number % len(kinds)]
        chance = np.random.default_rng([seed, number])
        people.append(_make(f"{kind} {number}", kind, table["usual"], particular, chance))
    return people


def _make(
    name: str, kind: str, usual: Mapping[str, Any], particular: Mapping[str, Any], chance: np.random.Generator
) -> Person:
    rules = {**usual, **particular}
    opening = rules.pop("opening")
    truth = {key: value for key in fact_dictionary() if (value := _drawn(key, rules.get(key), chance)) is not None}
    surely = [key for key in truth if key in ALWAYS_KNOWN]
    others = [key for key in truth if key not in ALWAYS_KNOWN]
    size = int(chance.integers(KNOWN[0], KNOWN[1] + 1)) - len(surely)
    known = {*surely, *chance.choice(others, min(size, len(others)), replace=False).tolist()}
    more = [key for key in opening if key in known and key != "task"]
    count = min(int(chance.integers(OPENING[0], OPENING[1] + 1)) - 1, len(more))
    first = ("task", *chance.choice(more, count, replace=False).tolist())
    return Person(name, kind, {key: Fact(key, truth[key]) for key in truth if key in known}, first)


def _drawn(key: str, rule: Any, chance: np.random.Generator) -> FactValue | None:
    """Draw what is true of one fact; None where nobody there knows it."""
    if rule is None or rule == ["unknown"]:
        return None
    return check_value(spec_of(key), _plain(key, rule, chance))


def _plain(key: str, rule: Any, chance: np.random.Generator) -> Any:
    if isinstance(rule, dict) and "between" in rule:
        low, high = np.log(rule["between"])
        return float(f"{np.exp(chance.uniform(low, high)):.{_DIGITS}g}")
    if isinstance(rule, dict):
        return round(float(chance.uniform(0, rule["below"])), _DIGITS)
    value = rule[int(chance.integers(len(rule)))]
    return value.split("+") if spec_of(key).type == "set" else value
