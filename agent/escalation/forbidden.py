"""Which facts forbid leaving: the gates in front of every request. It knows no request and no network.

What would leave is the description of the workloads, not their data. The gates hold for it all the same,
because a description made of private facts is private. One workload that forbids it blocks them all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from agent.wording import join_words
from models.claude_destination import Destination
from tools.data_files import parse_yaml
from tools.facts import Fact, FactValue, Portfolio, check_value, plain_value, spec_of


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that forbids leaving, with the sentence that says why."""

    workload: str
    fact: str
    value: FactValue
    text: str


@dataclass(frozen=True, slots=True)
class _Rule:
    fact: str
    value: FactValue
    says: str


def forbidden_by(portfolio: Portfolio, destination: Destination) -> list[Reason]:
    """Return every fact that forbids sending anything about this portfolio; an empty list means none does."""
    reasons: list[Reason] = []
    for name, facts in _groups(portfolio):
        for rule in _rules():
            fact = facts.get(rule.fact)
            if fact is not None and _holds(fact.value, rule.value):
                reasons.append(Reason(name, fact.key, fact.value, f"{name}: {rule.says}."))
        residency = facts.get("residency")
        if residency is not None and not _inside(destination, residency.value):
            reasons.append(Reason(name, "residency", residency.value, _residency_text(name, destination, residency)))
    return reasons


def _groups(portfolio: Portfolio) -> Iterable[tuple[str, Mapping[str, Fact]]]:
    yield "the organization", portfolio.organization.facts
    for workload in portfolio.workloads:
        yield workload.name, workload.facts


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    name = "agent/escalation/forbidden.yaml"
    raw: list[dict[str, Any]] = parse_yaml(
        files("agent.escalation").joinpath("forbidden.yaml").read_text(encoding="utf-8"), name
    )
    return tuple(
        _Rule(rule["fact"], check_value(spec_of(rule["fact"], name), rule["value"], name), rule["says"]) for rule in raw
    )


def _holds(value: FactValue, forbidden: FactValue) -> bool:
    if isinstance(value, tuple) and isinstance(forbidden, tuple):
        return not set(forbidden).isdisjoint(value)
    return value == forbidden


def _inside(destination: Destination, residency: FactValue) -> bool:
    """Say whether the text would surely stay where the data has to; an unknown region is outside."""
    allowed = set(residency) if isinstance(residency, tuple) else set()
    return bool(destination.regions) and set(destination.regions) <= allowed


def _residency_text(name: str, destination: Destination, residency: Fact) -> str:
    value = plain_value(residency.value)
    allowed = join_words(value if isinstance(value, list) else [str(value)], "or")  # type: ignore[arg-type]
    where = (
        f"would be processed in {join_words(destination.regions)}"
        if destination.regions
        else "would be processed nobody knows where"
    )
    return f"{name}: its data has to stay in {allowed}, and text sent to {destination.company} {where}."
