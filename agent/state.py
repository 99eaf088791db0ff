"""The state of one interview, as plain dicts and lists, and its reading as a portfolio. It knows no graph."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, NotRequired, TypedDict

from tools.facts import (
    Fact,
    FactValue,
    Organization,
    Portfolio,
    State,
    Workload,
    check_value,
    plain_value,
    spec_of,
)

# How many changes can be taken back.
KEPT_CHANGES = 30


class FactEntry(TypedDict):
    """A fact as it is stored: the plain value, the user's words, and how sure we may be of it."""

    value: Any
    quote: str
    state: State


class WorkloadEntry(TypedDict):
    """A workload as it is stored; `asked` counts how often each fact was asked for."""

    name: str
    named: bool
    facts: dict[str, FactEntry]
    skipped: list[str]
    asked: dict[str, int]


class Pending(TypedDict):
    """What the adviser waits for: `kind` is open, fact, confirm or rest (nothing is asked)."""

    kind: str
    workload: str
    fact: str | None
    text: str
    why: str
    flip_probability: float | None


class Line(TypedDict):
    """One utterance of the transcript; `citations` are plain dicts with id, title, quote and source."""

    role: str
    text: str
    at: str
    citations: list[dict[str, str]]


class Doubt(TypedDict):
    """A new value that contradicts a known one and waits for the user's word.

    One that a document states has its `place`, and in `offer` the name under which the answer is remembered. An
    amount in another `currency` waits for its value in US dollars; `again` says that this was asked once already.
    """

    workload: str
    fact: str
    value: Any
    quote: str
    place: NotRequired[str]
    offer: NotRequired[str]
    currency: NotRequired[str]
    again: NotRequired[bool]


class Interview(TypedDict, total=False):
    """Everything that a session keeps. Costs, verdicts and findings are recomputed, never stored."""

    title: str
    organization: dict[str, FactEntry]
    organization_skipped: list[str]
    workloads: list[WorkloadEntry]
    current: int
    transcript: list[Line]
    pending: Pending
    doubts: list[Doubt]
    # What documents offered and the user answered; absent in sessions of older versions.
    offered: list[str]
    history: list[dict[str, Any]]
    trail: list[list[Any]]
    # What was known before each of the last messages, to say one differently; absent in older sessions.
    points: list[dict[str, Any]]
    # The fact that was noted last: what "sorry, 400k" corrects.
    noted_last: str
    stopped: bool
    done: bool
    told: dict[str, list[str]]
    spoken: dict[str, int]
    sent_out: list[dict[str, Any]]
    # The user's own values for entries of assumptions.yaml; absent in sessions of older versions.
    assumptions: dict[str, Any]
    # What belongs to the turn in hand.
    inbox: dict[str, Any]
    reading: dict[str, Any]


def new_interview() -> Interview:
    """Return the state of an interview in which nothing has been said."""
    return {
        "title": "",
        "organization": {},
        "organization_skipped": [],
        "workloads": [new_workload("Workload 1")],
        "current": 0,
        "transcript": [],
        "pending": rest(""),
        "doubts": [],
        "offered": [],
        "history": [],
        "trail": [],
        "points": [],
        "noted_last": "",
        "stopped": False,
        "done": False,
        "told": {},
        "spoken": {},
        "sent_out": [],
        "assumptions": {},
        "inbox": {},
        "reading": {},
    }


def new_workload(name: str, named: bool = False) -> WorkloadEntry:
    """Return a workload of which nothing is known; `named` says that the user chose its name."""
    return {"name": name, "named": named, "facts": {}, "skipped": [], "asked": {}}


def rest(workload: str) -> Pending:
    """Return the pending entry of an adviser that has nothing to ask."""
    return {
        "kind": "rest",
        "workload": workload,
        "fact": None,
        "text": "",
        "why": "",
        "flip_probability": None,
    }


def current_workload(state: Interview) -> WorkloadEntry:
    """Return the workload that is being talked about."""
    return state["workloads"][state["current"]]


def known_entries(state: Interview) -> dict[str, FactEntry]:
    """Return the facts that hold for the current workload, the organization's among them."""
    return {**state["organization"], **current_workload(state)["facts"]}


def known_values(state: Interview) -> dict[str, FactValue]:
    """Return the values of the facts that hold for the current workload."""
    return {key: entry_value(key, entry) for key, entry in known_entries(state).items()}


def entry_value(key: str, entry: FactEntry) -> FactValue:
    """Turn a stored value back into the fact's own type."""
    return check_value(spec_of(key), entry["value"])


def entry_of(value: FactValue, quote: str, state: State = "stated") -> FactEntry:
    """Store a value with the words that state it."""
    return {"value": plain_value(value), "quote": quote, "state": state}


def is_skipped(state: Interview, key: str) -> bool:
    """Say whether the user has declined to answer for this fact."""
    if spec_of(key).scope == "organization":
        return key in state["organization_skipped"]
    return key in current_workload(state)["skipped"]


def portfolio_of(state: Interview) -> Portfolio:
    """Read the stored facts as the portfolio that the tools assess."""
    workloads = tuple(Workload(entry["name"], _facts(entry["facts"])) for entry in state["workloads"])
    return Portfolio(Organization(_facts(state["organization"])), workloads, state.get("assumptions", {}))


def _facts(entries: Mapping[str, FactEntry]) -> dict[str, Fact]:
    return {key: Fact(key, entry_value(key, entry), entry["quote"], entry["state"]) for key, entry in entries.items()}


def with_facts(state: Interview, entries: Mapping[str, FactEntry]) -> dict[str, Any]:
    """Return the update that writes facts, each where its scope says; what was there before can be undone."""
    organization = dict(state["organization"])
    workloads = deepcopy(state["workloads"])
    workload = workloads[state["current"]]
    skipped = list(state["organization_skipped"])
    for key, entry in entries.items():
        shared = spec_of(key).scope == "organization"
        (organization if shared else workload["facts"])[key] = entry
        for keys in (skipped, workload["skipped"]):
            if key in keys:
                keys.remove(key)
    update = {"organization": organization, "workloads": workloads, "organization_skipped": skipped}
    return {**update, "history": remembered(state)}


def without_fact(state: Interview, key: str) -> dict[str, Any]:
    """Return the update that forgets one fact of the current workload or of the organization."""
    organization = {name: entry for name, entry in state["organization"].items() if name != key}
    workloads = deepcopy(state["workloads"])
    workloads[state["current"]]["facts"].pop(key, None)
    return {"organization": organization, "workloads": workloads, "history": remembered(state)}


def remembered(state: Interview) -> list[dict[str, Any]]:
    """Return the history with the present facts on top, for `undo`; a turn is taken back as a whole."""
    turn = sum(line["role"] == "user" for line in state["transcript"])
    if state["history"] and state["history"][-1]["turn"] == turn:
        return state["history"]
    snapshot = {
        "turn": turn,
        "organization": deepcopy(state["organization"]),
        "workloads": deepcopy(state["workloads"]),
        "current": state["current"],
    }
    return [*state["history"], snapshot][-KEPT_CHANGES:]


def workload_index(state: Interview, name: str) -> int | None:
    """Return the place of the workload with this name, or None."""
    return next((i for i, entry in enumerate(state["workloads"]) if entry["name"] == name), None)
