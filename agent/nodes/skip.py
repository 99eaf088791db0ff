"""Takes "I don't know" for an answer: the fact is not asked again, and what is assumed is said."""

from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.questions import skipping
from agent.speak import Voice
from agent.state import Interview, current_workload, is_skipped, known_entries
from agent.wording import assumption_words
from tools.facts import spec_of


def skip(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Set the asked fact aside; declining the open question leads to single ones."""
    voice = Voice(state, runtime.context)
    pending = state["pending"]
    key = pending["fact"]
    if pending["kind"] == "rest":
        voice.say("nothing_open")
        return voice.update()
    if pending["kind"] == "open" or key is None:
        voice.say("nothing_to_skip")
        workload = current_workload(state)
        update = {} if "" in workload["skipped"] else skipping(state, "")
        return {**update, **voice.update()}
    if pending["kind"] != "fact" or key in known_entries(state) or is_skipped(state, key):
        return {}
    voice.say("skipped", assumption=assumption_words(spec_of(key)))
    return {**skipping(state, key), **voice.update()}
