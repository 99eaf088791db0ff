"""Checks what was read: quotes are in the message, values fit, nothing known is overwritten unasked."""

from collections.abc import Mapping, Sequence
from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.contradiction import merged
from agent.events import FactsNoted, Noted
from agent.naming import named_by_task
from agent.speak import Voice
from agent.state import (
    Doubt,
    FactEntry,
    Interview,
    current_workload,
    entry_of,
    entry_value,
    known_entries,
    with_facts,
)
from agent.wording import fact_words, facts_words, join_words, value_words
from tools.errors import InvalidInput
from tools.facts import FactValue, check_value, fact_dictionary, spec_of

DIFFERS = "it differs from what was said before; which of the two holds is asked"


def check(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Take the facts that hold, put doubtful ones aside, and say what was noted."""
    reading, message = state["reading"], state["inbox"]["text"]
    accepted, rejected = _sorted_out(reading, message)
    known = known_entries(state)
    overwrite = _may_overwrite(state)
    entries: dict[str, FactEntry] = {}
    doubts: list[Doubt] = list(state["doubts"])
    for noted in accepted:
        value = _settled(known, noted, message, noted.fact in overwrite or overwrite == {"*"})
        if value is None:
            doubts.append(_doubt(state, noted))
            rejected.append(Noted(noted.fact, noted.value, noted.quote, DIFFERS))
        elif noted.fact not in known or entry_value(noted.fact, known[noted.fact]) != value:
            entries[noted.fact] = entry_of(value, noted.quote)
    doubts += _in_other_currencies(state, entries, doubts)
    voice = Voice(state, runtime.context)
    doubted = {doubt["fact"] for doubt in doubts}
    taken = tuple(noted for noted in accepted if noted.fact not in doubted)
    if taken or rejected:
        voice.emit(FactsNoted(taken, tuple(rejected)))
    _say_noted(voice, known, entries)
    if not entries:
        _say_known(state, voice, list(taken))
    for noted in rejected:
        if noted.reason != DIFFERS and (noted.fact == state["pending"]["fact"] or not accepted):
            spec = spec_of(noted.fact)
            voice.say("rejected", label=spec.label, value=value_words(spec, noted.value), reason=noted.reason)
    _say_nothing_read(state, voice, bool(accepted or rejected or reading["foreign"]))
    update = named_by_task(state, with_facts(state, entries)) if entries else {}
    plain = {**reading, "noted": [*entries, *doubted]}
    asked = state["pending"]["fact"]
    last = asked if asked in entries else next(reversed(entries), state.get("noted_last", ""))
    return {**update, **voice.update(), "doubts": doubts, "noted_last": last, "reading": plain}


def _sorted_out(reading: Mapping[str, Any], message: str) -> tuple[list[Noted], list[Noted]]:
    """Separate what can be taken from what cannot; of a fact that is named twice the last counts."""
    accepted: dict[str, Noted] = {}
    rejected = [Noted(r["fact"], _lenient(r), r["quote"], r["reason"]) for r in reading["rejected"]]
    for item in reading["facts"]:
        key, quote = item["fact"], item["quote"]
        if key not in fact_dictionary():
            continue
        if not quote or quote not in message:
            rejected.append(Noted(key, _lenient(item), quote, "these words are not in the message"))
            continue
        try:
            accepted[key] = Noted(key, check_value(spec_of(key), item["value"]), quote)
        except InvalidInput:
            rejected.append(Noted(key, _lenient(item), quote, f"expected {spec_of(key).expected()}"))
    return list(accepted.values()), rejected


def _lenient(item: Mapping[str, Any]) -> FactValue:
    value = item["value"]
    return tuple(str(part) for part in value) if isinstance(value, list) else value


def _may_overwrite(state: Interview) -> set[str]:
    """Return the facts that this message may change unasked: all in a correction, else the asked one."""
    if state["reading"]["intent"] == "correction":
        return {"*"}
    pending = state["pending"]
    return {pending["fact"]} if pending["kind"] == "fact" and pending["fact"] else set()


def _settled(known: Mapping[str, FactEntry], noted: Noted, message: str, overwrite: bool) -> FactValue | None:
    """Return the value to store, or None where the user must say which of two holds."""
    before = known.get(noted.fact)
    if before is None or before["state"] == "assumed" or overwrite:
        return noted.value
    return merged(spec_of(noted.fact), entry_value(noted.fact, before), noted.value, message)


def _doubt(state: Interview, noted: Noted) -> Doubt:
    plain = entry_of(noted.value, noted.quote)
    return {
        "workload": current_workload(state)["name"],
        "fact": noted.fact,
        "value": plain["value"],
        "quote": noted.quote,
    }


def _in_other_currencies(state: Interview, entries: Mapping[str, FactEntry], doubts: Sequence[Doubt]) -> list[Doubt]:
    """Return the amounts that have to be said in US dollars; one that was said in both is settled."""
    waiting = {*entries, *(doubt["fact"] for doubt in doubts), *state["reading"]["noted"]}
    name = current_workload(state)["name"]
    return [
        {"workload": name, "fact": item["fact"], "value": item["value"], "quote": item["quote"],
         "currency": item["currency"]}
        for item in state["reading"]["foreign"]
        if item["fact"] not in waiting and item["quote"] in state["inbox"]["text"]
    ]  # fmt: skip


def _say_noted(voice: Voice, known: Mapping[str, FactEntry], entries: Mapping[str, FactEntry]) -> None:
    new = {key: entry_value(key, entry) for key, entry in entries.items()}
    changed = {k: v for k, v in new.items() if k in known and entry_value(k, known[k]) != v}
    fresh = {key: value for key, value in new.items() if key not in known}
    if fresh:
        voice.say("noted", facts=facts_words(fresh))
    if changed:
        changes = (f"{fact_words(k, v)} (was {fact_words(k, entry_value(k, known[k]))})" for k, v in changed.items())
        voice.say("corrected", changes=join_words(changes))


def _say_known(state: Interview, voice: Voice, repeated: list[Noted]) -> None:
    """Say so where a message only repeated what is known."""
    if repeated and not state["reading"]["question"] and state["reading"]["intent"] == "answer":
        voice.say("already", facts=facts_words({noted.fact: noted.value for noted in repeated}))


def _say_nothing_read(state: Interview, voice: Voice, found: bool) -> None:
    """Say so where a message led to nothing at all and no question follows that would show it."""
    reading = state["reading"]
    if reading.get("thanks") and not found:
        voice.say("welcome")
        return
    handled = reading["question"] or reading["skips"] or reading["settled"]
    if found or handled or reading["intent"] not in ("answer", "correction", "other"):
        return
    if reading["language"] != "en":
        voice.say("language")
    elif state["pending"]["kind"] == "rest":
        voice.say("nothing_read")
