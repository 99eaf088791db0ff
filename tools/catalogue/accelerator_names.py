"""Finds the accelerators that a free text names, listed here or only known by name. It reads no counts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from pydantic import ConfigDict

from tools.catalogue.accelerators import Accelerator, accelerators
from tools.catalogue.hourly_prices import FILE
from tools.catalogue.names import core_words
from tools.catalogue.records import STRICT_KEYS, by_id, load_records
from tools.data_files import load_table
from tools.errors import InvalidInput

# What may stand between the parts of a name: 'RTX 4090', 'rtx-4090', 'RTX4090'.
_GAP = r"[\s_/()-]*"
_MEMORY = r"\(?\s*(?P<memory>\d+(?:\.\d+)?)\s*gb(?:\s*(?:of\s+)?(?:hbm\w*|vram|memory|ram))?\s*\)?"
_FORM = r"(?:sxm\d?|pcie|nvlink|oam|tensor\s+core|gpus?|cards?)"
_BEFORE = re.compile(rf"{_MEMORY}{_GAP}(?:nvidia|geforce|amd|intel)?\s*$")
_AFTER = re.compile(rf"^(?:{_GAP}{_FORM}(?![a-z0-9]))*(?:{_GAP}{_MEMORY})?(?:{_GAP}{_FORM}(?![a-z0-9]))*")
_STATED = re.compile(r"(\d+(?:\.\d+)?)\s*gb")
_FORM_WORD = re.compile(r"sxm|pcie|nvl(?!ink)|oam")


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseName:
    """A name that people write without saying which part they mean."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    means: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemName:
    """A server that is known by its own name, and the accelerators in it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    accelerators: int


@dataclass(frozen=True, slots=True)
class Mention:
    """One accelerator named in a text: where, which (None where it is not listed), and what had to be assumed."""

    start: int
    end: int
    text: str
    id: str | None
    note: str = ""


def find_mentions(text: str) -> tuple[Mention, ...]:
    """Return the accelerators that a lower-case text names, in order and without overlap."""
    pattern, meanings = _names()
    found: list[Mention] = []
    for match in pattern.finditer(text):
        start = found[-1].end if found else 0
        if match.start() < start:
            continue
        before = _BEFORE.search(text[start : match.start()])
        after = _AFTER.match(text[match.end() :])
        assert after is not None  # every part of it may be missing
        own = text[match.start() : match.end() + after.end()]
        stated = _STATED.search(own) or before
        begin = start + before.start() if before else match.start()
        end = match.start() + len(own.rstrip())
        named = meanings[_squeezed(match[0])]
        identity, note = _which(named, own, float(stated[1]) if stated else None) if named else (None, "")
        found.append(Mention(begin, end, text[begin:end].strip().upper(), identity, note))
    return tuple(found)


@cache
def systems() -> Mapping[str, SystemName]:
    """Load the servers known by name, by that name."""
    return by_id(FILE, load_records(FILE, "systems", SystemName))


def _which(named: str, text: str, memory: float | None) -> tuple[str, str]:
    """Choose among the parts of one family by the memory and the form that the text states."""
    default = accelerators()[named]
    family = [card for card in accelerators().values() if _family(card) == _family(default)]
    form = _FORM_WORD.search(text)
    fitting = [card for card in family if form is None or form[0] in card.id.lower() or form[0] in card.form.lower()]
    fitting = [card for card in fitting if memory is None or abs(card.memory_gb - memory) <= 0.07 * memory]
    chosen = default if default in fitting or not fitting else fitting[0]
    said = text.strip().upper()
    if not fitting:
        return chosen.id, f"{said} in this form or size is not in the catalogue; counted as {chosen.id}"
    others = [card.id for card in fitting if card is not chosen]
    others += [other for loose in _loose_names() if _squeezed(loose.id) == _squeezed(said) for other in loose.also]
    return chosen.id, f"{said} is taken as {chosen.id}; it may also be {' or '.join(others)}" if others else ""


def _family(card: Accelerator) -> str:
    return re.split(r"[- ]", card.id)[0] if card.id.startswith(("A100", "H100")) else card.id


@cache
def _names() -> tuple[re.Pattern[str], Mapping[str, str | None]]:
    """Return one pattern for all names, longest first, and what each means, by its squeezed spelling."""
    meanings: dict[str, str | None] = {}
    spellings: dict[str, str] = {}

    def add(name: str, identity: str | None) -> None:
        for words in (re.split(r"[^a-z0-9]+", name.lower()), [w.replace(".", "") for w in core_words(name)]):
            kept = [word for word in words if word]
            if kept and "".join(kept) not in meanings:
                meanings["".join(kept)] = identity
                spellings["".join(kept)] = _GAP.join(map(re.escape, kept))

    for card in accelerators().values():
        for name in (*card.aliases, card.id):
            add(name, card.id)
    for loose in _loose_names():
        add(loose.id, loose.means)
    for name in _unlisted():
        add(name, None)
    longest_first = sorted(spellings, key=len, reverse=True)
    alternatives = "|".join(spellings[key] for key in longest_first)
    return re.compile(rf"(?<![a-z0-9])(?:{alternatives})(?=(?:'?s)?(?![a-z0-9]))"), meanings


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


@cache
def _loose_names() -> tuple[LooseName, ...]:
    return load_records(FILE, "loose_names", LooseName)


@cache
def _unlisted() -> tuple[str, ...]:
    names = load_table(FILE).get("unlisted")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InvalidInput(f"tools/data/{FILE}: unlisted: expected a list of names")
    return tuple(names)
