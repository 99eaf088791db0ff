"""Ends the interview when nothing is worth asking: the verdicts, their reasons and what would change them."""

from typing import Any

from agent.events import Signal, VerdictReached
from agent.speak import Voice
from agent.state import Interview, current_workload, rest
from agent.wording import break_even_words, deployment_words, fact_words, join_words, verdict_words
from tools.assessment import Assessment, Flip, WorkloadAssessment

# How many flips are said aloud; the report has all.
SPOKEN_FLIPS = 3


def close(state: Interview, voice: Voice, assessment: Assessment) -> dict[str, Any]:
    """Say the final verdicts once; afterwards the session only stays open."""
    pending = rest(current_workload(state)["name"])
    if state["done"]:
        return {**voice.update(), "pending": pending}
    for workload in assessment.workloads:
        _say_final(voice, workload)
    voice.say("closing_more")
    voice.emit(Signal("done"))
    return {**voice.update(), "pending": pending, "done": True}


def _say_final(voice: Voice, workload: WorkloadAssessment) -> None:
    verdict = workload.verdict
    text = [voice.line("closing", verdict=verdict_words(workload.name, verdict))]
    if verdict.reasons:
        text.append(voice.line("closing_reasons", reasons=" ".join(verdict.reasons)))
    text.append(break_even_words(workload))
    flips = [_flip_words(flip) for flip in workload.flips[:SPOKEN_FLIPS]]
    text.append(voice.line("closing_flips", flips=join_words(flips, "or")) if flips else voice.line("closing_no_flips"))
    voice.utter("\n".join(part for part in text if part))
    voice.emit(VerdictReached(workload.name, verdict.deployment, verdict.model, verdict.clarity))


def _flip_words(flip: Flip) -> str:
    return f"{fact_words(flip.fact, flip.to_value)} (then {deployment_words(flip.deployment)})"
