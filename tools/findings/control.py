"""Findings on control: tuning services, terms on outputs, lock-in where AI is the product. It weighs no cost."""

from tools.assessment import Severity
from tools.catalogue.proprietary import proprietary_models
from tools.catalogue.vendor_terms import vendor_terms
from tools.catalogue.vendors import Vendor
from tools.findings.situation import Findings, Situation, finding


def tuning(situation: Situation) -> Findings:
    """Say what a vendor's tuning service can do for the tuning that is wanted, and when it ends."""
    if not situation.says("customization", "light_tuning", "deep_tuning"):
        return
    deep = situation.says("customization", "deep_tuning")
    for vendor in situation.vendors:
        told = _tuning_text(vendor)
        if deep:
            text = (
                f"Deep tuning needs the weights; a vendor's service is narrower and dearer at scale. {told} Plan for "
                "open weights, or start with examples in the prompt and measure how far they go."
            )
            yield finding(
                "control", "warning", "deep_tuning_service", text, f"decision material S3, F2; {vendor.cited}"
            )
        else:
            severity: Severity = "info" if vendor.tuning == "offered" else "warning"
            text = f"Light tuning through a service is fine as long as data control is not the point. {told}"
            yield finding("control", severity, "light_tuning_service", text, f"decision material F2; {vendor.cited}")


def _tuning_text(vendor: Vendor) -> str:
    recalled = " (from memory)" if vendor.from_memory("tuning") else ""
    match vendor.tuning:
        case "offered":
            return f"{vendor.name} offers tuning{recalled}; the tuned model goes when its base model is retired."
        case "ending":
            until = f" from {vendor.tuning_until.isoformat()}" if vendor.tuning_until else " soon"
            return f"{vendor.name} is winding its tuning down: no new jobs{until}."
        case "none":
            return f"{vendor.name} offers no tuning of its own{recalled}."
        case _:
            return f"Whether {vendor.name} offers tuning is not on record."


def outputs_terms(situation: Situation) -> Findings:
    """Give a vendor's terms on training with its outputs where that is planned."""
    if not situation.says("trains_on_outputs", "true"):
        return
    for leg in situation.outside:
        bought = proprietary_models().get(leg.model)
        terms = vendor_terms().get(bought.vendor) if bought is not None else None
        if terms is not None:
            text = f"Answers are to train another model. {terms.name}: {terms.outputs} ({terms.outputs_clause})."
            source = f"tools/data/licence_names.yaml: {terms.source} [{terms.confidence}]"
            yield finding("control", "warning", "outputs_terms", f"{text} Have the terms read first.", source)


def lock_in(situation: Situation) -> Findings:
    """Say that the core of the product would rest on one vendor's model."""
    if not situation.says("core_differentiator", "true"):
        return
    for leg in situation.outside:
        if not leg.is_open:
            text = (
                f"AI is what you sell, and {leg.provider} would hold the model, its price and its end. Keep prompts, "
                "evaluation cases and data in your hands and one layer between you and the vendor, so that leaving "
                "stays a project and does not become a rewrite."
            )
            yield finding("control", "warning", "lock_in", text, "decision material S4, A2")


RULES = (tuning, outputs_terms, lock_in)
