"""Ends the interview when nothing is worth asking: the verdicts, their reasons and what would change them."""

from typing import Any

from agent.events import Signal, VerdictReached
from agent.speak import Voice
from agent.state import Interview, current_workload, rest
from agent.wording import break_even_words, chance_words, deployment_words, fact_words, join_words, verdict_words
from tools.assessment import Assessment, Flip, NextQuestion, WorkloadAssessment
from tools.facts import spec_of

# How many flips, and how many unknown facts, are said aloud; the report has all.
SPOKEN_FLIPS = 3
SPOKEN_UNKNOWN = 3


def close(state: Interview, voice: Voice, assessment: Assessment) -> dict[str, Any]:
    """Say the final verdicts once; afterwards the session only stays open."""
    pending = rest(current_workload(state)["name"])
    if state["done"]:
        return {**voice.update(), "pending": pending}
    for workload in assessment.workloads:
        _say_final(state, voice, workload)
    voice.say("closing_more")
    voice.emit(Signal("done"))
    return {**voice.update(), "pending": pending, "done": True}


def _say_final(state: Interview, voice: Voice, workload: WorkloadAssessment) -> None:
    """Sum up a workload; a verdict that was told in the same words is not told again."""
    verdict, words = workload.verdict, verdict_words(workload.name, workload.verdict)
    just_told = _said(state, words, in_this_turn=True)
    if _said(state, words):
        named = deployment_words(verdict.deployment)
        text = [voice.line("closing_same", workload=workload.name, deployment=named)]
    else:
        text = [voice.line("closing", verdict=words)]
    if verdict.reasons:
        text.append(voice.line("closing_reasons", reasons=" ".join(verdict.reasons)))
    text.append(break_even_words(workload))
    flips = [_flip_words(flip) for flip in workload.flips[:SPOKEN_FLIPS]]
    text.append(voice.line("closing_flips", flips=join_words(flips, "or")) if flips else voice.line("closing_no_flips"))
    if workload.questions:
        unknown = [_unknown_words(question) for question in workload.questions[:SPOKEN_UNKNOWN]]
        text.append(voice.line("closing_unknown", unknown=join_words(unknown)))
    voice.utter("\n".join(part for part in text if part))
    if not just_told:
        voice.emit(VerdictReached(workload.name, verdict.deployment, verdict.model, verdict.clarity))


def _said(state: Interview, words: str, *, in_this_turn: bool = False) -> bool:
    """Say whether the adviser has said these words, ever or since the user last spoke."""
    for line in reversed(state["transcript"]):
        if line["role"] == "user":
            if in_this_turn:
                return False
        elif words in line["text"]:
            return True
    return False


def _unknown_words(question: NextQuestion) -> str:
    label = spec_of(question.fact).label
    return f"{label[0].lower()}{label[1:]} ({chance_words(question.flip_probability)})"


def _flip_words(flip: Flip) -> str:
    return f"{fact_words(flip.fact, flip.to_value)} (then {deployment_words(flip.deployment)})"
