"""Judges whether a model licence allows a use, rule by rule. It knows the terms only through the catalogue.

A predicate over a fact that nobody stated does not forbid: it adds a rule that says what to check.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tools.catalogue.licences import FieldOfUse, Licence, Territory, Threshold, licences
from tools.catalogue.open_models import OpenModel
from tools.facts import FactValue, Range

LicenceOutcome = Literal["allowed", "allowed_with_duties", "needs_agreement", "forbidden", "review"]
RuleEffect = Literal["fine", "check", "duty", "review", "needs_agreement", "forbidden"]

# From mild to severe; the verdict is that of the most severe rule.
_OUTCOMES: Mapping[RuleEffect, LicenceOutcome] = {
    "fine": "allowed",
    "check": "allowed",
    "duty": "allowed_with_duties",
    "review": "review",
    "needs_agreement": "needs_agreement",
    "forbidden": "forbidden",
}
_SEVERITY = tuple(_OUTCOMES)
_QUANTITIES = {
    "monthly_users": ("monthly_users", 1.0, "monthly active users", ""),
    "annual_revenue": ("annual_revenue", 1.0, "revenue per year", "USD "),
    "monthly_revenue": ("annual_revenue", 12.0, "revenue per month", "USD "),
    "product_revenue": ("annual_revenue", 1.0, "yearly revenue of the product", "USD "),
}

Facts = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class LicenceRule:
    """One rule that was looked at: the clause, what holds here, where the text is, and what follows."""

    clause: str
    text: str
    source: str
    effect: RuleEffect


@dataclass(frozen=True, slots=True)
class LicenceVerdict:
    """What the licence says to this use, by its most severe rule; the rules that decide come first."""

    verdict: LicenceOutcome
    rules: tuple[LicenceRule, ...]
    licence: Licence


def judge_licence(licence: Licence, facts: Facts, multimodal: bool | None = None) -> LicenceVerdict:
    """Judge a commercial use of a checkpoint under this licence.

    Args:
        facts: facts by key; ranges count as a whole, so a range across a threshold asks for review.
        multimodal: whether the checkpoint takes more than text; None where the checkpoint is not known.
    """
    found: list[LicenceRule] = []

    def add(effect: RuleEffect, clause: str, text: str) -> None:
        found.append(LicenceRule(clause or "not read", text, licence.source, effect))

    for effect, clause, text in _rules(licence, facts, multimodal):
        add(effect, clause, text)
    if not found:
        add("fine", "whole text", f"{licence.name}: nothing in it restricts this use")
    ordered = sorted(found, key=lambda rule: _SEVERITY.index(rule.effect), reverse=True)
    return LicenceVerdict(_OUTCOMES[ordered[0].effect], tuple(ordered), licence)


def judge_model(model: OpenModel, facts: Facts) -> LicenceVerdict | None:
    """Judge a checkpoint under its licence and those of the models it derives from; None where unknown."""
    keys = [key for key in (model.license_id, *model.also_license_ids) if key]
    known = [licences()[key] for key in keys]
    verdicts = [judge_licence(licence, facts, model.multimodal) for licence in known]
    if model.license_id is None or not verdicts:
        return None
    rules = sorted(
        (rule for verdict in verdicts for rule in verdict.rules),
        key=lambda rule: _SEVERITY.index(rule.effect),
        reverse=True,
    )
    return LicenceVerdict(_OUTCOMES[rules[0].effect], tuple(rules), known[0])


_Rule = tuple[RuleEffect, str, str]


def _rules(licence: Licence, facts: Facts, multimodal: bool | None) -> Iterator[_Rule]:
    if licence.commercial_use == "forbidden":
        text = f"{licence.name}: research or evaluation only; commercial use needs a separate licence"
        yield "forbidden", licence.commercial_clause, text
    for threshold in licence.thresholds:
        yield from _threshold(threshold, facts)
    for territory in licence.territories:
        yield from _territory(territory, facts, multimodal)
    for field in licence.fields:
        yield from _field_of_use(field, facts)
    yield from _outputs(licence, facts)
    yield from _passing_on(licence, facts)
    if licence.acceptable_use:
        yield "duty", "acceptable use", licence.acceptable_use


def _threshold(threshold: Threshold, facts: Facts) -> Iterator[_Rule]:
    if threshold.kind == "business":
        if threshold.only_if:
            yield "check", threshold.clause, f"{threshold.text}, if {threshold.only_if}"
        else:
            yield threshold.effect, threshold.clause, threshold.text
        return
    assert threshold.value is not None
    fact, divisor, quantity, currency = _QUANTITIES[threshold.kind]
    bound = f"{currency}{threshold.value:,.0f} {quantity}"
    when = f", tested on the release date {threshold.test_date}" if threshold.test_date else ""
    scope = f" ({threshold.scope}{when})" if threshold.scope or when else ""
    relation = "more than" if threshold.operator == ">" else "at least"
    condition = f"{relation} {bound}{scope}"
    known = _bounds(facts.get(fact))
    if known is None:
        also = f" and if {threshold.only_if}" if threshold.only_if else ""
        yield (
            "check",
            threshold.clause,
            f"{threshold.text}: applies from {condition}{also}; {fact} is not known",
        )
        return
    low, high = (_passes(threshold.operator, end, threshold.value * divisor) for end in known)
    if not high:
        yield "fine", threshold.clause, f"{condition} would change the terms; the stated {fact} is below"
    elif threshold.effect == "duty":
        met = "is" if low else "may be"
        yield "duty", threshold.clause, f"{threshold.text}: {condition} {met} met"
    elif threshold.only_if:
        yield (
            "review",
            threshold.clause,
            f"{threshold.text}: {condition} is met, and it applies if {threshold.only_if}",
        )
    elif threshold.kind == "product_revenue" or not low:
        yield (
            "review",
            threshold.clause,
            f"{threshold.text}: {condition} may be met; {fact} does not settle it",
        )
    else:
        yield threshold.effect, threshold.clause, f"{threshold.text}: {condition} is met"


def _passes(operator: str, value: float, bound: float) -> bool:
    return value > bound or (operator == ">=" and value == bound)


def _bounds(value: FactValue | None) -> tuple[float, float] | None:
    if isinstance(value, Range):
        return value.low, value.high
    return (float(value), float(value)) if isinstance(value, int | float) else None


def _values(value: FactValue | None) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()


def _territory(territory: Territory, facts: Facts, multimodal: bool | None) -> Iterator[_Rule]:
    if territory.multimodal_only and multimodal is False:
        return
    sure = not territory.multimodal_only or multimodal is True
    for fact in territory.tests:
        here = _values(facts.get(fact))
        if set(here) & set(territory.regions):
            hit: RuleEffect = "forbidden" if sure else "review"
            yield hit, territory.clause, f"{territory.text}; {fact} is {', '.join(here)}"
        elif territory.also and "other" in here:
            yield "review", territory.clause, f"{territory.text}; {fact} is 'other': check {territory.also}"
        elif not here:
            yield "check", territory.clause, f"{territory.text}; {fact} is not known"


def _field_of_use(field: FieldOfUse, facts: Facts) -> Iterator[_Rule]:
    sector = _values(facts.get("sector"))
    regulations = _values(facts.get("regulations"))
    if set(sector) & set(field.sectors) or set(regulations) & set(field.regulations):
        yield field.effect, field.clause, field.text


def _outputs(licence: Licence, facts: Facts) -> Iterator[_Rule]:
    terms, trains = licence.outputs, facts.get("trains_on_outputs")
    if terms is None or trains is False:
        return
    if trains is True:
        yield terms.effect, terms.clause, f"training another model on the outputs: {terms.text}"
    else:
        yield "check", terms.clause, f"if the outputs train another model: {terms.text}"


def _passing_on(licence: Licence, facts: Facts) -> Iterator[_Rule]:
    ships = facts.get("ships_weights")
    attribution = licence.attribution
    if attribution is not None and (attribution.when == "using" or ships is True):
        yield "duty", attribution.clause, attribution.text
    if ships is True:
        for duty in licence.redistribution:
            clause, text = _split_clause(duty)
            yield "duty", clause, f"when passing the weights on: {text}"
    tunes = facts.get("customization") in ("light_tuning", "deep_tuning")
    if licence.derivative_naming and ships is True and tunes:
        yield "duty", "naming", licence.derivative_naming
    if ships is None and licence.redistribution:
        duties = "; ".join(licence.redistribution)
        yield "check", _split_clause(licence.redistribution[0])[0], f"if the weights are passed on to others: {duties}"


def _split_clause(duty: str) -> tuple[str, str]:
    """Split 's4(b) mark changed files' into its clause and its text."""
    found = re.match(r"(s?\d+(?:\.\d+)?(?:\(\w+\))*|[IVX]+\(\w\))\s+(.+)", duty)
    return (found[1], found[2]) if found else ("redistribution", duty)
