"""Loads the regular expressions of the rules from patterns.yaml. It knows no message."""

import re
from functools import cache, lru_cache
from importlib.resources import files

from tools.data_files import parse_yaml

_MACRO = re.compile(r"\{([a-z_]+)\}")


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return the compiled alternatives of one entry, case-insensitive."""
    return re.compile(source(name), re.IGNORECASE)


@cache
def source(name: str) -> str:
    """Return the text of one entry, its alternatives joined and its macros filled in."""
    entry = _table()[name]
    text = entry if isinstance(entry, str) else "|".join(entry)
    return _MACRO.sub(lambda match: source(match[1]), text)


@lru_cache(maxsize=1)
def _table() -> dict[str, str | list[str]]:
    text = files("agent.reading").joinpath("patterns.yaml").read_text(encoding="utf-8")
    table: dict[str, str | list[str]] = parse_yaml(text, "agent/reading/patterns.yaml")
    return table
