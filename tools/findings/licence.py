"""Findings on licences: the verdict with its duties, and what open weights are not. It reads no licence itself."""

from tools.assessment import Severity
from tools.findings.situation import Findings, Situation, finding, short
from tools.licence import judge_model
from tools.openness import openness_of


def verdict(situation: Situation) -> Findings:
    """Give each checkpoint's licence verdict with its rules in one sentence each."""
    for leg in situation.legs:
        judged = judge_model(leg.checkpoint, dict(situation.evaluation.draws.known)) if leg.checkpoint else None
        if judged is None or leg.licence is None:
            continue
        severity: Severity = "info" if judged.verdict == "allowed" else "advice"
        duties = " ".join(_sentence(rule.text.removeprefix(f"{leg.licence.name}: ")) for rule in judged.rules)
        text = f"{leg.licence.name}: {judged.verdict.replace('_', ' ')}. {duties}".strip()
        source = f"tools/data/licences.yaml: {leg.licence.source} [{leg.licence.confidence}]"
        yield finding("licence", severity, f"licence_{judged.verdict}", text, source)


def open_weights(situation: Situation) -> Findings:
    """Say that open weights are not open source, where the checkpoint is not, with its openness class."""
    for leg in situation.legs:
        found = openness_of(leg.checkpoint) if leg.checkpoint is not None else None
        if found is None or found.osaid == "open_source":
            continue
        kept = "for research only" if found.osaid == "research_only" else "open weights, which is not open source"
        text = (
            f"{short(leg.model)} has {kept}: what is missing stays with the lab, so nobody else can rebuild it, and "
            f"the licence says what you may do. Model Openness Framework: {found.class_name}."
        )
        source = f"{found.source} [{found.confidence}]; decision material W3; Open Source AI Definition 1.0"
        yield finding("licence", "info", "open_weights", text, source)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""


RULES = (verdict, open_weights)
