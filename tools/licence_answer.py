"""Answers the licence question for a name that people write: open weights, a licence, or a vendor's model.

It phrases what the judges found and knows no command line.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tools.catalogue.licence_names import Terms, find_terms, open_names
from tools.catalogue.proprietary import find_proprietary_model
from tools.catalogue.vendor_terms import VendorTerms, vendor_of, vendor_terms
from tools.errors import UnknownName
from tools.facts import FactValue
from tools.licence import LicenceRule, judge_terms, severity
from tools.openness import openness_of

Facts = Mapping[str, FactValue]
Json = dict[str, Any]


def answer(name: str, facts: Facts) -> Json:
    """Return verdict, rules, notes and unknown facts for a model, a family or a licence.

    Raises UnknownName for a name that is neither an open model, a licence nor a known vendor's model.
    """
    try:
        terms = find_terms(name)
    except UnknownName:
        vendor = None if open_names(name) else _vendor(name)
        if vendor is None:
            raise
        return _proprietary(name, vendor, facts)
    return _open(terms, facts)


def _open(terms: Terms, facts: Facts) -> Json:
    verdict = judge_terms(terms, facts)
    openness = openness_of(terms.model) if terms.model else None
    return {
        "verdict": verdict.verdict,
        "rules": [_as_json(rule) for rule in verdict.rules],
        "notes": [_as_json(note) for note in verdict.notes],
        "unknown_facts": list(verdict.unknown_facts),
        "licence": verdict.licence.name,
        "licences": [licence.id for licence in terms.licences],
        "model": terms.checkpoint,
        "openness": {"class": openness.class_name, "osaid": openness.osaid} if openness else None,
        "text_read": verdict.licence.read,
        "confidence": verdict.licence.confidence,
        "checked": verdict.licence.checked.isoformat(),
    }


def _as_json(rule: LicenceRule) -> dict[str, str]:
    return {"clause": rule.clause, "text": rule.text, "source": rule.source, "effect": rule.effect}


def _vendor(name: str) -> VendorTerms | None:
    try:
        model = find_proprietary_model(name)
    except UnknownName:
        return vendor_of(name)
    return vendor_terms().get(model.vendor)


def _proprietary(name: str, vendor: VendorTerms, facts: Facts) -> Json:
    """Answer for a model whose weights are not published: the contract decides, so a person must read it."""
    rules = sorted(_vendor_rules(name, vendor, facts), key=lambda rule: severity(rule.effect), reverse=True)
    return {
        "verdict": rules[0].effect,
        "rules": [_as_json(rule) for rule in rules],
        "notes": [],
        "unknown_facts": [key for key in ("ships_weights", "trains_on_outputs") if key not in facts],
        "licence": f"proprietary, terms of service of {vendor.name}",
        "licences": [],
        "model": None,
        "openness": None,
        "text_read": "none",
        "confidence": vendor.confidence,
        "checked": vendor.checked.isoformat(),
    }


def _vendor_rules(name: str, vendor: VendorTerms, facts: Facts) -> Iterator[LicenceRule]:
    source = f"{vendor.source} [{vendor.confidence}, checked {vendor.checked.isoformat()}]"
    text = f"{name} is proprietary: {vendor.name} publishes no weights, so no open licence applies; its terms decide"
    yield LicenceRule("terms of service", text, source, "review")
    if facts.get("ships_weights") is True:
        text = "the weights cannot be delivered: the vendor does not give them out"
        yield LicenceRule("terms of service", text, source, "forbidden")
    if facts.get("trains_on_outputs") is True:
        text = f"training another model on the outputs: {vendor.outputs}"
        yield LicenceRule(vendor.outputs_clause, text, source, "needs_agreement")
