"""Findings on law and data: what has to be signed, what nobody has said yet, duties that stay. It signs nothing."""

from tools.catalogue.regimes import ai_act_dates, regimes
from tools.catalogue.vendors import Vendor, vendors
from tools.compliance import conditions, from_memory, high_risk_dates, high_risk_duties
from tools.facts import fact_dictionary
from tools.findings.situation import Findings, Situation, finding, labels, short

_PROVIDER_REGIMES = ("record", "safeguards")


def country(situation: Situation) -> Findings:
    """Say that a model comes from a Chinese lab where policy on that is open."""
    if situation.stated("chinese_models") and not situation.says("chinese_models", "undecided"):
        return
    for leg in situation.legs:
        if leg.country == "china":
            where = "on your own servers" if leg.server is not None else f"at {leg.provider}"
            text = (
                f"{short(leg.model)} comes from a Chinese lab ({leg.lineage}) and would run {where}; whether your "
                "policy allows that was not said. Ask before you build on it: regulated sectors, government and some "
                "customers exclude such models."
            )
            source = "tools/data/open_models.yaml (licensor_country); decision material F5"
            yield finding("compliance", "advice", "country_policy_open", text, source)


def to_sign(situation: Situation) -> Findings:
    """Name what has to be signed or switched on with each vendor for the stated regulations."""
    listed = situation.listed("regulations")
    named = [r for r in listed if r in regimes() and regimes()[r].on_provider in _PROVIDER_REGIMES]
    for vendor in situation.vendors:
        terms = conditions(vendor, named)
        if terms:
            text = f"Before the first real request to {vendor.name}: " + "; ".join(terms) + "."
            laws = "; ".join(regimes()[r].source for r in named)
            yield finding("compliance", "warning", "conditions_to_sign", text, f"{vendor.cited}; {laws}")
        recalled = from_memory(vendor, named)
        if recalled:
            text = (
                f"That {vendor.name} meets {labels('regulations', recalled)} is from memory and not read in a source: "
                "have it shown before you decide."
            )
            yield finding("compliance", "warning", "record_from_memory", text, vendor.cited)


def provider_report(situation: Situation) -> Findings:
    """Say that a vendor without a report makes the user's own SOC 2 audit longer."""
    for vendor in situation.vendors:
        if situation.says("regulations", "soc2") and vendor.meets("soc2") is not True:
            text = (
                f"SOC 2 is the report on your own controls. No report of {vendor.name} is on record, so your auditor "
                "will want other evidence of how you oversee it: ask for one, or write the controls that stand in."
            )
            yield finding("compliance", "advice", "vendor_without_report", text, regimes()["soc2"].cited)


def residency(situation: Situation) -> Findings:
    """Name how requests are held to the region that the data must stay in."""
    if not situation.listed("residency"):
        return
    where = labels("residency", situation.listed("residency"))
    for vendor in situation.vendors:
        told = conditions(vendor, ("residency",))
        if told:
            text = f"Data must stay in {where}. {vendor.name} does that under a condition: {told[0]}."
            yield finding("compliance", "warning", "residency_conditions", text, vendor.cited)
        if vendor.from_memory("regions"):
            text = f"The regions of {vendor.name} are on record from memory only; confirm {where} in writing."
            yield finding("compliance", "warning", "region_from_memory", text, vendor.cited)


def data_without_regime(situation: Situation) -> Findings:
    """Ask for the regulation that the kind of data suggests where it was not named."""
    named = set(situation.listed("regulations"))
    american = situation.says("company_region", "us") or situation.says("user_regions", "us")
    european = situation.says("company_region", "eu", "uk") or situation.says("user_regions", "eu", "uk")
    personal = situation.says("data_class", "pii", "health", "payment")
    asked = (
        ("hipaa", american and situation.says("data_class", "health"), "health data in the United States"),
        ("gdpr", european and personal, "personal data with a foot in Europe"),
        ("pci_dss", situation.says("data_class", "payment"), "payment data"),
        ("glba", american and personal and situation.says("sector", "finance"), "customers of a US financial company"),
    )
    for regime, holds, what in asked:
        if holds and regime not in named:
            law = regimes()[regime]
            text = f"You named {what}, but not {law.name}. If it applies: {law.why} You would need {law.sign}."
            yield finding("compliance", "warning", f"{regime}_not_named", text, law.cited)
    if situation.says("data_class", "legal_privileged"):
        for vendor in situation.vendors:
            text = (
                f"Privileged documents would be read by {vendor.name}. Let counsel confirm that this waives nothing: "
                "confidentiality by contract, no human review, no retention, no training."
            )
            source = "Weighbridge judgement, not legal advice [judgement]; decision material S1"
            yield finding("compliance", "warning", "legal_privilege", text, source)


