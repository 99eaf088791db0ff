"""Reads the fact `owned_gpus`: accelerators already paid for. It knows names and counts only."""

import re
from functools import cache

from tools.catalogue.accelerators import find_accelerator
from tools.errors import InvalidInput

_ENTRY = re.compile(r"^\s*(?P<count>\d+)\s*(?:x|×|\*)?\s*(?P<name>\S.*?)\s*$", re.IGNORECASE)


@cache
def _owned(text: str) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    if text.strip().lower() in ("none", "no", "0", "nothing"):
        return ()
    for part in text.split(","):
        match = _ENTRY.match(part)
        if not match:
            raise InvalidInput(f"owned_gpus: {part.strip()!r}: expected 'COUNT x NAME', such as '4 x H100'")
        accelerator = find_accelerator(match["name"])
        found[accelerator.id] = found.get(accelerator.id, 0) + int(match["count"])
    return tuple(found.items())


def owned_accelerators(text: str) -> dict[str, int]:
    """Return how many of each accelerator a text such as '4 x H100, 2 x L40S' names, by catalogue id."""
    return dict(_owned(text))
