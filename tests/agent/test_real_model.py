"""An interview with the real default model: what it reads is kept, what it says is cited, what it costs is counted."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from interview_runs import SESSION, asked, compare, of_kind

from agent.adviser import Adviser
from agent.events import Event, Token
from agent.reading.pipeline import Reader
from knowledge.embedder import Embedder
from knowledge.index import build_index
from knowledge.retrieve import Retriever

if TYPE_CHECKING:
    from models.local import LocalModel

HEADLINE = (
    "We get about 40k support tickets a day and want each one labelled; a ticket is 350 tokens. "
    "Nothing may leave our servers and we have a platform team."
)
TOLD = {
    "task": "classification",
    "requests_per_day": 40000,
    "input_tokens": 350,
    "external_api": "forbidden",
    "platform_team": "in_place",
}


@pytest.mark.model
def test_the_headline_conversation(local_model: "LocalModel", tmp_path: Path, today: Any) -> None:
    embedder = Embedder()
    build_index(tmp_path / "index", embedder)
    retriever = Retriever(tmp_path / "index", embedder)
    reader = Reader(local_model)
    adviser = Adviser(local_model, reader, retriever, embedder, tmp_path / "sessions.sqlite", lambda: today)
    adviser.open(SESSION)
    first = take(adviser, HEADLINE)
    compare(adviser, {"user": HEADLINE, "known": TOLD}, first)
    assert asked(first) not in TOLD
    pending = asked(first)
    beside = take(adviser, "is Llama open source?")
    assert of_kind(beside, "answer", "citations")
    assert asked(beside) == pending
    turns = [first, beside]
    while not adviser.view(SESSION).done:
        turns.append(take(adviser, "I don't know"))
        assert len(turns) <= 14
    verdict = adviser.view(SESSION).assessment.workloads[0].verdict
    assert verdict.deployment == "self_hosted"
    assert verdict.monthly_usd is not None
    assert adviser.report(SESSION).transcript
    assert all(turn[-1]["evaluated_tokens"] <= turn[-1]["prompt_tokens"] for turn in turns)
    adviser.close()
    retriever.close()


def take(adviser: Adviser, message: str) -> list[dict[str, Any]]:
    events: list[Event] = []
    adviser.turn(SESSION, message, emit=events.append)
    return [event.to_json() for event in events if not isinstance(event, Token)]
