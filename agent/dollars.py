"""Turns an amount in another currency into US dollars by what the user says: an amount or a rate. It knows no rate."""

import re
from dataclasses import dataclass

from agent.recognise.convert import per_day
from agent.recognise.quantities import recognise
from agent.recognise.values import Quantity, lower, map_value
from tools.facts import FactValue, Range

_RATE = re.compile(
    r"\b(?:rate|exchange|per|times|multipl\w+|convert\w*|to the (?:dollar|euro|pound)|at [0-9.]+)\b|[x×/=]", re.I
)
_SCALE = re.compile(r"[0-9]\s?(?:[kmb]\b|bn|mn|thousand|million|billion|lakh|crore)", re.I)
# A bare number this much smaller than the amount it stands for is no amount of the same money.
_FAR = 50.0
_MOST_PER_UNIT = 1000.0


@dataclass(frozen=True, slots=True)
class Dollars:
    """A value in US dollars with the words that state it."""

    value: FactValue
    quote: str


def in_dollars(reply: str, currency: str, quote: str, value: FactValue) -> Dollars | None:
    """Return the value in US dollars, or None where the reply names neither an amount nor a rate.

    Args:
        quote: the words that stated the amount; its period holds for the reply as well.
        value: the amount as the fact counts it, still in `currency`.
    """
    said = [item for item in recognise(reply) if item.kind in ("money", "count") and not item.negated]
    dollars = [item for item in said if item.currency in (None, "USD")]
    others = [item for item in said if item.currency == currency]
    stated = next((item for item in recognise(quote) if item.currency == currency), None)
    if not dollars or stated is None or not isinstance(value, int | float | Range) or lower(stated.value) <= 0:
        return None
    meant = next((item for item in dollars if item.kind == "money"), dollars[0])
    pair = others[0] if others else _one_unit(dollars, meant)
    if pair is not None and lower(pair.value) > 0:
        return Dollars(map_value(value, lower(meant.value) / lower(pair.value)), reply.strip())
    if _is_small(meant, stated):
        rated = bool(_RATE.search(reply.replace(meant.quote, "")))
        # A small number may repeat a scale ("€2 million", then "2.2"); only without one it can be nothing but a rate.
        if not rated and (meant.kind == "money" or _SCALE.search(quote)):
            return None
        return Dollars(map_value(value, lower(meant.value)), reply.strip())
    return Dollars(map_value(_amount(meant, stated), lower(value) / lower(stated.value)), meant.quote)


def _one_unit(dollars: list[Quantity], meant: Quantity) -> Quantity | None:
    """Return the "1" of "1 = 1.08": one unit of the other currency."""
    ones = [item for item in dollars if item is not meant and item.value == 1.0]
    return ones[0] if ones else None


def _is_small(meant: Quantity, stated: Quantity) -> bool:
    return lower(meant.value) * _FAR < lower(stated.value) and lower(meant.value) < _MOST_PER_UNIT


def _amount(meant: Quantity, stated: Quantity) -> float | Range:
    """Return the amount in the period of the one it stands for: "$2,200 a month" for "€24k a year"."""
    if meant.per is None or stated.per is None or meant.per == stated.per or "kWh" in (meant.per, stated.per):
        return meant.value
    return map_value(meant.value, per_day(meant.per)[0] / per_day(stated.per)[0])
