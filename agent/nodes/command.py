"""Does what the user commands: report, workloads, review, undo, back, stop, help. It reads no fact."""

from collections.abc import Callable, Mapping
from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.events import Signal
from agent.naming import find_workload, name_in, task_name, unique_name
from agent.speak import Voice
from agent.state import (
    FactEntry,
    Interview,
    Pending,
    entry_value,
    new_workload,
    remembered,
)
from agent.wording import fact_words, join_words

Update = dict[str, Any]


def command(state: Interview, runtime: Runtime[Context]) -> Update:
    """Carry out the command that was read."""
    voice = Voice(state, runtime.context)
    name, argument = state["reading"]["command"]["name"], state["reading"]["command"]["argument"]
    update = _COMMANDS[name](state, voice, argument)
    return {**update, **voice.update()}


def _report(state: Interview, voice: Voice, argument: str) -> Update:
    voice.say("report", session=voice.session)
    voice.emit(Signal("report"))
    return {}


def _new(state: Interview, voice: Voice, argument: str) -> Update:
    taken = [entry["name"] for entry in state["workloads"]]
    chosen = name_in(argument) if argument else None
    tasks = [fact["value"] for fact in state["reading"]["facts"] if fact["fact"] == "task"]
    name = unique_name(chosen or (task_name(tasks[-1]) if tasks else f"Workload {len(taken) + 1}"), taken)
    voice.say("new_workload", workload=name)
    workloads = [*state["workloads"], new_workload(name, named=chosen is not None)]
    return _moved({"workloads": workloads, "history": remembered(state)}, len(workloads) - 1)


def _next(state: Interview, voice: Voice, argument: str) -> Update:
    if state["current"] + 1 >= len(state["workloads"]):
        return _new(state, voice, argument)
    voice.say("switched", workload=state["workloads"][state["current"] + 1]["name"])
    return _moved({}, state["current"] + 1)


def _switch(state: Interview, voice: Voice, argument: str) -> Update:
    names = [entry["name"] for entry in state["workloads"]]
    if len(names) == 1:
        voice.say("only_workload", workload=names[0])
        return {}
    index = find_workload(state, argument) if argument.strip() else (state["current"] + 1) % len(names)
    if index is None:
        voice.say("no_such_workload", name=argument, names=join_words(names))
        return {}
    voice.say("switched", workload=names[index])
    return _moved({}, index)


def _moved(update: Update, index: int) -> Update:
    """Talk about another workload: open contradictions of the former keep the values that were there."""
    return {**update, "current": index, "doubts": []}


def _back(state: Interview, voice: Voice, argument: str) -> Update:
    """Put the question before the pending one again; what was answered stays until a new answer comes."""
    trail = state["trail"]
    if state["pending"]["kind"] == "fact" and trail:
        trail = trail[:-1]
    if not trail or trail[-1][0] >= len(state["workloads"]):
        voice.say("no_back")
        return {}
    voice.say("back")
    index, key = trail[-1]
    workloads = [dict(entry) for entry in state["workloads"]]
    workloads[index]["skipped"] = [other for other in state["workloads"][index]["skipped"] if other != key]
    workloads[index]["asked"] = {**state["workloads"][index]["asked"], key: 0}
    shared = [other for other in state["organization_skipped"] if other != key]
    pending: Pending = {**state["pending"], "kind": "back", "fact": key}
    update = {"trail": trail[:-1], "workloads": workloads, "organization_skipped": shared, "pending": pending}
    return _moved(update, index)


def _review(state: Interview, voice: Voice, argument: str) -> Update:
    lines = [voice.line("review")]
    groups: list[tuple[str, Mapping[str, FactEntry]]] = [("Your organization", state["organization"])]
    groups += [(entry["name"], entry["facts"]) for entry in state["workloads"]]
    for name, facts in groups:
        lines.append(voice.line("review_workload" if facts else "review_nothing", workload=name))
        lines += [_reviewed(voice, key, entry) for key, entry in facts.items()]
    lines.append(voice.line("review_end"))
    voice.utter("\n".join(lines))
    return {}


def _reviewed(voice: Voice, key: str, entry: FactEntry) -> str:
    """Say one fact with its state and the user's words."""
    line = "review_fact" if entry["quote"].strip() else "review_fact_bare"
    return voice.line(line, fact=fact_words(key, entry_value(key, entry)), quote=entry["quote"], state=entry["state"])


def _undo(state: Interview, voice: Voice, argument: str) -> Update:
    if not state["history"]:
        voice.say("no_undo")
        return {}
    before = state["history"][-1]
    voice.say("undone", changes=_differences(state, before))
    restored = {key: before[key] for key in ("organization", "workloads", "current")}
    pending: Pending = {**state["pending"], "kind": "undone"}
    return {**restored, "history": state["history"][:-1], "doubts": [], "pending": pending}


def _differences(state: Interview, before: Mapping[str, Any]) -> str:
    """Say which facts and workloads undoing takes away or brings back."""
    now, then = (
        _flat(state["organization"], state["workloads"]),
        _flat(before["organization"], before["workloads"]),
    )
    said = [fact_words(key[1], entry_value(key[1], entry)) for key, entry in now.items() if then.get(key) != entry]
    gone = [entry["name"] for entry in state["workloads"][len(before["workloads"]) :]]
    back = [fact_words(key[1], entry_value(key[1], e)) for key, e in then.items() if key not in now]
    said += [f'the workload "{name}"' for name in gone]
    return "; ".join(said + [f"{words} is back" for words in back]) or "the last change"


def _flat(organization: Mapping[str, FactEntry], workloads: list[Any]) -> dict[tuple[int, str], FactEntry]:
    flat = {(-1, key): entry for key, entry in organization.items()}
    for index, workload in enumerate(workloads):
        flat.update({(index, key): entry for key, entry in workload["facts"].items()})
    return flat


def _stop(state: Interview, voice: Voice, argument: str) -> Update:
    voice.say("stopped")
    voice.emit(Signal("done"))
    return {"stopped": True}


def _help(state: Interview, voice: Voice, argument: str) -> Update:
    voice.say("help")
    return {}


_COMMANDS: Mapping[str, Callable[[Interview, Voice, str], Update]] = {
    "report": _report,
    "new": _new,
    "next": _next,
    "switch": _switch,
    "back": _back,
    "review": _review,
    "undo": _undo,
    "stop": _stop,
    "help": _help,
}
