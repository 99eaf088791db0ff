"""Adds a prompt that goes along each time to what comes in: "100 tokens in, plus a 2k system prompt"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.recognise.convert import LENGTH_UNITS, in_tokens
from agent.recognise.values import FactCandidate, Quantity, lower
from tools.facts import Range

_PROMPT = re.compile(
    r"^[\s-]?(?:long\s)?(?:tokens?[\s-])?(?:long\s)?(?:of\s)?(?:\w+\s){0,2}?"
    r"(?:prompts?|instructions|preamble|boilerplate|few-shot examples)\b",
    re.IGNORECASE,
)
_ALONG = re.compile(
    r"\b(?:(?:each|every) (?:time|call|request|message)|on top|plus|with (?:each|every)|per (?:request|call|message)"
    r"|in front|always|along|as well|in addition|system prompts?|there(?:['’]s| is) (?:also )?an?)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\b(?:includ\w*|incl\b|of which|in total|altogether|all in|together)", re.IGNORECASE)
_MOST_BETWEEN = 120
_FEWEST_TOKENS = 100


def with_fixed_part(text: str, found: Sequence[FactCandidate], quantities: Sequence[Quantity]) -> list[FactCandidate]:
    """Return the candidates with one input length where the message gives it in two parts."""
    fixed = next((item for item in map(_in_unit, quantities) if _goes_along(text, item)), None)
    if fixed is None or _WHOLE.search(text):
        return list(found)
    inputs = [item for item in found if item.key == "input_tokens"]
    said = next((item for item in inputs if not _overlap(item, fixed)), None)
    extra = in_tokens(fixed)[0]
    if said is None or not isinstance(said.value, float) or isinstance(extra, Range):
        return list(found)
    start, end = min(said.start, fixed.start), max(said.end, fixed.end)
    if end - start > _MOST_BETWEEN:
        return list(found)
    note = f"{said.quote} and {fixed.quote} that go along each time"
    whole = replace(
        said, value=said.value + extra, start=start, end=end, quote=text[start:end], confidence=0.96, note=note
    )
    return [item for item in found if item.key != "input_tokens"] + [whole]


def _in_unit(quantity: Quantity) -> Quantity:
    """Take a bare number in front of a prompt for tokens: "a 2k system prompt"."""
    bare = quantity.kind == "count" and quantity.unit == "" and lower(quantity.value) >= _FEWEST_TOKENS
    return replace(quantity, unit="tokens") if bare else quantity


def _goes_along(text: str, quantity: Quantity) -> bool:
    if quantity.unit not in LENGTH_UNITS or quantity.negated or quantity.per is not None:
        return False
    named = _PROMPT.match(text[quantity.end :])
    around = text[max(0, quantity.start - 40) : quantity.end + 60]
    return named is not None and _ALONG.search(around) is not None


def _overlap(one: FactCandidate, other: Quantity) -> bool:
    return one.start < other.end and other.start < one.end
