"""Knows the names of places and their regions. It knows no facts and no sentences."""

import re
from collections.abc import Mapping
from functools import lru_cache

from agent.recognise.words import any_of, table


@lru_cache(maxsize=1)
def _regions() -> Mapping[str, str]:
    return {name.lower(): region for region, names in table("regions.yaml").items() for name in names}


@lru_cache(maxsize=1)
def _one() -> str:
    return rf"(?:(?:{any_of(_regions())})|(?-i:US))(?![\w])"


@lru_cache(maxsize=1)
def region_list() -> str:
    """Return a pattern for one place or a list of places: "the US and Europe", "Germany, France"."""
    article = r"(?:(?:the|both|either|mainland|continental|western|eastern|northern|southern|central)\s)?"
    link = r"(?:\s?,\s?(?:and\s|or\s)?|\s?(?:/|&|\+)\s?|\s(?:and|or|plus|as well as)\s)(?:in\s)?"
    return rf"{article}{_one()}(?:{link}{article}{_one()}){{0,8}}"


def regions_in(text: str) -> set[str]:
    """Return the regions of all places named in a text."""
    names = _regions()
    return {
        names.get(re.sub(r"\s+", " ", match.group().lower()).replace(" -", "-"), "us")
        for match in re.finditer(rf"(?<!\w){_one()}", text, re.I)
    }
