"""The second opinion as a value, and the check for figures in it that Weighbridge's tools did not compute.

An opinion is text. It changes no fact, no figure and no verdict, whatever it says.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from agent.recognise.numbers import Number, find_numbers
from models.protocol import Usage
from tools.facts import Range

MARK = "[not from Weighbridge's tools]"
_LIST_MARK = re.compile(r"^\s*(?:[-*#>]+\s*)?(?:\*\*)?\d{1,2}[.)](?=\s)", re.M)


@dataclass(frozen=True, slots=True)
class ForeignNumber:
    """A figure of the opinion that the sent text does not hold, at its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What came back, from which model, for which text."""

    text: str
    model: str
    sent_text: str
    received_at: datetime
    usage: Usage
    cut_off: bool
    foreign_numbers: tuple[ForeignNumber, ...]

    def marked_text(self) -> str:
        """Return the opinion with a mark behind every figure that is not from Weighbridge's tools."""
        text = self.text
        for number in reversed(self.foreign_numbers):
            text = f"{text[: number.end]} {MARK}{text[number.end :]}"
        return text


def foreign_numbers(opinion: str, sent: str) -> tuple[ForeignNumber, ...]:
    """Find the figures of `opinion` that neither stand in `sent` nor are a rounding of one that does.

    Figures in words ("two reasons") and the marks of numbered lists are no figures.
    """
    known = [value for number in find_numbers(sent) for value in _values(number)]
    marks = {match.end() for match in _LIST_MARK.finditer(opinion)}
    found = []
    for number in find_numbers(opinion):
        written = opinion[number.start : number.end]
        listed = any(number.end <= end <= number.end + 1 for end in marks)
        if any(character.isdigit() for character in written) and not listed:
            digits = _significant_digits(written)
            if not all(any(_same(value, other, digits) for other in known) for value in _values(number)):
                found.append(ForeignNumber(written, number.start, number.end))
    return tuple(found)


def _values(number: Number) -> tuple[float, ...]:
    return (number.value.low, number.value.high) if isinstance(number.value, Range) else (number.value,)


def _significant_digits(written: str) -> int:
    """Count the digits that a figure is written with; two at least, so that 1 is no rounding of 0.9."""
    longest = max(re.findall(r"[\d.,]*\d", written), key=len, default="")
    return max(2, len(re.sub(r"\D", "", longest).strip("0")))


def _same(value: float, other: float, digits: int) -> bool:
    return value == other or f"{value:.{digits - 1}e}" == f"{other:.{digits - 1}e}"
