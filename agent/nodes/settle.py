"""Settles a contradiction by the user's reply: the new value, the old one, or a third. It asks nothing."""

from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.contradiction import yes_or_no
from agent.documents.asking import quoted
from agent.dollars import in_dollars
from agent.events import FactsNoted, Noted
from agent.questions import skipping
from agent.speak import Voice
from agent.state import Doubt, FactEntry, Interview, entry_of, entry_value, known_entries, with_facts
from agent.wording import assumption_words, fact_words
from tools.errors import InvalidInput
from tools.facts import FactValue, check_value, plain_value, spec_of

# Replies to the question which of two values holds that are about something else leave it open.
_ELSEWHERE = ("question", "why", "what_if", "command", "stopped")


def settle(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Read the reply to the first open contradiction; what else the message says is checked as ever."""
    doubt, reading = state["doubts"][0], state["reading"]
    if "currency" in doubt:
        return _converted(state, Voice(state, runtime.context), doubt)
    stated = [item for item in reading["facts"] if item["fact"] == doubt["fact"]]
    reply = yes_or_no(state["inbox"]["text"])
    if "offer" in doubt and reply is not None and (_is_bare(state) or [doubt["value"]] == [s["value"] for s in stated]):
        stated = []  # the "no" is about the offer, and no value of the fact
    if reply is None and not stated and reading["intent"] in _ELSEWHERE:
        return {}
    others = [item for item in reading["facts"] if item["fact"] != doubt["fact"]]
    rest = {**reading, "facts": others, "noted": [doubt["fact"]], "settled": True}
    voice = Voice(state, runtime.context)
    if stated and not (reply and _is_bare(state)):
        own: Doubt = {**doubt, "value": stated[-1]["value"], "quote": stated[-1]["quote"]}
        own.pop("place", None)
        return {**_take(state, voice, own, own["quote"]), "reading": rest}
    if reply:
        return {**_take(state, voice, doubt, state["inbox"]["text"].strip()), "reading": rest}
    if "offer" in doubt:
        voice.say("offer_dropped", place=doubt["place"])
        return {**voice.update(), **_behind(state), "reading": rest}
    old = known_entries(state).get(doubt["fact"])
    kept = fact_words(doubt["fact"], entry_value(doubt["fact"], old)) if old else ""
    voice.say("confirm_kept", old=kept)
    return {**voice.update(), **_behind(state), "reading": rest}


def _converted(state: Interview, voice: Voice, doubt: Doubt) -> dict[str, Any]:
    """Take the amount or the rate that the reply gives in US dollars; ask once more, then leave the fact open."""
    text, reading = state["inbox"]["text"], state["reading"]
    if reading["intent"] in _ELSEWHERE:
        return {}
    others = [item for item in reading["facts"] if item["fact"] != doubt["fact"]]
    rest = {**reading, "facts": others, "noted": [doubt["fact"]], "settled": True}
    value = check_value(spec_of(doubt["fact"]), doubt["value"])
    dollars = None if reading["skips"] else in_dollars(text, doubt["currency"], doubt["quote"], value)
    if dollars is not None and (taken := _checked(doubt["fact"], dollars.value)) is not None:
        own: Doubt = {"workload": doubt["workload"], "fact": doubt["fact"], "value": taken, "quote": dollars.quote}
        return {**_take(state, voice, own, dollars.quote), "reading": rest}
    if not reading["skips"] and not doubt.get("again"):
        return {"doubts": [{**doubt, "again": True}, *state["doubts"][1:]], "reading": rest}
    voice.say("skipped", assumption=assumption_words(spec_of(doubt["fact"])))
    return {**skipping(state, doubt["fact"]), **voice.update(), **_behind(state), "reading": rest}


def _checked(key: str, value: FactValue) -> Any:
    """Return the value as it is stored, or None where the fact cannot have it."""
    try:
        return plain_value(check_value(spec_of(key), value))
    except InvalidInput:
        return None


def _is_bare(state: Interview) -> bool:
    return len(state["inbox"]["text"].split()) < 3


def _take(state: Interview, voice: Voice, doubt: Doubt, said: str) -> dict[str, Any]:
    """Store the value with the words that first stated it; the event quotes what was `said` just now."""
    value = check_value(spec_of(doubt["fact"]), doubt["value"])
    voice.emit(FactsNoted((Noted(doubt["fact"], value, said),), ()))
    voice.say("confirm_taken", new=fact_words(doubt["fact"], value))
    return {**with_facts(state, {doubt["fact"]: _entry(doubt, value)}), **voice.update(), **_behind(state)}


def _entry(doubt: Doubt, value: FactValue) -> FactEntry:
    if "place" in doubt:
        return entry_of(value, quoted(doubt["place"], doubt["quote"]), "imported")
    return entry_of(value, doubt["quote"], "confirmed")


def _behind(state: Interview) -> dict[str, Any]:
    """Return the update that leaves the first doubt behind; what a document offered is not offered again."""
    doubt = state["doubts"][0]
    answered = [doubt["offer"]] if "offer" in doubt else []
    return {"doubts": state["doubts"][1:], "offered": [*state.get("offered", ()), *answered]}
