"""The facade: sessions, edits, threads, what is stored, what a turn reports."""

import sqlite3
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from interview_fakes import MarkedReader, fake_adviser
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from agent.events import Event, Say, TurnEnd
from models.scripted import ScriptedModel
from tools.errors import Cancelled, InvalidInput, ModelFailed, UnknownName
from tools.facts import Fact

S = "session"


def quiet(event: Event) -> None:
    """Nobody listens."""


def own_facts(folder: Path, session: str = S) -> dict[str, Fact]:
    adviser = fake_adviser(folder)
    (workload,) = adviser.view(session).workloads
    adviser.close()
    return {fact.key: fact for fact in workload.facts}


def test_a_session_resumes_where_it_was(tmp_path: Path) -> None:
    first = fake_adviser(tmp_path)
    first.open(S)
    first.turn(S, "task=classification", emit=quiet)
    before = first.view(S)
    first.close()
    second = fake_adviser(tmp_path)
    (question,) = second.open(S)
    assert question == before.pending
    assert second.view(S).transcript == before.transcript
    second.close()


def test_a_fact_keeps_the_words_that_state_it(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    adviser.open(S)
    adviser.turn(S, "we label, task=classification", emit=quiet)
    adviser.close()
    assert own_facts(tmp_path)["task"] == Fact("task", "classification", "task=classification", "stated")


def test_a_described_workload_has_one_name_from_its_first_mention(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    adviser.open(S)
    adviser.turn(S, "task=classification", emit=quiet)
    events: list[Event] = []
    adviser.turn(S, "another workload: customers ask us things, task=chatbot requests_per_day=900", emit=events.append)
    assert '"Chatbot"' in " ".join(event.text for event in events if isinstance(event, Say))
    assert "Workload 2" not in " ".join(event.text for event in events if isinstance(event, Say))
    assert [workload.name for workload in adviser.view(S).workloads] == ["Classification", "Chatbot"]
    adviser.close()


def test_a_fact_edited_on_the_page_is_confirmed_and_can_be_undone(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    adviser.open(S)
    adviser.turn(S, "task=classification external_api=allowed", emit=quiet)
    events: list[Event] = []
    adviser.set_fact(S, "Classification", "external_api", "forbidden", events.append)
    assert [e.to_json()["event"] for e in events] == ["say", "say", "verdict", "question", "turn_end"]
    assert {f.key: (f.value, f.state) for f in adviser.view(S).workloads[0].facts}["external_api"] == (
        "forbidden",
        "confirmed",
    )
    adviser.remove_fact(S, "Classification", "external_api")
    assert "external_api" not in {fact.key for fact in adviser.view(S).workloads[0].facts}
    adviser.close()


def test_an_edit_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    adviser.open(S)
    with pytest.raises(InvalidInput, match="external_api"):
        adviser.set_fact(S, "Workload 1", "external_api", "perhaps")
    with pytest.raises(UnknownName, match="workload"):
        adviser.set_fact(S, "Nothing", "external_api", "allowed")
    with pytest.raises(UnknownName, match="fact"):
        adviser.remove_fact(S, "Workload 1", "colour")
    adviser.close()


def test_sessions_are_listed_renamed_and_deleted(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    for name in ("one", "two"):
        adviser.open(name)
    adviser.turn("one", "task=classification", emit=quiet)
    adviser.rename("two", "Tickets")
    listed = {info.id: (info.title, info.workloads) for info in adviser.sessions()}
    assert listed == {"one": ("Classification", ("Classification",)), "two": ("Tickets", ("Workload 1",))}
    adviser.delete("one")
    assert [info.id for info in adviser.sessions()] == ["two"]
    with pytest.raises(UnknownName):
        adviser.view("one")
    with pytest.raises(UnknownName):
        adviser.turn("one", "hello", emit=quiet)
    adviser.close()


def test_a_deleted_session_leaves_no_words_on_the_disk(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    adviser.open(S)
    adviser.turn(S, "the secret word is xylophone task=classification", emit=quiet)
    assert any(b"xylophone" in path.read_bytes() for path in tmp_path.iterdir())
    adviser.delete(S)
    assert not any(b"xylophone" in path.read_bytes() for path in tmp_path.iterdir())
    adviser.close()


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    fake_adviser(tmp_path).close()
    assert stat.S_IMODE((tmp_path / "sessions.sqlite").stat().st_mode) == 0o600


def test_the_checkpoint_holds_plain_data_only(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    adviser.open(S)
    adviser.turn(S, "task=classification requests_per_day=10..20 data_class=pii+health", emit=quiet)
    adviser.turn(S, "Is Llama open source?", emit=quiet)
    adviser.turn(S, "requests_per_day=90", emit=quiet)
    adviser.close()
    with sqlite3.connect(tmp_path / "sessions.sqlite") as connection:
        rows = connection.execute("SELECT type, checkpoint FROM checkpoints").fetchall()
    assert len(rows) == 1, "old checkpoints are pruned"
    loaded = JsonPlusSerializer(allowed_msgpack_modules=None).loads_typed(rows[0])
    assert_plain({k: v for k, v in loaded["channel_values"].items() if not k.startswith(("__", "branch:"))})
    assert loaded["channel_values"]["doubts"][0]["value"] == 90


def assert_plain(value: Any) -> None:
    if isinstance(value, dict):
        assert all(isinstance(key, str) for key in value)
        for item in value.values():
            assert_plain(item)
    elif isinstance(value, list):
        for item in value:
            assert_plain(item)
    else:
        assert value is None or type(value) in (str, int, float, bool), repr(value)


def test_sessions_talk_in_parallel_and_turns_of_one_wait(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path, reader=MarkedReader(0.05))
    names = ["a", "b", "c"]
    for name in names:
        adviser.open(name)
    messages = ["task=classification", "external_api=allowed", "requests_per_day=5"]
    threads = [
        threading.Thread(target=adviser.turn, args=(name, message), kwargs={"emit": quiet})
        for message in messages
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in names:
        (workload,) = adviser.view(name).workloads
        assert {fact.key for fact in workload.facts} == {"task", "external_api", "requests_per_day"}
        assert sum(line.role == "user" for line in adviser.view(name).transcript) == len(messages)
    adviser.close()


def test_a_turn_reports_what_the_model_did(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path, model=ScriptedModel(["Llama is not open source. [1]"]))
    adviser.open(S)
    events: list[Event] = []
    adviser.turn(S, "Is Llama open source?", emit=events.append)
    end = events[-1]
    assert isinstance(end, TurnEnd)
    assert end.output_tokens == 2 + 6, "the reader's two and the answer's six"
    assert end.prompt_tokens > 10
    adviser.close()


class FailingReader(MarkedReader):
    """Fails on the first message."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error: Exception | None = error

    def read(self, *args: Any, **kwargs: Any) -> Any:
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        return super().read(*args, **kwargs)


@pytest.mark.parametrize("error", [Cancelled("stopped"), ModelFailed("the model is gone")])
def test_a_message_that_could_not_be_read_leaves_the_question_standing(error: Exception, tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path, reader=FailingReader(error))
    adviser.open(S)
    events: list[Event] = []
    adviser.turn(S, "task=classification", emit=events.append)
    assert isinstance(events[0], Say)
    assert own_facts(tmp_path) == {}
    adviser.turn(S, "task=classification", emit=quiet)
    assert list(own_facts(tmp_path)) == ["task"]
    adviser.close()


def test_an_unforeseen_error_undoes_the_turn_and_the_session_goes_on(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path, reader=FailingReader(ZeroDivisionError("a bug")))
    adviser.open(S)
    with pytest.raises(ZeroDivisionError):
        adviser.turn(S, "task=classification", emit=quiet)
    assert own_facts(tmp_path) == {}
    adviser.turn(S, "task=classification", emit=quiet)
    assert list(own_facts(tmp_path)) == ["task"]
    assert sum(line.role == "user" for line in adviser.view(S).transcript) == 1
    adviser.close()


def test_what_does_not_fit_is_refused_at_the_door(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    with pytest.raises(InvalidInput, match="session"):
        adviser.open("")
    adviser.open(S)
    with pytest.raises(InvalidInput, match="characters"):
        adviser.turn(S, "x" * 30_000, emit=quiet)
    adviser.close()


def test_the_report_carries_everything_that_was_said(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    adviser.open(S)
    adviser.turn(S, "task=classification", emit=quiet)
    adviser.turn(S, "Is Llama open source?", emit=quiet)
    report = adviser.report(S)
    assert report.title == "Classification"
    assert [w.name for w in report.assessment.workloads] == [w.name for w in report.portfolio.workloads]
    assert [u.text for u in report.transcript if u.role == "user"] == ["task=classification", "Is Llama open source?"]
    assert any(u.citations for u in report.transcript)
    adviser.close()


def test_nothing_is_said_twice_in_the_same_words(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    adviser.open(S)
    for message in ("task=classification", "external_api=allowed", "requests_per_day=5", "why: ?", "why: ?"):
        adviser.turn(S, message, emit=quiet)
    said = [line.text for line in adviser.view(S).transcript if line.role == "adviser"]
    assert len(said) == len(set(said))
    adviser.close()
