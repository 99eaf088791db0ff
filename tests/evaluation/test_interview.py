"""A scripted user talks to the real adviser, without a language model, and the conversation is judged."""

from datetime import date
from pathlib import Path

import pytest

from agent.adviser import Adviser
from agent.events import QuestionAsked
from agent.reading.pipeline import Reader
from tests.evaluation.interview import MOST_QUESTIONS, Interview, interview
from tests.evaluation.interviews import detail_lines, interview_table, interviews_table, judge_interview
from tests.evaluation.users import DO_NOT_KNOW, User, load_users

DAY = date(2026, 11, 22)


@pytest.fixture
def adviser(tmp_path: Path) -> Adviser:
    return Adviser(None, Reader(None, rules_only=True), None, None, tmp_path / "sessions.sqlite", lambda: DAY)


def test_a_user_is_interviewed_and_judged(adviser: Adviser) -> None:
    user = next(user for user in load_users() if "air-gapped" in user.name)
    talk = interview(adviser, user, "one")
    adviser.close()
    assert not talk.crash
    assert talk.exchanges[0].said == user.opening
    assert sum(exchange.answers == "aside" for exchange in talk.exchanges) == 1
    assert len(talk.asked) <= MOST_QUESTIONS
    assert talk.bad_quotes == 0
    judged = judge_interview(talk, DAY)
    assert judged.full == "self_hosted"
    assert set(judged.right).isdisjoint(judged.missing)
    assert judged.to_json()["questions"] == len(talk.asked)
    assert user.name in interview_table("x", [judged]).text()
    assert interviews_table({"x": [judged]}).rows[0][1] == "1"


def test_a_crash_is_a_result(adviser: Adviser, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(adviser, "turn", broken)
    judged = judge_interview(interview(adviser, load_users()[0], "two"), DAY)
    adviser.close()
    assert judged.verdict == "crash"
    assert any("out of order" in line for line in detail_lines([judged]))


def test_what_is_not_known_is_said_so() -> None:
    user = User("x", {}, "hello", {"task": "It chats."}, "what?")
    assert user.reply("cloud") == DO_NOT_KNOW
    assert user.reply(None) == "It chats."


def test_sentences_said_twice_are_found() -> None:
    said = QuestionAsked("w", None, "May this data leave your house?", "", None).to_json()
    talk = Interview(load_users()[0], opened=(said, said, {"event": "say", "text": "Noted. Noted."}))
    assert talk.repeated() == ["2 x May this data leave your house?"]
