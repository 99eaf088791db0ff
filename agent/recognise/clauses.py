"""Cuts a message into clauses, finer than sentences. It knows no numbers' meaning and no facts."""

import re
from bisect import bisect_right

_CUT = re.compile(
    r"[;:!?\n()—–]+|\.(?![0-9])|,(?![0-9]{3}(?![0-9]))|\s-\s|\s/\s"
    r"|\s(?=(?:but|so|while|whereas|though|although|then|because|since|yet|plus|and (?:now|we|our|it|the|they|"
    r"so|then))\b)",
    re.I,
)


class Clauses:
    """The clauses of one message: `at` gives the one that holds a position."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in _CUT.finditer(text))]
        self._ends = [*(match.start() for match in _CUT.finditer(text)), len(text)]

    def at(self, position: int) -> tuple[int, int]:
        """Return start and end of the clause that holds a position."""
        index = max(0, bisect_right(self._starts, position) - 1)
        return self._starts[index], max(self._ends[index], self._starts[index])

    def left(self, position: int) -> str:
        """Return the words of the clause before a position."""
        return self.text[self.at(position)[0] : position]

    def right(self, position: int) -> str:
        """Return the words from a position to the end of its clause."""
        return self.text[position : max(position, self.at(max(0, position - 1))[1])]

    def before(self, position: int) -> str:
        """Return the whole clause before the one that holds a position."""
        start = self.at(position)[0]
        return self.text[self.at(max(0, start - 2))[0] : start] if start else ""
