"""Says whether a reader would see a piece of text in a PDF, from its size, colour, mode and place. It reads no file."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

# Smaller than this on the page is not meant to be read; the smallest print of contracts is about 4 points.
LEAST_POINTS = 1.0
# White, and what differs from it by less than an eye sees on a page.
_WHITE = 0.97
_INVISIBLE_MODES = (3, 7)
# Which operand of an operator holds the text that it shows.
_SHOWN_AT = {"Tj": 0, "TJ": 0, "'": 0, '"': 2}
_FILLS = frozenset(("f", "F", "f*", "B", "B*", "b", "b*"))
_ENDS_PATH = _FILLS | {"n", "S", "s"}

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pen:
    """How text is painted: its colour as red, green and blue from 0 to 1, its mode and its size."""

    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    mode: int = 0
    size: float = 12.0


class Sight:
    """Follows the painting of one page and blanks what is shown unseen, before the text is read."""

    def __init__(self, box: Sequence[float]) -> None:
        self._left, self._bottom, self._right, self._top = (float(edge) for edge in box)
        self._pen = Pen()
        self._kept: list[Pen] = []
        self._path: list[Point] = []
        self._fields: list[tuple[Point, Point]] = []

    def before(self, operator: Any, operands: Any, cm: Sequence[float], tm: Sequence[float]) -> None:
        """Take note of an operator; what it would show unseen is taken out of its operands."""
        name = operator.decode("latin-1") if isinstance(operator, bytes) else str(operator)
        numbers = [float(operand) for operand in operands if isinstance(operand, int | float)]
        if name in _SHOWN_AT and len(operands) > _SHOWN_AT[name] and not self._sees(cm, tm):
            operands[_SHOWN_AT[name]] = type(operands[_SHOWN_AT[name]])()
        elif name == "q":
            self._kept.append(self._pen)
        elif name == "Q" and self._kept:
            self._pen = self._kept.pop()
        elif name == "Tr" and numbers:
            self._pen = replace(self._pen, mode=int(numbers[0]))
        elif name == "Tf" and numbers:
            self._pen = replace(self._pen, size=numbers[-1])
        elif name in ("g", "rg", "k", "sc", "scn"):
            self._pen = replace(self._pen, colour=_colour(numbers))
        else:
            self._paint(name, numbers, cm)

    def _paint(self, name: str, numbers: Sequence[float], cm: Sequence[float]) -> None:
        """Remember the box of each field painted in a colour: white letters on it are seen."""
        if name == "re" and len(numbers) == 4:
            x, y, width, height = numbers
            self._path += [_placed(cm, x, y), _placed(cm, x + width, y + height)]
        elif name in ("m", "l", "c", "v", "y"):
            self._path += [_placed(cm, *numbers[at : at + 2]) for at in range(0, len(numbers) - 1, 2)]
        elif name in _ENDS_PATH:
            if self._path and name in _FILLS and not self._is_white():
                xs, ys = zip(*self._path, strict=True)
                self._fields.append(((min(xs), min(ys)), (max(xs), max(ys))))
            self._path = []

    def _sees(self, cm: Sequence[float], tm: Sequence[float]) -> bool:
        x, y = _placed(cm, tm[4], tm[5])
        up = (tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
        if self._pen.mode in _INVISIBLE_MODES or abs(self._pen.size) * math.hypot(*up) < LEAST_POINTS:
            return False
        on_field = any(low[0] <= x <= high[0] and low[1] <= y <= high[1] for low, high in self._fields)
        return (on_field or not self._is_white()) and x < self._right and self._bottom <= y <= self._top

    def _is_white(self) -> bool:
        return min(self._pen.colour) >= _WHITE


def _placed(cm: Sequence[float], x: float, y: float) -> Point:
    return x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]


def _colour(parts: Sequence[float]) -> tuple[float, float, float]:
    """Return red, green and blue of a grey, RGB or CMYK colour; black for a pattern."""
    if len(parts) == 1:
        return (parts[0], parts[0], parts[0])
    if len(parts) == 3:
        return (parts[0], parts[1], parts[2])
    if len(parts) == 4:
        cyan, magenta, yellow, key = parts
        return ((1 - cyan) * (1 - key), (1 - magenta) * (1 - key), (1 - yellow) * (1 - key))
    return (0.0, 0.0, 0.0)
