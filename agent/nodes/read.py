"""Has a message read, and keeps the reading as plain data. It checks no fact and answers nothing."""

from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.naming import opens_workload
from agent.reading.patterns import pattern
from agent.reading.reading import ReadFact, Reading, RejectedFact
from agent.speak import Voice
from agent.state import Interview, known_values
from tools.errors import Cancelled, ModelFailed
from tools.facts import plain_value


def read(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Read the message in the light of the question that was asked."""
    context = runtime.context
    text, asked = state["inbox"]["text"], state["pending"]["fact"]
    if text.strip(" ?!.").lower() in ("", "help"):
        return {"reading": {**_nothing("command"), "command": {"name": "help", "argument": ""}}}
    try:
        reading = context.reader.read(
            text, asked, known=known_values(state), previous=state.get("noted_last") or None, cancel=context.cancel
        )
    except Cancelled:
        voice = Voice(state, context)
        voice.say("interrupted")
        return {**voice.update(), "reading": _nothing("stopped"), "stopped": False}
    except ModelFailed as error:
        voice = Voice(state, context)
        voice.say("model_failed", reason=str(error))
        return {**voice.update(), "reading": _nothing("stopped"), "stopped": False}
    context.meter.add(reading.usage)
    thanks = reading.intent == "other" and pattern("only_thanks").match(text) is not None
    return {"reading": {**_with_new_workload(_plain(reading), text), "thanks": thanks}, "stopped": False}


def _nothing(intent: str) -> dict[str, Any]:
    return {
        "intent": intent,
        "command": None,
        "facts": [],
        "foreign": [],
        "supposed": [],
        "rejected": [],
        "question": "",
        "skips": False,
        "language": "en",
        "noted": [],
        "settled": False,
    }


def _plain(reading: Reading) -> dict[str, Any]:
    command = reading.command
    return {
        **_nothing(reading.intent),
        "command": {"name": command.name, "argument": command.argument} if command else None,
        "facts": [_fact(fact) for fact in reading.facts],
        "supposed": [_fact(fact) for fact in reading.supposed],
        "foreign": [{**_fact(fact), "currency": fact.needs_conversion} for fact in reading.foreign],
        "rejected": [{**_fact(fact), "reason": fact.reason} for fact in reading.rejected],
        "question": reading.question,
        "skips": reading.skips or reading.intent == "skip",
        "language": reading.language,
    }


def _with_new_workload(reading: dict[str, Any], text: str) -> dict[str, Any]:
    """Have a message that opens a workload and describes it do both: its facts belong to the new one."""
    described = opens_workload(text)
    if not described or reading["command"] or reading["intent"] not in ("answer", "other", "correction"):
        return reading
    return {**reading, "intent": "command", "command": {"name": "new", "argument": described}}


def _fact(fact: ReadFact | RejectedFact) -> dict[str, Any]:
    return {"fact": fact.key, "value": plain_value(fact.value), "quote": fact.quote}
