"""Says "our host" for a vendor whose name the passages do not hold: its letters mean nothing to a sentence model."""

import re
from collections.abc import Callable
from functools import cache

from tools.catalogue.vendors import vendors

_KINDS = {"host": "our host", "platform": "our cloud"}
_VENDOR = "our vendor"


def with_known_names(query: str, knows: Callable[[str], bool]) -> str:
    """Return the query with each vendor's name that `knows` nothing of replaced by what that vendor is."""
    for name, kind in _names().items():
        if not all(knows(word) for word in name.split()):
            query = re.sub(rf"(?<![\w-]){re.escape(name)}(?:\s(?:ai|api))?(?![\w-])", kind, query, flags=re.IGNORECASE)
    return query


@cache
def _names() -> dict[str, str]:
    """Return the names by which vendors are called, with what each is; the part in brackets names products."""
    plain = {vendor.name.partition(" (")[0].removesuffix(" AI").lower(): vendor.kind for vendor in vendors().values()}
    return {name: _KINDS.get(kind, _VENDOR) for name, kind in plain.items()}
