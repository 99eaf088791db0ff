"""Holds back sentences of a document that speak to a language model. It is a second line: no text steers the agent."""

import re
from functools import lru_cache
from importlib.resources import files

from tools.data_files import parse_yaml

_END = re.compile(r"(?<=[.!?])\s+")


def held_back(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text without such sentences, and the sentences."""
    held: list[str] = []
    for sentence in _pieces(text):
        if _speaks_to_model(sentence):
            text = text.replace(sentence, "", 1)
            held.append(sentence)
    return text, tuple(held)


def _pieces(text: str) -> list[str]:
    """Return the sentences, cut more finely than for quoting: what stands beside an instruction is kept."""
    return [piece for line in text.split("\n") for piece in _END.split(line.strip()) if piece]


def _speaks_to_model(sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in _patterns())


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    name = "knowledge/data/instructions.yaml"
    text = files("knowledge").joinpath("data", "instructions.yaml").read_text(encoding="utf-8")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in parse_yaml(text, name)["patterns"])
