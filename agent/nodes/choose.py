"""Chooses what to ask next, by the probability that the answer changes the verdict, and asks it in words.

The graph stops right after this node, so the pending question is in the checkpoint before anybody waits.
"""

from copy import deepcopy
from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.events import QuestionAsked
from agent.nodes.close import close
from agent.speak import Voice, example_text
from agent.state import (
    Interview,
    Pending,
    current_workload,
    entry_value,
    is_skipped,
    known_entries,
    portfolio_of,
    rest,
)
from agent.wording import assumption_words, chance_words, fact_words
from tools.assessment import Assessment, NextQuestion, WorkloadAssessment
from tools.facts import check_value, spec_of

# A message of one of these kinds left the question standing; it is repeated in short.
BESIDE = ("question", "why", "what_if", "command", "stopped")
# A question is put at most this often; then the fact is set aside and an assumption stands in for it.
MOST_TIMES = 2


def choose(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Decide what to wait for: a contradiction, an open description, a fact, or nothing more."""
    voice = Voice(state, runtime.context)
    if state["stopped"]:
        return {**voice.update(), "pending": rest(current_workload(state)["name"])}
    if state["doubts"]:
        return _put(state, voice, _contradiction(state, voice))
    assessment = runtime.context.assess(portfolio_of(state))
    if state["pending"]["kind"] == "back":
        return _put(state, voice, _earlier_question(state, voice, assessment))
    if _wants_description(state):
        return _put(state, voice, _description(state, voice))
    update: dict[str, Any] = {}
    state, update = _set_aside(state, voice)
    picked = _pick(state, assessment)
    if picked is None and (other := _unfinished(state, assessment)) is not None:
        state, moved = _move_to(state, voice, other)
        update.update(moved)
        if _wants_description(state):
            return {**update, **_put(state, voice, _description(state, voice))}
        picked = _pick(state, assessment)
    if picked is None:
        return {**update, **close(state, voice, assessment)}
    return {**update, **_put(state, voice, _fact_question(state, voice, picked)), "done": False}


def _put(state: Interview, voice: Voice, pending: Pending) -> dict[str, Any]:
    """Ask: emit the question, keep it as pending, count how often it was put."""
    update: dict[str, Any] = {}
    key = pending["fact"] or ""
    if pending["kind"] != "confirm" and (not _stands(state) or state["pending"]["kind"] == "back"):
        workloads = deepcopy(state["workloads"])
        asked = workloads[state["current"]]["asked"]
        asked[key] = asked.get(key, 0) + 1
        update["workloads"] = workloads
        if pending["kind"] == "fact":
            update["trail"] = [*state["trail"], [state["current"], key]]
    event = QuestionAsked(
        pending["workload"], pending["fact"], pending["text"], pending["why"], pending["flip_probability"]
    )
    voice.write(event.text)
    voice.emit(event)
    return {**update, **voice.update(), "pending": pending}


def _stands(state: Interview) -> bool:
    """Say whether the last message went past the question instead of answering it."""
    return state["reading"].get("intent") in BESIDE and not state["reading"].get("noted")


def _contradiction(state: Interview, voice: Voice) -> Pending:
    doubt = state["doubts"][0]
    key = doubt["fact"]
    old = known_entries(state)[key]
    text = voice.line(
        "confirm",
        old=fact_words(key, entry_value(key, old)),
        new=fact_words(key, check_value(spec_of(key), doubt["value"])),
        quote=doubt["quote"],
    )
    return _pending("confirm", state, key, text)


def _wants_description(state: Interview) -> bool:
    """Say whether so little is known that an open question is better than a first detail."""
    workload = current_workload(state)
    times = workload["asked"].get("", 0)
    return not workload["facts"] and "" not in workload["skipped"] and (times < 2 or _stands(state))


def _description(state: Interview, voice: Voice) -> Pending:
    name, times = current_workload(state)["name"], current_workload(state)["asked"].get("", 0)
    if times == 0:
        first = len(state["workloads"]) == 1
        text = voice.line("greeting") if first else voice.line("open_workload", workload=name)
    else:
        text = voice.line("open_again", example=example_text())
    return _pending("open", state, None, text)


def _set_aside(state: Interview, voice: Voice) -> tuple[Interview, dict[str, Any]]:
    """Stop asking for a fact that was asked often enough without a readable answer."""
    pending = state["pending"]
    key = pending["fact"]
    if pending["kind"] != "fact" or key is None or key in known_entries(state) or is_skipped(state, key):
        return state, {}
    workload = current_workload(state)
    if _stands(state) or workload["name"] != pending["workload"] or workload["asked"].get(key, 0) < MOST_TIMES:
        return state, {}
    spec = spec_of(key)
    voice.say("set_aside", label=spec.label, assumption=assumption_words(spec))
    update = skipping(state, key)
    return {**state, **update}, update  # type: ignore[typeddict-item]


def skipping(state: Interview, key: str) -> dict[str, Any]:
    """Return the update that marks a fact as one the user cannot or will not state."""
    if key and spec_of(key).scope == "organization":
        return {"organization_skipped": [*state["organization_skipped"], key]}
    workloads = deepcopy(state["workloads"])
    workloads[state["current"]]["skipped"].append(key)
    return {"workloads": workloads}


def _pick(state: Interview, assessment: Assessment) -> NextQuestion | None:
    """Return the question most worth asking; one that still stands is kept while it is worth asking at all."""
    open_questions = _open_questions(state, _of(assessment, current_workload(state)["name"]))
    pending = state["pending"]
    if _stands(state) and pending["kind"] == "fact" and pending["workload"] == current_workload(state)["name"]:
        kept = [question for question in open_questions if question.fact == pending["fact"]]
        open_questions = kept or open_questions
    return open_questions[0] if open_questions else None


def _open_questions(state: Interview, workload: WorkloadAssessment) -> list[NextQuestion]:
    known = known_entries(state)
    return [q for q in workload.questions if q.fact not in known and not is_skipped(state, q.fact)]


def _of(assessment: Assessment, name: str) -> WorkloadAssessment:
    return next(workload for workload in assessment.workloads if workload.name == name)


def _unfinished(state: Interview, assessment: Assessment) -> int | None:
    """Return the place of another workload about which something is still worth asking."""
    for index, entry in enumerate(state["workloads"]):
        there: Interview = {**state, "current": index}
        wanting = _wants_description(there) or _open_questions(there, _of(assessment, entry["name"]))
        if index != state["current"] and wanting:
            return index
    return None


def _move_to(state: Interview, voice: Voice, index: int) -> tuple[Interview, dict[str, Any]]:
    before, after = current_workload(state)["name"], state["workloads"][index]["name"]
    voice.say("other_workload", before=before, after=after)
    moved: Interview = {**state, "current": index, "reading": {}}
    return moved, {"current": index}


def _fact_question(state: Interview, voice: Voice, picked: NextQuestion) -> Pending:
    spec, pending = spec_of(picked.fact), state["pending"]
    if _stands(state) and pending["fact"] == picked.fact:
        text, why = voice.line("again", question=spec.question), ""
    else:
        text = spec.question
        why = voice.line("why_line", why=spec.why, probability=chance_words(picked.flip_probability))
    return {
        **_pending("fact", state, picked.fact, text),
        "why": why,
        "flip_probability": round(picked.flip_probability, 4),
    }


def _earlier_question(state: Interview, voice: Voice, assessment: Assessment) -> Pending:
    """Put the question that the user went back to; an answer may overwrite the one given then."""
    key = str(state["pending"]["fact"])
    questions = _of(assessment, current_workload(state)["name"]).questions
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
