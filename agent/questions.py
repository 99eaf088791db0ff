"""Words the questions that the adviser waits on, and counts what was skipped. It chooses none of them."""

from collections.abc import Set
from copy import deepcopy
from typing import Any

from agent.speak import Voice, example_text
from agent.state import Interview, Pending, current_workload, entry_value, is_skipped, known_entries
from agent.wording import chance_words, fact_words, join_words
from tools.asking import shared_question, shared_questions
from tools.assessment import Assessment, NextQuestion, WorkloadAssessment
from tools.facts import check_value, spec_of

# A message of one of these kinds left the question standing; it is repeated in short.
BESIDE = ("question", "why", "what_if", "command", "stopped")


def contradiction_question(state: Interview, voice: Voice) -> Pending:
    """Ask which of two values holds, or what an amount in another currency is in US dollars."""
    doubt = state["doubts"][0]
    key = doubt["fact"]
    if "currency" in doubt:
        line = "in_dollars_again" if doubt.get("again") else "in_dollars"
        return _pending("confirm", state, key, voice.line(line, quote=doubt["quote"], currency=doubt["currency"]))
    old = known_entries(state)[key]
    text = voice.line(
        "confirm",
        old=fact_words(key, entry_value(key, old)),
        new=fact_words(key, check_value(spec_of(key), doubt["value"])),
        quote=doubt["quote"],
    )
    return _pending("confirm", state, key, text)


def open_question(state: Interview, voice: Voice) -> Pending:
    """Ask for a description in the user's own words."""
    name, times = current_workload(state)["name"], current_workload(state)["asked"].get("", 0)
    if times == 0:
        first = len(state["workloads"]) == 1
        text = voice.line("greeting") if first else voice.line("open_workload", workload=name)
    else:
        text = voice.line("open_again", example=example_text())
    return _pending("open", state, None, text)


def fact_question(state: Interview, voice: Voice, picked: NextQuestion, wanted: Set[str] = frozenset()) -> Pending:
    """Ask for a fact with the reason; in other words where it is repeated, with help where nothing was read.

    Facts that people know together share the question where all of them are `wanted`; the pending one is the fact
    that was picked. Where nothing was read, it alone is asked for again.
    """
    spec, pending = spec_of(picked.fact), state["pending"]
    repeated = pending["kind"] == "fact" and pending["fact"] == picked.fact
    if repeated and stands(state):
        text, why = _again(voice, picked.fact, pending["text"]), ""
    elif repeated and not state["reading"].get("noted"):
        examples = join_words((f'"{example}"' for example in spec.examples), "or")
        text, why = voice.line("not_understood", label=_small(spec.label), help=spec.help, examples=examples), ""
    else:
        shared = shared_question(picked.fact, wanted)
        text = f"{shared.question} {shared.help}" if shared else spec.question
        if repeated:  # something else was told meanwhile, and the chance is another one
            text = _again(voice, picked.fact, pending["text"])
        why = voice.line("why_line", why=spec.why, probability=chance_words(picked.flip_probability))
    return {
        **_pending("fact", state, picked.fact, text),
        "why": why,
        "flip_probability": round(picked.flip_probability, 4),
    }


def _again(voice: Voice, key: str, asked: str) -> str:
    """Come back to a question in other words; one that was shared names all its facts."""
    shared = next((one for one in shared_questions() if one.question in asked), None)
    specs = [spec_of(other) for other in (shared.facts if shared else (key,))]
    label = join_words(_small(spec.label) for spec in specs)
    examples = join_words((f'"{example}"' for example in spec_of(key).examples), "or")
    return voice.line("again", label=label, help=shared.help if shared else spec_of(key).help, examples=examples)


def _small(label: str) -> str:
    return f"{label[0].lower()}{label[1:]}"


def earlier_question(state: Interview, voice: Voice, assessment: Assessment) -> Pending:
    """Put the question that the user went back to; an answer may overwrite the one given then."""
    key = str(state["pending"]["fact"])
    questions = result_of(assessment, current_workload(state)["name"]).questions
    chance = next((question.flip_probability for question in questions if question.fact == key), None)
    known = known_entries(state).get(key)
    before = voice.line("so_far", value=fact_words(key, entry_value(key, known))) if known else ""
    pending = _pending("fact", state, key, f"{spec_of(key).question} {before}".strip())
    return {**pending, "flip_probability": chance}


def _pending(kind: str, state: Interview, key: str | None, text: str) -> Pending:
    return {
        "kind": kind,
        "workload": current_workload(state)["name"],
        "fact": key,
        "text": text,
        "why": "",
        "flip_probability": None,
    }


def stands(state: Interview) -> bool:
    """Say whether the last message went past the question instead of answering it.

    A question that the guidance could not answer does not count: it may have been an answer that was misread.
    """
    reading = state["reading"]
    beside = reading.get("intent") in BESIDE or reading.get("thanks")
    return bool(beside) and not reading.get("noted") and not reading.get("unanswered")


def skipping(state: Interview, key: str) -> dict[str, Any]:
    """Return the update that marks a fact as one the user cannot or will not state.

    The facts that shared its question are marked too, unless they are known.
    """
    keys = [key, *(other for other in _asked_together(state, key) if other not in known_entries(state))]
    ours = [one for one in keys if one and spec_of(one).scope == "organization"]
    update: dict[str, Any] = {"organization_skipped": [*state["organization_skipped"], *ours]} if ours else {}
    theirs = [one for one in keys if one not in ours]
    if theirs:
        workloads = deepcopy(state["workloads"])
        workloads[state["current"]]["skipped"].extend(theirs)
        update["workloads"] = workloads
    return update


def _asked_together(state: Interview, key: str) -> list[str]:
    """Return the other facts that the pending question asks for, if it is about this fact."""
    pending = state["pending"]
    if not key or pending["kind"] != "fact" or pending["fact"] != key:
        return []
    shared = [one for one in shared_questions() if key in one.facts and one.question in pending["text"]]
    return [other for one in shared for other in one.facts if other != key and not is_skipped(state, other)]


def result_of(assessment: Assessment, name: str) -> WorkloadAssessment:
    """Return what was computed for a workload."""
    return next(workload for workload in assessment.workloads if workload.name == name)
