"""Tells whether a message is English, by its letters and its short words. It knows no facts."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from tools.data_files import parse_yaml

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_FEWEST_WORDS = 3


def is_english(message: str) -> bool:
    """Return False where another script or another language's short words lead clearly."""
    letters = [char for char in message if char.isalpha()]
    foreign = sum(not unicodedata.name(char, "LATIN").startswith("LATIN") for char in letters)
    if letters and foreign / len(letters) > 0.4:
        return False
    words = [word.lower().replace("’", "'") for word in _WORD.findall(message)]
    if len(words) < _FEWEST_WORDS:
        return True
    counts = {language: sum(word in frequent for word in words) for language, frequent in _frequent().items()}
    english = counts.pop("en")
    return max(counts.values()) <= max(english, 1)


@lru_cache(maxsize=1)
def _frequent() -> Mapping[str, frozenset[str]]:
    text = files("agent.reading").joinpath("language.yaml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = parse_yaml(text, "agent/reading/language.yaml")
    return {language: frozenset(words) for language, words in table.items()}
