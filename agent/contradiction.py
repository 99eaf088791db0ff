"""Says whether a new value contradicts a known one, refines it or adds to it. It asks nobody."""

import re

from tools.facts import FactSpec, FactValue, Range, check_value

_ADDING = re.compile(r"\b(?:also|too|as well|plus|additionally|in addition|another|besides|both)\b", re.IGNORECASE)
_YES = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|sure|correct|right|exactly|ok|okay|please do|do that|take (?:it|that|the new)|"
    r"the (?:new|second|latter|last)|new one|ja|oui|si)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:no|nope|nah|keep|leave|stay|wrong|not really|the (?:old|first|former|earlier)|old one|"
    r"nein|non)\b",
    re.IGNORECASE,
)


def merged(spec: FactSpec, old: FactValue, new: FactValue, message: str) -> FactValue | None:
    """Return the value that both statements allow, or None where they contradict each other.

    A number inside the old range narrows it; a list that is named with "also" is added to the old list.
    """
    if old == new:
        return old
    if isinstance(old, Range):
        low, high = _bounds(new)
        return new if old.low <= low and high <= old.high else None
    if isinstance(old, tuple) and isinstance(new, tuple) and "none" not in (*old, *new):
        wider = set(new) > set(old)
        if wider or _ADDING.search(message):
            return check_value(spec, sorted({*old, *new}))
    if isinstance(new, Range) and isinstance(old, float):
        return old if new.low <= old <= new.high else None
    return None


def _bounds(value: FactValue) -> tuple[float, float]:
    if isinstance(value, Range):
        return value.low, value.high
    return (float(value), float(value)) if isinstance(value, int | float) else (float("nan"), float("nan"))


def yes_or_no(message: str) -> bool | None:
    """Read a plain yes or no at the start of a message; None where there is neither."""
    if _YES.search(message):
        return True
    return False if _NO.search(message) else None
