"""Whole interviews with the real reader and the real tools, without a language model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from interview_runs import SESSION, asked, compare, load, of_kind

from agent.adviser import Adviser
from agent.events import Event, Token
from agent.reading.pipeline import Reader
from knowledge.embedder import Embedder
from knowledge.index import build_index
from knowledge.retrieve import Retriever

CONVERSATIONS = load("plain_words.yaml")


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reader, Retriever, Embedder]]:
    embedder = Embedder()
    index = tmp_path_factory.mktemp("index")
    build_index(index, embedder)
    retriever = Retriever(index, embedder)
    # The trained example bank is kept where set-up keeps it: training takes a minute.
    yield Reader(None), retriever, embedder
    retriever.close()


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=[c["name"] for c in CONVERSATIONS])
def test_conversation(
    conversation: dict[str, Any], parts: tuple[Reader, Retriever, Embedder], tmp_path: Path, today: Any
) -> None:
    reader, retriever, embedder = parts
    adviser = Adviser(None, reader, retriever, embedder, tmp_path / "sessions.sqlite", lambda: today)
    adviser.open(SESSION)
    for turn in conversation["turns"]:
        events = take(adviser, turn["user"])
        compare(adviser, turn, events)
        if "asks_none_of" in turn:
            assert asked(events) not in turn["asks_none_of"]
        if "cites_some" in turn:
            assert of_kind(events, "answer", "citations")
        if "says" in turn:
            assert any(turn["says"] in event.get("text", "") for event in events)
        if "deployment" in turn:
            assert [e["deployment"] for e in events if e["event"] == "verdict"] == [turn["deployment"]]
    finish(adviser, conversation)
    adviser.close()


def finish(adviser: Adviser, conversation: dict[str, Any]) -> None:
    """Answer everything that is left in the same way: the interview ends within so many questions."""
    for _ in range(conversation["within"]):
        if adviser.view(SESSION).done:
            break
        take(adviser, conversation["then"])
    view = adviser.view(SESSION)
    assert view.done
    if "deployment" in conversation:
        (workload,) = view.assessment.workloads
        assert workload.verdict.deployment == conversation["deployment"]
        assert workload.verdict.model
        assert workload.verdict.hardware
        assert next(o for o in workload.options if o.model == workload.verdict.model).cost_lines


def take(adviser: Adviser, message: str) -> list[dict[str, Any]]:
    events: list[Event] = []
    adviser.turn(SESSION, message, emit=events.append)
    return [event.to_json() for event in events if not isinstance(event, Token)]
