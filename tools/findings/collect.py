"""Runs every rule on a workload and puts the findings in order. It holds no rule."""

from collections.abc import Callable

from tools.assessment import Finding
from tools.evaluate import Evaluation
from tools.findings import capability, compliance, control, cost, latency, licence, operations, scope, vendor_risk
from tools.findings.situation import Findings, Situation, situation_of

_ORDER = ("critical", "warning", "advice", "info")
_RULES: tuple[Callable[[Situation], Findings], ...] = (
    *scope.RULES,
    *capability.RULES,
    *compliance.RULES,
    *licence.RULES,
    *control.RULES,
    *vendor_risk.RULES,
    *operations.RULES,
    *cost.RULES,
    *latency.RULES,
)


def findings_on(situation: Situation) -> Findings:
    """Yield what every rule says of a chosen option; without a language model only the question itself is left."""
    for rule in scope.RULES if situation.option.deployment == "no_llm" else _RULES:
        yield from rule(situation)


def findings_for(evaluation: Evaluation, chosen: int | None) -> tuple[Finding, ...]:
    """Return all findings for one workload, the most severe first; each text is told once."""
    found = [*scope.without_choice(evaluation, chosen)]
    if chosen is not None:
        found.extend(findings_on(situation_of(evaluation, chosen)))
    unique = {(item.rule, item.text): item for item in found}
    return tuple(sorted(unique.values(), key=lambda item: _ORDER.index(item.severity)))
