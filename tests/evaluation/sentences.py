"""Compares texts sentence by sentence, whatever their case and punctuation. It knows no reader."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

_END = re.compile(r"[.!?;:\n]+(?=\s|$)|\s[–—-]\s")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Whoever is asked yes or no answers "yes", and nobody invents another "no idea": that few words are no sentence.
FEWEST_WORDS = 4


# Idioms that any two writers come upon.
IDIOMS = frozenset({"out of the question", "over my dead body", "to whom it may concern"})


def sentences(text: str) -> set[str]:
    """Return the whole text and its sentences and clauses, in small letters, without punctuation."""
    parts = (" ".join(_WORD.findall(part.lower().replace("’", "'"))) for part in (text, *_END.split(text)))
    return {part for part in parts if len(part.split()) >= FEWEST_WORDS} - IDIOMS


def sentences_of(texts: Iterable[str]) -> set[str]:
    """Return the sentences of several texts."""
    return {part for text in texts for part in sentences(text)}


def learnt_texts(folder: Path) -> Iterator[str]:
    """Yield everything that people say in the YAML files of a folder: phrases of a bank, `text` of messages."""
    for path in sorted(folder.glob("**/*.yaml")):
        yield from _texts(yaml.safe_load(path.read_text(encoding="utf-8")))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in [node["text"]] if "text" in node else node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for entry in node:
            yield from _texts(entry)
