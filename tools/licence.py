"""Judges whether a model licence allows a use, rule by rule. It knows the terms only through the catalogue.

How an unknown fact counts: where the answer could make the use need an agreement, a review or a stop, the rule is a
condition, and the verdict is at least 'allowed_with_duties' (the duty is to check it). Where the answer could only
add duties (weights passed on, a notice), the rule is a check and changes nothing. A range is judged as a whole: wholly
above a threshold it has the effect, across it the use is for review; a duty across the threshold is taken as owed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tools.catalogue.licence_names import Terms, terms_of
from tools.catalogue.licences import FieldOfUse, Licence, Territory
from tools.catalogue.open_models import OpenModel
from tools.facts import FactValue
from tools.licence_thresholds import Found, RuleEffect, fact_words, found, values
from tools.licence_thresholds import judge as judge_threshold

LicenceOutcome = Literal["allowed", "allowed_with_duties", "needs_agreement", "forbidden", "review"]

# From mild to severe; the verdict is that of the most severe rule.
_OUTCOMES: Mapping[RuleEffect, LicenceOutcome] = {
    "fine": "allowed",
    "check": "allowed",
    "duty": "allowed_with_duties",
    "condition": "allowed_with_duties",
    "review": "review",
    "needs_agreement": "needs_agreement",
    "forbidden": "forbidden",
}
_SEVERITY = {effect: rank for rank, effect in enumerate(_OUTCOMES)}

Facts = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class LicenceRule:
    """One rule that was looked at: the clause, what holds here, where the text is, and what follows.

    fact: the fact that would settle a condition or a check; empty where none does.
    """

    clause: str
    text: str
    source: str
    effect: RuleEffect
    fact: str = ""


@dataclass(frozen=True, slots=True)
class LicenceVerdict:
    """What the licence says to this use, by its most severe rule; the rules that decide come first.

    notes: patents, termination, governing law and exemptions, which bind in any case and decide nothing here.
    """

    verdict: LicenceOutcome
    rules: tuple[LicenceRule, ...]
    licence: Licence
    notes: tuple[LicenceRule, ...] = ()

    @property
    def unknown_facts(self) -> tuple[str, ...]:
        """The facts that the licence asks for and that nobody stated, in the order of their rules."""
        return tuple(dict.fromkeys(rule.fact for rule in self.rules if rule.fact))


def judge_licence(
    licence: Licence, facts: Facts, multimodal: bool | None = None, released: str | None = None
) -> LicenceVerdict:
    """Judge a commercial use of a checkpoint under one licence.

    Args:
        facts: facts by key; an unknown fact is absent.
        multimodal: whether the checkpoint takes more than text; None where the checkpoint is not known.
        released: the checkpoint's release date, for thresholds that are tested on it.
    """
    return judge_terms(Terms((licence,), multimodal=multimodal, released=released), facts)


def judge_model(model: OpenModel, facts: Facts) -> LicenceVerdict | None:
    """Judge a checkpoint under its licence and those of the models it derives from; None where unknown."""
    terms = terms_of(model)
    return None if terms is None else judge_terms(terms, facts)


def judge_terms(terms: Terms, facts: Facts) -> LicenceVerdict:
    """Judge a use under all licences that bind together; the first one names the verdict."""
    rules: list[LicenceRule] = []
    notes: list[LicenceRule] = []
    for licence in terms.licences:
        own = tuple(_rules(licence, facts, terms))
        rules += _sourced(licence, own or (found("fine", "whole text", f"{licence.name}: nothing restricts this use"),))
        notes += _sourced(licence, _notes(licence))
    rules.sort(key=lambda rule: severity(rule.effect), reverse=True)
    return LicenceVerdict(_OUTCOMES[rules[0].effect], tuple(rules), terms.licences[0], tuple(notes))


def severity(effect: RuleEffect) -> int:
    """Rank an effect from mild (0) to severe; the verdict follows the most severe rule."""
    return _SEVERITY[effect]


def _sourced(licence: Licence, rules: Iterable[Found]) -> Iterator[LicenceRule]:
    source = f"{licence.name}: {licence.source} [{licence.confidence}, checked {licence.checked.isoformat()}]"
    for effect, clause, text, fact in rules:
        yield LicenceRule(clause or "not read", text, source, effect, fact)


def _rules(licence: Licence, facts: Facts, terms: Terms) -> Iterator[Found]:
    if licence.commercial_use == "forbidden":
        text = f"{licence.name}: only research and other non-commercial use; all else needs a separate licence"
        yield found("forbidden", licence.commercial_clause, text)
    for threshold in licence.thresholds:
        yield judge_threshold(threshold, facts, terms.released)
    for territory in licence.territories:
        yield from _territory(territory, facts, terms.multimodal)
    for field in licence.fields:
        yield from _field_of_use(field, facts)
    yield from _outputs(licence, facts)
    yield from _passing_on(licence, facts)
    if licence.acceptable_use:
        yield found("duty", licence.acceptable_use.clause, licence.acceptable_use.text)
    if licence.read == "none":
        text = (
            f"{licence.name}: its text was not read here, these terms are second-hand; read it before relying on them"
        )
        yield found("condition", "not read", text)


def _notes(licence: Licence) -> Iterator[Found]:
    if licence.exemption:
        yield found("fine", licence.exemption.clause, f"exemption: {licence.exemption.text}")
    if licence.patents:
        yield found("fine", licence.patents.clause, f"patents: {licence.patents.text}")
    for term in licence.termination:
        yield found("fine", term.clause, f"end of the licence: {term.text}")
    if licence.governing_law:
        yield found("fine", licence.governing_law.clause, f"governing law: {licence.governing_law.text}")


def _territory(territory: Territory, facts: Facts, multimodal: bool | None) -> Iterator[Found]:
    if territory.multimodal_only and multimodal is False:
        return
    sure = not territory.multimodal_only or multimodal is True
    for fact in territory.tests:
        here = values(facts.get(fact))
        if set(here) & set(territory.regions):
            hit: RuleEffect = "forbidden" if sure else "review"
            yield found(hit, territory.clause, f"{territory.text}; {fact_words(fact)}: {', '.join(here)}")
        elif territory.also and "other" in here:
            yield found(
                "review", territory.clause, f"{territory.text}; {fact_words(fact)}: 'other', check {territory.also}"
            )
        elif not here:
            yield found("condition", territory.clause, f"{territory.text}; {fact_words(fact)} not known", fact)


def _field_of_use(field: FieldOfUse, facts: Facts) -> Iterator[Found]:
    sector, region = values(facts.get("sector")), values(facts.get("company_region"))
    if set(sector) & set(field.sectors) or set(values(facts.get("regulations"))) & set(field.regulations):
        open_question = field.review_in and (not region or set(region) & set(field.review_in))
        yield found("review" if open_question else field.effect, field.clause, field.text)
    elif set(values(facts.get("data_class"))) & set(field.data_classes):
        yield found("review", field.clause, f"{field.text}; the data suggest that field: check")
    elif field.sectors and not sector:
        words = f"for work in {', '.join(field.sectors)}: {field.text}; sector not known"
        yield found("condition", field.clause, words, "sector")


def _outputs(licence: Licence, facts: Facts) -> Iterator[Found]:
    terms, trains = licence.outputs, facts.get("trains_on_outputs")
    if terms is None or trains is False:
        return
    if trains is True:
        yield found(terms.effect, terms.clause, f"training another model on the outputs: {terms.text}")
    else:
        weight: RuleEffect = "check" if terms.effect == "duty" else "condition"
        yield found(weight, terms.clause, f"if the outputs train another model: {terms.text}", "trains_on_outputs")


def _passing_on(licence: Licence, facts: Facts) -> Iterator[Found]:
    ships, shown = facts.get("ships_weights"), licence.attribution
    if shown is not None and (shown.when == "using" or ships is True):
        yield found("duty", shown.clause, shown.text)
    if ships is True:
        for term in licence.redistribution:
            yield found("duty", term.clause, f"when passing the weights on: {term.text}")
        tunes = facts.get("customization") in ("light_tuning", "deep_tuning")
        if licence.derivative_naming and tunes:
            yield found("duty", licence.derivative_naming.clause, licence.derivative_naming.text)
    elif ships is None and licence.redistribution:
        duties = "; ".join(term.text for term in licence.redistribution)
        clause = licence.redistribution[0].clause
        yield found("check", clause, f"if the weights are passed on to others: {duties}", "ships_weights")
