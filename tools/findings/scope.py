"""Findings on the question itself: facts that contradict, rules that had to be broken, work for another tool."""

from collections.abc import Mapping

import numpy as np

from tools.assessment import Axis
from tools.evaluate import Evaluation
from tools.findings.situation import Findings, Situation, finding
from tools.findings.thresholds import limit
from tools.gates import gates

_AXES: Mapping[str, Axis] = {
    "preview_model": "vendor_risk", "time_to_launch": "operations", "platform_team": "operations",
    "deep_tuning": "control", "capability": "capability", "latency": "latency",
}  # fmt: skip
_STATED = "stated by the user"
_NEARLY_ALL = 0.95


def without_choice(evaluation: Evaluation, chosen: int | None) -> Findings:
    """Yield what is true whatever was chosen: contradictions, and what rules everything out where nothing passes."""
    if evaluation.volume.contradiction:
        yield finding("cost", "warning", "volume_contradiction", evaluation.volume.contradiction, _STATED)
    if not np.any(evaluation.volume.requests_per_month > 0):
        yield finding("cost", "info", "nothing_to_run", "No requests were stated, so nothing is compared.", _STATED)
        return
    if chosen is None:
        if float(evaluation.blocked["latency_floor"].mean()) > _NEARLY_ALL:
            text = (
                "No language model begins as fast as you ask, wherever it runs: it is the wrong tool for this step. "
                "Rules, a look-up or a small trained classifier answer within milliseconds; or allow more time."
            )
            yield finding(
                "capability", "warning", "wrong_tool", text, "decision material F6; tools/data/api_speed.yaml"
            )
        hard = [gate for gate in gates() if gate.hard]
        hard.sort(key=lambda gate: -float(evaluation.blocked[gate.rule].mean()))
        worst = [gate for gate in hard if evaluation.blocked[gate.rule].mean() > 0][:2]
        told = " ".join(f"{gate.text} ({evaluation.blocked[gate.rule].mean():.0%} of the options)" for gate in worst)
        if told:
            text = f"Nothing passes all of your rules. What rules out most: {told} Look at these facts again first."
            yield finding("control", "critical", "nothing_passes", text, "; ".join(gate.source for gate in worst))


def broken_gates(situation: Situation) -> Findings:
    """Name the soft gates that the chosen option breaks because nothing passes them all."""
    evaluation, index = situation.evaluation, situation.index
    winning = evaluation.winners.index == index
    for gate in gates():
        if gate.hard or not winning.any():
            continue
        if float(evaluation.blocked[gate.rule][index][winning].mean()) > 0.5:
            text = f"{gate.text} Nothing that your rules allow avoids this; plan for it or change the rule."
            if gate.rule == "capability":
                text += " The failure would be silent: test on your own cases before and after launch."
            yield finding(_AXES.get(gate.rule, "control"), "critical", gate.rule, text, gate.source)


def wrong_tool(situation: Situation) -> Findings:
    """Say when a language model is not, or not yet, the tool for the work."""
    draws = situation.evaluation.draws
    if situation.option.deployment == "no_llm":
        text = (
            "On these facts a language model is the wrong tool: rules, a parser or a small trained classifier give "
            "the same answer every time, cost next to nothing and can be tested completely."
        )
        yield finding("capability", "warning", "wrong_tool", text, "decision material F6; stated by the user")
        return
    scores = [float(np.max(draws.number(key))) for key in ("flagship_score", "open_score") if situation.stated(key)]
    ready = limit("ready_score")
    if scores and max(scores) < ready.value and situation.says("error_cost", "high"):
        text = (
            f"The best model passes {max(scores):.0%} of your own tests, and an error is dear: no model is ready to do "
            "this alone. Let it draft and people decide, narrow the task, or wait for the next generation."
        )
        yield finding("capability", "critical", "not_ready", text, f"stated by the user; {ready.cited}")
    exact = situation.says("task", "classification", "extraction") and situation.says("difficulty", "routine")
    if exact and situation.says("error_cost", "high") and situation.says("interaction", "background"):
        text = (
            "Routine work in the background, where an error is dear and nobody reads each answer: if the rule can be "
            "written down, rules or a small trained classifier do it exactly. Keep the model for what they leave over, "
            "and let people check a sample."
        )
        yield finding("capability", "advice", "exact_work", text, "decision material F6")


RULES = (broken_gates, wrong_tool)
