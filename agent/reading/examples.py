"""Loads the example bank: phrasings per fact and value, near misses, phrasings per intent. It trains nothing."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from tools.data_files import parse_yaml
from tools.errors import InvalidInput
from tools.facts import spec_of

# The class of a phrase that does not state the fact at hand.
NOTHING = ""


@dataclass(frozen=True, slots=True)
class FactExamples:
    """Phrasings of one fact: `says` stand on their own, `answers` count only where the fact was asked.

    `nots` are near misses: they share words with the fact and do not state it.
    """

    key: str
    says: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[str, ...]]
    nots: tuple[str, ...]
    if_yes: str
    if_no: str

    @property
    def values(self) -> tuple[str, ...]:
        """Return the values in the order of the bank."""
        return tuple(self.says)


@dataclass(frozen=True, slots=True)
class Bank:
    """The whole bank; `sha256` changes with every change of a phrase."""

    facts: Mapping[str, FactExamples]
    nothing: tuple[str, ...]
    intents: Mapping[str, tuple[str, ...]]
    sha256: str

    def phrases(self) -> tuple[str, ...]:
        """Return every phrase of the bank once, in a fixed order."""
        found: dict[str, None] = dict.fromkeys(self.nothing)
        for fact in self.facts.values():
            for group in (*fact.says.values(), *fact.answers.values(), fact.nots):
                found.update(dict.fromkeys(group))
        for group in self.intents.values():
            found.update(dict.fromkeys(group))
        return tuple(found)


@lru_cache(maxsize=1)
def load_bank() -> Bank:
    """Read agent/reading/examples; a fact or value that the dictionary does not know raises InvalidInput."""
    folder = files("agent.reading").joinpath("examples")
    texts = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".yaml")}
    facts: dict[str, FactExamples] = {}
    nothing: tuple[str, ...] = ()
    intents: dict[str, tuple[str, ...]] = {}
    for name in sorted(texts):
        for key, entry in parse_yaml(texts[name], name).items():
            if key == "nothing":
                nothing = _phrases(entry, name)
            elif key == "intents":
                intents = {intent: _phrases(phrases, name) for intent, phrases in entry.items()}
            else:
                facts[key] = _fact_examples(key, entry, name)
    digest = hashlib.sha256("\0".join(texts[name] for name in sorted(texts)).encode("utf-8")).hexdigest()
    return Bank(facts, nothing, intents, digest)


def _fact_examples(key: str, entry: Mapping[str, Any], file: str) -> FactExamples:
    spec = spec_of(key, file)
    allowed = set(spec.values) if spec.values else {"true", "false"}
    values: Mapping[str, Mapping[str, list[str]]] = entry["values"]
    named = {*values, *(entry[way] for way in ("if_yes", "if_no") if way in entry)}
    if not named <= allowed:
        raise InvalidInput(f"{file}: {key}: {sorted(named - allowed)} are no values of this fact")
    return FactExamples(
        key=key,
        says={value: _phrases(groups.get("says", ()), file) for value, groups in values.items()},
        answers={value: _phrases(groups.get("answers", ()), file) for value, groups in values.items()},
        nots=_phrases(entry.get("not", ()), file),
        if_yes=entry.get("if_yes", NOTHING),
        if_no=entry.get("if_no", NOTHING),
    )


def _phrases(entries: Iterable[object], file: str) -> tuple[str, ...]:
    """Check that every phrase is text: a bare yes or no is a truth value in YAML and must be quoted."""
    found: list[str] = []
    for entry in entries:
        if not isinstance(entry, str):
            raise InvalidInput(f"{file}: {entry!r} is no phrase; put it in quotes")
        found.append(entry)
    return tuple(found)
