"""Finds the sentences of a document that rule something. It knows which words matter, and no fact's value."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from tools.data_files import parse_yaml

_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)]|\([a-z]\))\s+")
_HEADING = re.compile(r"^#{1,6} ")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“(])")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Patterns:
    """The compiled table of patterns."""

    rules: re.Pattern[str]
    forbids: re.Pattern[str]
    facts: Mapping[str, re.Pattern[str]]
    subject: re.Pattern[str]
    named: re.Pattern[str]


def statements(text: str) -> Iterator[str]:
    """Yield the sentences that rule something a policy may rule; a list joins the sentence that leads it."""
    table = patterns()
    for sentence in _sentences(text):
        about = any(words.search(sentence) for words in table.facts.values())
        if about and len(sentence) <= _LONGEST and table.rules.search(sentence):
            yield sentence


def _sentences(text: str) -> Iterator[str]:
    for paragraph in _paragraphs(text):
        yield from (sentence.strip() for sentence in _END.split(paragraph) if sentence.strip())


def _paragraphs(text: str) -> Iterator[str]:
    """Yield paragraphs and list items; the items of a list go with its lead, which ends with a colon."""
    led: list[str] = []
    for is_item, words in _units(text):
        if is_item and led:
            led.append(words.rstrip(",;."))
            continue
        yield from _joined(led)
        led = [words] if words.endswith(":") else []
        if not led:
            yield words
    yield from _joined(led)


def _joined(led: list[str]) -> Iterator[str]:
    if len(led) > 1:
        yield f"{led[0]} {', '.join(led[1:])}."


def _units(text: str) -> Iterator[tuple[bool, str]]:
    """Yield (is a list item, words) for each paragraph and item, with wrapped lines joined."""
    is_item, words = False, ""
    for line in [*text.splitlines(), ""]:
        item, heading = _ITEM.match(line), _HEADING.match(line)
        if words and (item or heading or not line.strip()):
            yield is_item, words
            words = ""
        if heading:
            yield False, ""
        elif line.strip():
            is_item = is_item if words else bool(item)
            words = f"{words} {_ITEM.sub('', line).strip()}".strip()


@lru_cache(maxsize=1)
def patterns() -> Patterns:
    """Load the table of patterns."""
    name = "agent/documents/patterns.yaml"
    text = files("agent.documents").joinpath("patterns.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = parse_yaml(text, name)
    return Patterns(
        _compiled(raw["rules"]),
        _compiled(raw["forbids"]),
        {key: _compiled(pattern) for key, pattern in raw["facts"].items()},
        _compiled(raw["chinese_models_subject"]),
        _compiled(raw["chinese_models_named"]),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    # A folded YAML text has a space where its lines met.
    return re.compile(pattern.replace(" |", "|").strip(), re.IGNORECASE)