def retention(situation: Situation) -> Findings:
    """Say what a vendor keeps, and whether it trains on it."""
    private = not situation.stated("data_class") or situation.listed("data_class") != ("public",)
    for vendor in situation.vendors:
        if vendor.trains_on_data is True and private:
            text = f"{vendor.name} uses what is sent for training unless you opt out: opt out before the first request."
            yield finding("compliance", "warning", "vendor_trains", text, vendor.cited)
        if situation.says("external_api", "with_safeguards") and vendor.retention_days:
            way = f" Zero retention: {vendor.zero_retention}." if vendor.zero_retention else ""
            recalled = " (from memory)" if vendor.from_memory("retention_days") else ""
            text = f"{vendor.name} keeps requests {vendor.retention_days} days by default{recalled}.{way}"
            yield finding("compliance", "advice", "retention", text, vendor.cited)


def high_risk(situation: Situation) -> Findings:
    """Give the checklist of the EU AI Act's high-risk class with the days from which it applies."""
    if not situation.says("regulations", "eu_ai_act_high_risk"):
        return
    days = "; ".join(f"{entry.since.isoformat()} for {entry.duty}" for entry in high_risk_dates(situation.on))
    text = (
        "The EU AI Act's high-risk duties are yours, whoever runs the model: " + "; ".join(high_risk_duties()) + ". "
        f"They apply from {days}. Documentation, logging and human oversight are design work: begin with them."
    )
    dates = "; ".join(entry.source for entry in high_risk_dates(situation.on))
    yield finding(
        "compliance", "warning", "ai_act_high_risk", text, f"{regimes()['eu_ai_act_high_risk'].cited}; {dates}"
    )
    text = f"Ask the supplier of {short(situation.option.model)} for {regimes()['eu_ai_act_high_risk'].sign}."
    yield finding("compliance", "advice", "ai_act_supplier", text, regimes()["eu_ai_act_high_risk"].cited)


def transparency(situation: Situation) -> Findings:
    """Say from when people in the EU must be told that they deal with AI."""
    european = situation.says("user_regions", "eu") or situation.says("company_region", "eu")
    entry = next((entry for entry in ai_act_dates() if entry.transparency), None)
    if entry is None or not european or not situation.says("task", "chatbot", "content_generation"):
        return
    since = "since" if entry.since <= situation.on else "from"
    text = f"In the EU, {since} {entry.since.isoformat()}: {entry.duty}. Put it into the interface now."
    yield finding("compliance", "advice", "ai_act_transparency", text, f"{entry.source} [{entry.confidence}]")


def transfer(situation: Situation) -> Findings:
    """Say that personal data under GDPR needs a ground for going to a company outside the EU."""
    if not situation.says("regulations", "gdpr"):
        return
    for vendor in situation.vendors:
        if vendor.jurisdiction in ("us", "other"):
            text = (
                f"{vendor.name} is a company outside the EU: name the ground for the transfer (an adequacy decision "
                "that covers the company, or standard contractual clauses with an assessment). A region in the EU "
                "shortens that, and does not settle it: the law of the company's home still reaches it."
            )
            yield finding("compliance", "advice", "transfer_ground", text, f"{regimes()['gdpr'].cited}; {vendor.cited}")


def own_duties(situation: Situation) -> Findings:
    """Say what compliance there is to rebuild where nobody else brings it along."""
    named = [r for r in situation.listed("regulations") if r in regimes() and r != "eu_ai_act_high_risk"]
    if not situation.own or not named:
        return
    duties = "; ".join(f"{regimes()[r].name}: {', '.join(regimes()[r].yours)}" for r in named)
    text = f"On your own servers there is no provider to sign with, and nobody brings compliance along. {duties}."
    laws = "; ".join(regimes()[r].source for r in named)
    yield finding("compliance", "advice", "compliance_to_rebuild", text, f"decision material P4; {laws}")


def government_cloud(situation: Situation) -> Findings:
    """Name the government clouds that could take what no commercial endpoint may."""
    for regime in ("itar", "fedramp"):
        if not situation.says("regulations", regime):
            continue
        offers = [vendor for vendor in vendors().values() if regime in vendor.elsewhere]
        if offers:
            told = "; ".join(f"{vendor.name}: {_elsewhere(vendor, regime)}" for vendor in offers)
            name = fact_dictionary()["regulations"].labels[regime]
            text = (
                f"Not weighed here, because they have no price on record, are offerings that may meet {name}: {told}."
            )
            yield finding("compliance", "info", "government_cloud", text, "tools/data/vendors.yaml (elsewhere)")


def _elsewhere(vendor: Vendor, regime: str) -> str:
    return vendor.elsewhere[regime]


RULES = (
    country, to_sign, transfer, provider_report, residency, data_without_regime, retention, high_risk, transparency,
    own_duties, government_cloud,
)  # fmt: skip
