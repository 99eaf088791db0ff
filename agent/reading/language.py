"""Tells whether a message is English, by its letters and its short words. It knows no facts."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from tools.data_files import parse_yaml

_WORD = re.compile(r"(?<![\w.'’])[^\W\d_]+(?:['’][^\W\d_]+)?(?!\w)")
_FEWEST_WORDS = 2


def is_english(message: str) -> bool:
    """Return False where another script or another language's short words lead clearly."""
    letters = [char for char in message if char.isalpha()]
    foreign = sum(not unicodedata.name(char, "LATIN").startswith("LATIN") for char in letters)
    if letters and foreign / len(letters) > 0.4:
        return False
    words = _plain_words(message)
    if len(words) < _FEWEST_WORDS:
        return True
    frequent, sure = _frequent(), _frequent()["sure"]
    english = sum(word in frequent["en"] for word in words)
    if not english and any(word in sure for word in words):
        return False
    others = [table for language, table in frequent.items() if language not in ("en", "sure")]
    return max(sum(word in table for word in words) for table in others) <= max(english, 1)


def _plain_words(message: str) -> list[str]:
    """Return the words in lower case without names: those with a capital inside a sentence, and single letters."""
    text = message.lower() if message.isupper() else message
    words = _WORD.findall(text)
    plain = [word for place, word in enumerate(words) if place == 0 or word[0].islower()]
    return [word.lower().replace("’", "'") for word in plain if len(word) > 1 or word.lower() in ("a", "i")]


@lru_cache(maxsize=1)
def _frequent() -> Mapping[str, frozenset[str]]:
    text = files("agent.reading").joinpath("language.yaml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = parse_yaml(text, "agent/reading/language.yaml")
    return {language: frozenset(words) for language, words in table.items()}
