"""Applies what a face sends instead of a message: an edited fact, a title, a record of what was sent out."""

from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.documents.asking import offer_key, quoted
from agent.documents.offer import Offer
from agent.naming import named_by_task
from agent.speak import Voice
from agent.state import (
    Interview,
    entry_of,
    entry_value,
    portfolio_of,
    with_facts,
    without_fact,
    workload_index,
)
from agent.wording import fact_words
from tools.assumptions import check_assumption
from tools.facts import check_value, spec_of


def apply(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Apply the change; a message that was read before it no longer counts."""
    voice, inbox = Voice(state, runtime.context), state["inbox"]
    update: dict[str, Any] = {}
    if "edit" in inbox:
        update = _edit(state, voice, inbox["edit"])
    elif "assumption" in inbox:
        update = _assume(state, voice, inbox["assumption"])
    elif "offer" in inbox:
        update = _answer_offer(state, voice, inbox["offer"])
    elif "title" in inbox:
        update = {"title": inbox["title"]}
    elif "sent" in inbox:
        update = {"sent_out": [*state["sent_out"], inbox["sent"]]}
    elif "opinion" in inbox:
        voice.say("opinion", model=inbox["opinion"]["model"], text=inbox["opinion"]["text"])
    return {**update, **voice.update(), "reading": {"intent": "command"}}


def _answer_offer(state: Interview, voice: Voice, answer: dict[str, Any]) -> dict[str, Any]:
    """Note or leave what a document states, as the user decided on a screen."""
    offer, index = Offer(**answer["offer"]), workload_index(state, answer["workload"])
    there: Interview = {**state, "current": state["current"] if index is None else index}
    key = offer_key(there, offer)
    update: dict[str, Any] = {
        "offered": [*state.get("offered", ()), key],
        "doubts": [doubt for doubt in state["doubts"] if doubt.get("offer") != key],
    }
    if not answer["accept"]:
        voice.say("offer_dropped", place=offer.place)
        return update
    value = check_value(spec_of(offer.fact), offer.value)
    voice.say("confirm_taken", new=fact_words(offer.fact, value))
    entry = entry_of(value, quoted(offer.place, offer.quote), "imported")
    return {**update, **named_by_task(there, with_facts(there, {offer.fact: entry}))}


def _assume(state: Interview, voice: Voice, change: dict[str, Any]) -> dict[str, Any]:
    """Keep the user's own value of an assumption, or go back to the listed one where it is None."""
    key, words = change["key"], change["key"].replace("_", " ")
    kept = {name: value for name, value in state.get("assumptions", {}).items() if name != key}
    if change["value"] is None:
        voice.say("assumption_reset", assumption=words)
        return {"assumptions": kept}
    voice.say("assumption_set", assumption=words)
    return {"assumptions": {**kept, key: check_assumption(key, change["value"])}}


def _edit(state: Interview, voice: Voice, edit: dict[str, Any]) -> dict[str, Any]:
    key, index = edit["fact"], workload_index(state, edit["workload"])
    there: Interview = {**state, "current": state["current"] if index is None else index}
    doubts = [doubt for doubt in state["doubts"] if doubt["fact"] != key]
    if edit["value"] is None:
        known = portfolio_of(state)
        facts = {**known.organization.facts, **known.workloads[there["current"]].facts}
        if key in facts:
            voice.say("removed", changes=fact_words(key, facts[key].value))
        return {**without_fact(there, key), "doubts": doubts}
    entry = entry_of(check_value(spec_of(key), edit["value"]), edit["quote"], "confirmed")
    voice.say("edited", changes=fact_words(key, entry_value(key, entry)))
    return {**named_by_task(there, with_facts(there, {key: entry})), "doubts": doubts}
