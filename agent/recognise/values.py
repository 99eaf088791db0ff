"""The values that reading produces: a quantity and a fact candidate. They know not how they were found."""

from dataclasses import dataclass
from typing import Literal

from tools.facts import FactValue, Range

Kind = Literal["count", "share", "money", "duration", "multiplier", "accelerators"]
Hedge = Literal["exact", "about", "at_most", "at_least"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a message with its unit and period; `quote` is exactly the characters from `start` to `end`.

    `per_adjacent` says whether the period stands right behind the unit ("40k tickets a day") rather than
    elsewhere in the sentence ("every day we get 40k tickets").
    """

    kind: Kind
    value: float | Range
    unit: str
    per: str | None
    currency: str | None
    hedge: Hedge
    start: int
    end: int
    quote: str
    negated: bool
    head: str
    per_adjacent: bool = False


@dataclass(frozen=True, slots=True)
class FactCandidate:
    """A fact that a message may state, with the exact characters that state it.

    `needs_conversion` names a currency other than US dollars that the value is still in; such a value is not
    the fact's value until somebody converts it at a dated rate or the user gives it in dollars.
    """

    key: str
    value: FactValue
    quote: str
    start: int
    end: int
    confidence: float
    note: str = ""
    needs_conversion: str = ""


def map_value(value: float | Range, factor: float) -> float | Range:
    """Multiply a number or both ends of a range."""
    if isinstance(value, Range):
        return Range(value.low * factor, value.high * factor)
    return value * factor


def upper(value: float | Range) -> float:
    """Return the number itself or the upper end of a range."""
    return value.high if isinstance(value, Range) else value


def lower(value: float | Range) -> float:
    """Return the number itself or the lower end of a range."""
    return value.low if isinstance(value, Range) else value
