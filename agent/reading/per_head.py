"""Multiplies a volume per head by the heads that are known. It finds no number of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.reading.reading import ReadFact, RejectedFact
from tools.facts import FactValue, Range

_HEAD = (
    r"(?:employee|user|person|head|agent|customer|colleague|seat|developer|engineer|lawyer|analyst|doctor|nurse|student"
    r"|teacher|member|visitor|client|player|clerk|advis[eo]r|worker|staff member)s?"
)
_BEHIND = re.compile(rf"\s?(?:per|an?|each|every|for (?:each|every)|/)\s?(?:single |active )?{_HEAD}\b", re.IGNORECASE)
_BEFORE = re.compile(
    rf"\b(?:each|every|per|(?:an?|the) (?:average|typical))\s(?:of (?:our|the)\s)?{_HEAD}\s(?:\w+\s){{0,3}}$",
    re.IGNORECASE,
)
UNKNOWN_HEADS = "that is for one of them, and how many there are is not said; tell me both"


def per_head(
    message: str, facts: Sequence[ReadFact], known: Mapping[str, FactValue]
) -> tuple[list[ReadFact], list[RejectedFact]]:
    """Return the facts with a volume per head multiplied, or rejected where nobody knows how many heads there are."""
    rate = next((fact for fact in facts if fact.key == "requests_per_day" and _is_per_head(message, fact)), None)
    if rate is None:
        return list(facts), []
    # The encoder may take the number of the rate for the number of heads.
    others = [f for f in facts if f is not rate and not (f.key == "monthly_users" and _overlap(f.quote, rate.quote))]
    heads = next((fact.value for fact in others if fact.key == "monthly_users"), known.get("monthly_users"))
    if not isinstance(heads, int | float) or isinstance(heads, bool) or not isinstance(rate.value, int | float | Range):
        return others, [RejectedFact(rate.key, rate.value, rate.quote, UNKNOWN_HEADS)]
    value = (
        Range(rate.value.low * heads, rate.value.high * heads) if isinstance(rate.value, Range) else rate.value * heads
    )
    return [*others, replace(rate, value=value, note=f"{rate.quote} times {heads:,g}")], []


def _is_per_head(message: str, fact: ReadFact) -> bool:
    """Say whether the words around the number speak of one person; a product of two numbers has a note that says so."""
    start = message.find(fact.quote)
    if start < 0 or " times " in fact.note:
        return False
    within = _BEHIND.search(fact.quote)
    return bool(within or _BEHIND.match(message, start + len(fact.quote)) or _BEFORE.search(message[:start]))


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one
