"""Finds the names of places in a text and the region each lies in. It knows no facts and no sentences."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from agent.recognise.words import table

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.](?=[^\W\d_]))*", re.UNICODE)
_LONGEST = 4  # words in a name
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "æ": "ae", "đ": "d", "’": "'", "-": " "})
_PRONOUN = "us"
# A name without a capital is believed behind one of these words.
_BEFORE = frozenset({"in", "from", "near", "of", "within", "inside", "outside", "to", "and", "or"})
_SURE_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A name in the text, from `start` to `end`, and its region as in the facts of the dictionary."""

    start: int
    end: int
    region: str


def places_in(text: str) -> list[Place]:
    """Return the places named in a text, in order; of overlapping names the longest."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    shouting = text == text.upper() or text == text.lower()
    found: list[Place] = []
    at = 0
    while at < len(words):
        runs = (words[at : at + size] for size in range(min(_LONGEST, len(words) - at), 0, -1))
        named = next(((run, region) for run in runs if (region := _region(text, run, shouting))), None)
        if named is not None:
            run, region = named
            found.append(Place(run[0][0], run[-1][1], region))
        at += len(named[0]) if named else 1
    return found


def _region(text: str, run: list[tuple[int, int]], shouting: bool) -> str:
    """Return the region of a run of words, an empty string where it names no place."""
    if any(text[a[1] : b[0]].strip(" -") for a, b in pairwise(run)):
        return ""
    name = text[run[0][0] : run[-1][1]]
    folded = _folded(name)
    if folded == _PRONOUN:
        return "us" if name == "US" and text != text.upper() else ""
    before = text[: run[0][0]].rstrip().rpartition(" ")[2].lower()
    believed = shouting or name[0].isupper() or (before in _BEFORE and len(folded) >= _SURE_LETTERS)
    return _names().get(folded, "") if believed else ""


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower().rstrip(".")


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    tables = (table("places.yaml"), table("regions.yaml"))
    return {_folded(name): region for names in tables for region, some in names.items() for name in some}
