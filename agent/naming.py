"""Names workloads and finds them by what the user calls them. It knows no graph and no fact but the task."""

import difflib
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from agent.state import Interview, WorkloadEntry
from tools.facts import spec_of

_CALLED = re.compile(r"\b(?:called|named|call it|name it)\s+[\"“']?([^\"”'.,;:!?]+)", re.IGNORECASE)
_OPENS = re.compile(
    r"^\W*(?:(?:and|ok|okay|now|then|also|please|next|well)\W+)*(?:(?:let['’]?s|i want to|we (?:also )?have|"
    r"there is|there's|add|start|open|take)\s+)*(?:(?:another|a second|a third|a new|one more|a further|second|new)\s+)"
    r"(?:ai\s+)?(?:workload|use[ -]case|project|application)\b[\s:;,.–—-]*",
    re.IGNORECASE,
)
_MOST_WORDS = 4


def named_by_task(state: Interview, update: Mapping[str, Any]) -> dict[str, Any]:
    """Extend an update that made the task known by the workload's new name, unless the user chose one."""
    workloads = deepcopy(update.get("workloads", state["workloads"]))
    entry = workloads[state["current"]]
    if entry["named"] or "task" not in entry["facts"]:
        return dict(update)
    before = entry["name"]
    taken = [other["name"] for i, other in enumerate(workloads) if i != state["current"]]
    label = task_name(entry["facts"]["task"]["value"])
    if re.fullmatch(rf"{re.escape(label)}(?: \d+)?", before):
        return dict(update)
    entry["name"] = unique_name(label, taken)
    told = {entry["name"] if name == before else name: words for name, words in state["told"].items()}
    return {**update, "workloads": workloads, "told": told}


def task_name(task: str) -> str:
    """Return a workload's name for a task: 'Classification', 'Question answering'."""
    return task.replace("_", " ").capitalize()


def unique_name(name: str, taken: Sequence[str]) -> str:
    """Return the name, numbered where it is taken."""
    number, free = 1, name
    while free.lower() in (other.lower() for other in taken):
        number += 1
        free = f"{name} {number}"
    return free


def name_in(argument: str) -> str | None:
    """Return the name that a user gives a new workload, or None where they only describe it."""
    called = _CALLED.search(argument)
    if called:
        return " ".join(called[1].split()[:_MOST_WORDS]).strip()
    words = argument.strip(" .:;,!?\"'“”").split()
    return " ".join(words) if 1 <= len(words) <= _MOST_WORDS else None


def opens_workload(message: str) -> str | None:
    """Return the description in a message such as "another workload: …", or None where it opens none."""
    match = _OPENS.match(message)
    return message[match.end() :].strip() if match else None


_NO_NAME = frozenset({"workload", "case", "project", "scenario", "that", "this", "thing", "thingy", "stuff", "other"})
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}


def find_workload(state: Interview, said: str) -> int | None:
    """Return the workload that the user means: by name, number, task or a near spelling."""
    names = [entry["name"].lower() for entry in state["workloads"]]
    wanted = re.sub(r"^(?:the|workload|number|no\.?|#)\s+", "", said.strip(" .!?\"'“”").lower())
    if wanted in names:
        return names.index(wanted)
    place = _ORDINALS.get(re.sub(r"\s+(?:one|workload)$", "", wanted))
    if place is not None and -1 <= place < len(names):
        return place % len(names)
    if wanted.isdigit() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    parts = [i for i, name in enumerate(names) if wanted and (wanted in name or name in wanted)]
    if len(parts) == 1:
        return parts[0]
    by_task = [i for i, entry in enumerate(state["workloads"]) if wanted and _task_fits(entry, wanted)]
    if len(by_task) == 1:
        return by_task[0]
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.6)
    return names.index(near[0]) if near else _told_with(state, wanted)


def _told_with(state: Interview, wanted: str) -> int | None:
    """Return the one workload whose facts were told with one of these words: "the meeting one"."""
    stems = {word.rstrip("s") for word in re.findall(r"[a-z]{4,}", wanted)} - _NO_NAME
    told = [" ".join(fact["quote"].lower() for fact in entry["facts"].values()) for entry in state["workloads"]]
    hits = [i for i, words in enumerate(told) if any(re.search(rf"\b{re.escape(stem)}", words) for stem in stems)]
    return hits[0] if len(hits) == 1 else None


def _task_fits(entry: WorkloadEntry, wanted: str) -> bool:
    if "task" not in entry["facts"]:
        return False
    task = str(entry["facts"]["task"]["value"])
    return task.replace("_", " ") in wanted or wanted in spec_of("task").labels.get(task, "")
