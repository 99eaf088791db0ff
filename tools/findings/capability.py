"""Findings on capability: whose scores count, what to test, where the gap decides. It ranks no model."""

import numpy as np

from tools.capability import Capability, capability_of, gap_of, needed_level, silent_failure_risk
from tools.findings.situation import Findings, Situation, finding, labels, parts_of, short
from tools.findings.thresholds import limit
from tools.gates import gates

_SCORES = ("flagship_score", "open_score")


def own_scores(situation: Situation) -> Findings:
    """Say that the user's own scores decide, or that nothing has been measured where an error is dear."""
    if all(situation.stated(key) for key in _SCORES):
        flagship, best_open = (situation.number(key) or 0.0 for key in _SCORES)
        text = (
            f"Your own test scores decide on capability here: {flagship:.0%} for the flagship, {best_open:.0%} for the "
            "open model. Public benchmarks were not used."
        )
        yield finding("capability", "info", "own_scores", text, "stated by the user")
    elif situation.says("error_cost", "high"):
        open_leg = next((leg for leg in situation.legs if leg.is_open), None)
        if open_leg is not None:
            text = (
                f"A wrong answer is dear here, and nobody has measured {short(open_leg.model)} on your own cases: run "
                "your own evaluation against a flagship before you rely on it."
            )
            yield finding("capability", "warning", "test_before_trust", text, "decision material A1, W4")


def one_score_only(situation: Situation) -> Findings:
    """Ask for the other score where only one side was tested."""
    given = [key for key in _SCORES if situation.stated(key)]
    if len(given) == 1:
        missing = "an open model" if given == ["flagship_score"] else "a flagship"
        text = f"You have tested one side only; run the same cases on {missing}, and the comparison becomes yours."
        yield finding("capability", "advice", "test_the_other_side", text, "decision material A1, F1")


def evidence(situation: Situation) -> Findings:
    """Say what the chosen model's fitness for this task and difficulty rests on."""
    known = situation.evaluation.draws.known
    task, difficulty = known.get("task"), known.get("difficulty")
    if not isinstance(task, str) or not isinstance(difficulty, str) or task == "embedding":
        return
    if all(situation.stated(key) for key in _SCORES):
        return
    needed = needed_level(task, difficulty)
    for leg in situation.legs:
        found = capability_of(leg.model, task, situation.on)
        where = f"{difficulty} work ({labels('task', (task,))})"
        if silent_failure_risk(found.level, needed):
            text = (
                f"{short(leg.model)} falls just short of {where}: level {found.level:.1f} of the {needed:.1f} needed "
                f"({found.basis}). Nobody sees such a gap: answers look right and are a little worse, for months. "
                " Test on your own cases before and after launch."
            )
            yield finding("capability", "warning", "near_miss", text, _evidence_source(found))
        elif found.kind != "measured" and needed > 0.5:
            text = (
                f"That {short(leg.model)} is up to {where} is not measured; it is {found.basis}. Your own "
                "test cases settle it in a day."
            )
            yield finding("capability", "advice", "capability_not_measured", text, _evidence_source(found))


def _evidence_source(found: Capability) -> str:
    lines = "; ".join(f"{line.source} [{line.confidence}]" for line in found.evidence) or "the class in the catalogue"
    return f"tools/data/capability.yaml: {lines} [{found.confidence}]; decision material A1, W4"


def silent_failure(situation: Situation) -> Findings:
    """Warn where only the capability gap keeps a cheaper open model from being chosen."""
    if any(leg.is_open for leg in situation.legs) or all(situation.stated(key) for key in _SCORES):
        return
    open_weights = np.array([option.is_open and not parts_of(option) for option in situation.evaluation.options])
    cheaper = situation.held_back_by("capability", open_weights, limit("clearly_cheaper").value)
    rival = min(cheaper, key=lambda i: float(situation.evaluation.steps[i].mean()), default=None)
    if rival is None:
        return
    option, usd = situation.evaluation.options[rival], float(situation.evaluation.mean_usd[rival])
    text = (
        f"Capability decides here: {short(option.model)} would cost about ${usd:,.0f} a month and not "
        f"${situation.monthly_usd:,.0f}, but its class is below what the work needs. Should you take it anyway, "
        f"nothing will break; the product will just be worse for months. {_gap(situation)}Test it on your own cases "
        "first, and look again in six months: the gap is closing."
    )
    gate = next(gate for gate in gates() if gate.rule == "capability")
    yield finding("capability", "warning", "silent_failure", text, f"decision material P1, W4, F1; {gate.source}")


def _gap(situation: Situation) -> str:
    """Give the gap between open and proprietary models in the test that speaks most for the task."""
    task = situation.evaluation.draws.known.get("task")
    gap = gap_of(task, situation.on) if isinstance(task, str) else None
    if gap is None or gap.points < limit("gap_told").value * gap.best_closed_score:
        return ""
    return (
        f"In {gap.benchmark} ({gap.dated.isoformat()}) the best open model reached {gap.best_open_score:g}, the best "
        f"proprietary one {gap.best_closed_score:g}. "
    )


RULES = (own_scores, one_score_only, evidence, silent_failure)
