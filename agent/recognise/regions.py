"""Marks the names of places in a text, so that patterns can ask for a place. It knows no facts and no sentences."""

from collections.abc import Sequence
from functools import lru_cache

from agent.recognise.places import Place, places_in

# A letter that nobody types: it stands for every letter of a place's name, so that all places stay where they are.
MARK = "\u01c1"


@lru_cache(maxsize=1)
def region_list() -> str:
    """Return a pattern for one marked place or a list of them: "the US and Europe", "Germany, France"."""
    article = r"(?:(?:the|both|either|mainland|continental|western|eastern|northern|southern|central)\s)?"
    link = r"(?:\s?,\s?(?:and\s|or\s)?|\s?(?:/|&|\+)\s?|\s(?:and|or|plus|as well as)\s)(?:in\s)?"
    return rf"{article}{MARK}+(?:{link}{article}{MARK}+){{0,8}}"


def marked(text: str, places: Sequence[Place]) -> str:
    """Return the text with every place marked, of the same length."""
    letters = list(text)
    for place in places:
        letters[place.start : place.end] = MARK * (place.end - place.start)
    return "".join(letters)


def regions_in(text: str) -> set[str]:
    """Return the regions of all places named in a text."""
    return {place.region for place in places_in(text)}


def regions_between(places: Sequence[Place], start: int, end: int) -> set[str]:
    """Return the regions of the places from `start` to `end`."""
    return {place.region for place in places if start <= place.start < end}
