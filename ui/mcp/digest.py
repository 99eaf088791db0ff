"""An assessment small enough for a language model's context. It computes nothing and knows no protocol.

All options with all their cost lines are megabytes. What is kept: everything about the verdict, the best option of
every deployment with what rules it out, and the cost lines of the option that won.
"""

from dataclasses import replace
from typing import Any

from tools.assessment import Assessment, OptionResult, Verdict, WorkloadAssessment, assessment_to_json, to_plain
from tools.facts import spec_of

Json = dict[str, Any]
_QUESTIONS = 5  # enough to go on with where the user does not know the answer to the first ones


def digest(assessment: Assessment) -> Json:
    """Return the contract's JSON with the options cut down, and the next question in words."""
    plain = assessment_to_json(_without_options(assessment))
    for shown, workload in zip(plain["workloads"], assessment.workloads, strict=True):
        shown["options"] = _kept(workload)
        shown["options_compared"] = len(workload.options)
        if shown["next_question"] is not None:
            shown["next_question"] |= in_words(shown["next_question"]["fact"])
        shown["questions"] = shown["questions"][:_QUESTIONS]
    return plain


def in_words(key: str) -> Json:
    """Return how a fact is asked for."""
    spec = spec_of(key)
    return {"question": spec.question, "why": spec.why, "expected": spec.expected()}


def _without_options(assessment: Assessment) -> Assessment:
    return replace(assessment, workloads=tuple(replace(one, options=()) for one in assessment.workloads))


def _kept(workload: WorkloadAssessment) -> list[Json]:
    """Return the option that won with its cost lines, then the best option of each other deployment."""
    winner = next((option for option in workload.options if _is_winner(option, workload.verdict)), None)
    best = {winner.deployment: winner} if winner is not None else {}
    for option in workload.options:  # what is feasible comes first, the cheapest first
        best.setdefault(option.deployment, option)
    return [_plain(option, with_lines=option is winner) for option in best.values()]


def _is_winner(option: OptionResult, verdict: Verdict) -> bool:
    won = (verdict.deployment, verdict.model, verdict.provider, verdict.hardware)
    return option.feasible and (option.deployment, option.model, option.provider, option.hardware) == won


def _plain(option: OptionResult, *, with_lines: bool) -> Json:
    plain: Json = to_plain(option)
    if not with_lines:
        del plain["cost_lines"]
    return plain
