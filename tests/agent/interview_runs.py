"""Runs the conversations of tests/conversations turn by turn and compares what happened with what is expected."""

from pathlib import Path
from typing import Any

import yaml

from agent.adviser import Adviser
from agent.events import Event, Token

FOLDER = Path(__file__).parents[1] / "conversations"
SESSION = "test"


def load(name: str) -> list[dict[str, Any]]:
    conversations: list[dict[str, Any]] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return conversations


def run(adviser: Adviser, conversation: dict[str, Any]) -> None:
    adviser.open(SESSION)
    for turn in conversation["turns"]:
        events: list[Event] = []
        adviser.turn(SESSION, turn["user"], emit=events.append)
        compare(adviser, turn, [event.to_json() for event in events if not isinstance(event, Token)])
    last = conversation.get("finally", {})
    compare(adviser, {**last, "known": last.get("facts", {}), "user": "finally"}, None)


def compare(adviser: Adviser, turn: dict[str, Any], events: list[dict[str, Any]] | None) -> None:
    said = turn["user"]
    view = adviser.view(SESSION)
    if events is not None:
        assert all(quoted(fact, said) for fact in of_kind(events, "facts", "accepted")), said
        if "events" in turn:
            assert [event["event"] for event in events] == turn["events"], said
        if "facts" in turn:
            accepted = {fact["fact"]: fact["value"] for fact in of_kind(events, "facts", "accepted")}
            assert accepted == turn["facts"], said
        if "rejected" in turn:
            assert [fact["fact"] for fact in of_kind(events, "facts", "rejected")] == turn["rejected"], said
        if "cites" in turn:
            cited = {citation["id"] for citation in of_kind(events, "answer", "citations")}
            assert cited == set(turn["cites"]), said
        if "asks" in turn:
            assert asked(events) == turn["asks"], said
    if "known" in turn:
        facts = {f.key: f for f in view.organization}
        current = next(w for w in view.workloads if w.name == view.current)
        facts.update({f.key: f for f in current.facts})
        values = {key: facts[key].value for key in turn["known"] if key in facts}
        assert plain(values) == turn["known"], said
    if "skipped" in turn:
        current = next(w for w in view.workloads if w.name == view.current)
        assert list(current.skipped) == turn["skipped"], said
    if "workloads" in turn:
        assert [workload.name for workload in view.workloads] == turn["workloads"], said
    if "done" in turn:
        assert view.done == turn["done"], said


def of_kind(events: list[dict[str, Any]], kind: str, field: str) -> list[dict[str, Any]]:
    return [item for event in events if event["event"] == kind for item in event[field]]


def quoted(fact: dict[str, Any], message: str) -> bool:
    return bool(fact["quote"]) and fact["quote"] in message


def asked(events: list[dict[str, Any]]) -> str:
    questions = [event for event in events if event["event"] == "question"]
    if not questions:
        return "nothing"
    assert len(questions) == 1
    if questions[0]["fact"] is None:
        return "open"
    # Only the question which of two values holds is about a fact and has no probability.
    is_confirmation = '("' in questions[0]["text"] and questions[0]["flip_probability"] is None
    return f"confirm {questions[0]['fact']}" if is_confirmation else str(questions[0]["fact"])


def plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
