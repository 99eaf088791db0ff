"""Chooses what to ask next, by the probability that the answer changes the verdict, and asks it in words.

The graph stops right after this node, so the pending question is in the checkpoint before anybody waits.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.documents.asking import offer_doubt, offer_text, open_offers, still_offered
from agent.documents.offer import Offer
from agent.events import QuestionAsked
from agent.nodes.close import close
from agent.questions import (
    contradiction_question,
    earlier_question,
    fact_question,
    open_question,
    result_of,
    skipping,
    stands,
)
from agent.speak import Voice
from agent.state import (
    Interview,
    Pending,
    current_workload,
    is_skipped,
    known_entries,
    portfolio_of,
    rest,
)
from agent.wording import assumption_words
from tools.assessment import Assessment, NextQuestion, WorkloadAssessment
from tools.assumptions import assumption
from tools.facts import spec_of

# A question is put at most this often; then the fact is set aside and an assumption stands in for it.
MOST_TIMES = 2


def choose(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Decide what to wait for; what a document offered that is gone by now waits no longer."""
    offers = runtime.context.offers()
    doubts = still_offered(state["doubts"], offers)
    return {"doubts": doubts, **_choose({**state, "doubts": doubts}, runtime, offers)}


def _choose(state: Interview, runtime: Runtime[Context], offers: Sequence[Offer]) -> dict[str, Any]:
    """Decide for a contradiction, an open description, what a document states, a fact, or nothing more."""
    voice = Voice(state, runtime.context)
    if state["stopped"]:
        return {**voice.update(), "pending": rest(current_workload(state)["name"])}
    if state["doubts"]:
        asks = _offer_question if "offer" in state["doubts"][0] else contradiction_question
        return _put(state, voice, asks(state, voice))
    assessment = runtime.context.assess(portfolio_of(state))
    if state["pending"]["kind"] == "back":
        return _put(state, voice, earlier_question(state, voice, assessment))
    if _wants_description(state):
        return _put(state, voice, open_question(state, voice))
    if offered := open_offers(state, offers):
        doubts = [offer_doubt(state, offered[0])]
        return {"doubts": doubts, **_put(state, voice, _offer_question({**state, "doubts": doubts}, voice))}
    update: dict[str, Any] = {}
    state, update = _set_aside(state, voice)
    picked = _pick(state, assessment)
    if picked is None and (other := _unfinished(state, assessment)) is not None:
        if _stays(state):
            return {**update, **_nothing_here(state, voice)}
        state, moved = _move_to(state, voice, other)
        update.update(moved)
        if _wants_description(state):
            return {**update, **_put(state, voice, open_question(state, voice))}
        picked = _pick(state, assessment)
    if picked is None:
        if not state["done"]:
            assessment = runtime.context.assess_with_flips(portfolio_of(state))
        return {**update, **close(state, voice, assessment)}
    wanted = {q.fact for q in _still_open(state, result_of(assessment, current_workload(state)["name"]))}
    return {**update, **_put(state, voice, fact_question(state, voice, picked, wanted)), "done": False}


def _put(state: Interview, voice: Voice, pending: Pending) -> dict[str, Any]:
    """Ask: emit the question, keep it as pending, count how often it was put."""
    update: dict[str, Any] = {}
    key = pending["fact"] or ""
    if pending["kind"] != "confirm" and (not stands(state) or state["pending"]["kind"] == "back"):
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


def _offer_question(state: Interview, voice: Voice) -> Pending:
    """Ask whether what a document states shall be noted."""
    waits = rest(current_workload(state)["name"])
    return {**waits, "kind": "confirm", "fact": state["doubts"][0]["fact"], "text": offer_text(state, voice)}


def _wants_description(state: Interview) -> bool:
    """Say whether so little is known that an open question is better than a first detail."""
    workload = current_workload(state)
    times = workload["asked"].get("", 0)
    beside = stands(state) and state["pending"]["kind"] == "open"
    return not workload["facts"] and "" not in workload["skipped"] and (times < 2 or beside)


def _set_aside(state: Interview, voice: Voice) -> tuple[Interview, dict[str, Any]]:
    """Stop asking for a fact that was asked often enough without a readable answer."""
    pending = state["pending"]
    key = pending["fact"]
    if pending["kind"] != "fact" or key is None or key in known_entries(state) or is_skipped(state, key):
        return state, {}
    workload = current_workload(state)
    if stands(state) or workload["name"] != pending["workload"] or workload["asked"].get(key, 0) < MOST_TIMES:
        return state, {}
    spec = spec_of(key)
    voice.say("set_aside", label=spec.label, assumption=assumption_words(spec))
    update = skipping(state, key)
    return {**state, **update}, update  # type: ignore[typeddict-item]


def _pick(state: Interview, assessment: Assessment) -> NextQuestion | None:
    """Return the question most worth asking; one that still stands is kept while it is worth asking."""
    still_open = _still_open(state, result_of(assessment, current_workload(state)["name"]))
    pending = state["pending"]
    if stands(state) and pending["kind"] == "fact" and pending["workload"] == current_workload(state)["name"]:
        kept = [question for question in still_open if question.fact == pending["fact"]]
        still_open = kept or still_open
    return still_open[0] if still_open else None


def _still_open(state: Interview, workload: WorkloadAssessment) -> list[NextQuestion]:
    """Return what is still worth asking; nothing where so much was asked that patience is at its end."""
    pending, known = state["pending"], known_entries(state)
    put = sum(times for key, times in current_workload(state)["asked"].items() if key)
    waits = pending["kind"] == "fact" and pending["workload"] == workload.name and stands(state)
    if put >= assumption("most_questions").number and not waits:
        return []
    return [q for q in workload.questions if q.fact not in known and not is_skipped(state, q.fact)]


def _unfinished(state: Interview, assessment: Assessment) -> int | None:
    """Return the place of another workload about which something is still worth asking."""
    for index, entry in enumerate(state["workloads"]):
        there: Interview = {**state, "current": index}
        wanting = _wants_description(there) or _still_open(there, result_of(assessment, entry["name"]))
        if index != state["current"] and wanting:
            return index
    return None


def _stays(state: Interview) -> bool:
    """Say whether the user wants to be with this workload, although others have open questions."""
    return state["pending"]["kind"] == "rest" or state["reading"].get("intent") == "command"


def _nothing_here(state: Interview, voice: Voice) -> dict[str, Any]:
    name = current_workload(state)["name"]
    if state["pending"]["kind"] != "rest" or state["pending"]["workload"] != name:
        voice.say("nothing_here", workload=name)
    return {**voice.update(), "pending": rest(name)}


def _move_to(state: Interview, voice: Voice, index: int) -> tuple[Interview, dict[str, Any]]:
    before, after = current_workload(state)["name"], state["workloads"][index]["name"]
    voice.say("other_workload", before=before, after=after)
    moved: Interview = {**state, "current": index, "reading": {}}
    return moved, {"current": index}
