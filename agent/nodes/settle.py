"""Settles a contradiction by the user's reply: the new value, the old one, or a third. It asks nothing."""

from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.contradiction import yes_or_no
from agent.events import FactsNoted, Noted
from agent.speak import Voice
from agent.state import Doubt, Interview, entry_of, entry_value, known_entries, with_facts
from agent.wording import fact_words
from tools.facts import check_value, spec_of

# Replies to the question which of two values holds that are about something else leave it open.
_ELSEWHERE = ("question", "why", "what_if", "command", "stopped")


def settle(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Read the reply to the first open contradiction; what else the message says is checked as ever."""
    doubt, reading = state["doubts"][0], state["reading"]
    stated = [item for item in reading["facts"] if item["fact"] == doubt["fact"]]
    reply = yes_or_no(state["inbox"]["text"])
    if reply is None and not stated and reading["intent"] in _ELSEWHERE:
        return {}
    others = [item for item in reading["facts"] if item["fact"] != doubt["fact"]]
    rest = {**reading, "facts": others, "noted": [doubt["fact"]], "settled": True}
    voice = Voice(state, runtime.context)
    if stated and not (reply and len(state["inbox"]["text"].split()) < 3):
        doubt = {**doubt, "value": stated[-1]["value"], "quote": stated[-1]["quote"]}
        return {**_take(state, voice, doubt, doubt["quote"]), "reading": rest}
    if reply:
        return {**_take(state, voice, doubt, state["inbox"]["text"].strip()), "reading": rest}
    old = known_entries(state).get(doubt["fact"])
    kept = fact_words(doubt["fact"], entry_value(doubt["fact"], old)) if old else ""
    voice.say("confirm_kept", old=kept)
    return {**voice.update(), "doubts": state["doubts"][1:], "reading": rest}


def _take(state: Interview, voice: Voice, doubt: Doubt, said: str) -> dict[str, Any]:
    """Store the value with the words that first stated it; the event quotes what was `said` just now."""
    value = check_value(spec_of(doubt["fact"]), doubt["value"])
    voice.emit(FactsNoted((Noted(doubt["fact"], value, said),), ()))
    voice.say("confirm_taken", new=fact_words(doubt["fact"], value))
    update = with_facts(state, {doubt["fact"]: entry_of(value, doubt["quote"], "confirmed")})
    return {**update, **voice.update(), "doubts": state["doubts"][1:]}
