"""Says whether a value that was read agrees with the gold value. It knows no message."""

import re

from tools.facts import FactValue, Range

# Gold figures are rounded, and a month has 30 or 30.4 days.
TOLERANCE = 0.05
_MEMORY = re.compile(r"\b\d+\s?gi?b\b")
_BETWEEN = re.compile(r",|;|\+|\band\b")
_COUNTED = re.compile(r"(\d+)x?(.*)")


def agree(key: str, read: FactValue, gold: FactValue) -> bool:
    """Say whether two values of a fact mean the same; numbers may differ by 5 %, cards are named without memory."""
    if key == "owned_gpus":
        return _cards(str(read)) == _cards(str(gold))
    if isinstance(read, bool) or isinstance(gold, bool) or isinstance(read, str) or isinstance(gold, str):
        return read == gold
    if isinstance(read, tuple) or isinstance(gold, tuple):
        return isinstance(read, tuple) and isinstance(gold, tuple) and set(read) == set(gold)
    return all(_near(one, other) for one, other in zip(_bounds(read), _bounds(gold), strict=True))


def _bounds(value: float | Range) -> tuple[float, float]:
    return (value.low, value.high) if isinstance(value, Range) else (value, value)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other))


def _cards(text: str) -> list[str]:
    """Return the cards without memory sizes and spaces, in an order of their own: "4 x A100 80GB" is 4xa100."""
    parts = _BETWEEN.split(_MEMORY.sub("", text.lower().replace("×", "x")))
    cards = ["".join(part.split()) for part in parts]
    return sorted(_COUNTED.sub(r"\1x\2", card) for card in cards if card)
