"""A question that leans on an earlier one is searched with its subject; one that stands alone is left alone."""

from pathlib import Path

import pytest
import yaml
from interview_fakes import OnePassage, fake_adviser

from agent.events import Answer, Event
from agent.follow_up import asked_before, follows_answer, leans_back, standing_alone

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "knowledge_followups.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["follow_ups"], ids=lambda case: case["ask"])
def test_a_follow_up_is_recognised_by_its_shape(case: dict[str, str]) -> None:
    assert leans_back(case["ask"])


@pytest.mark.parametrize("question", CASES["standing_alone"])
def test_a_whole_question_is_left_as_it_is(question: str) -> None:
    assert standing_alone(question, "Is Llama open source?") == question


def test_a_new_size_or_name_takes_the_place_of_the_old_one() -> None:
    joined = standing_alone("and for 70B?", "How much memory does an 8B model need?")
    assert "70B" in joined
    assert "memory" in joined
    assert "8B" not in joined
    assert "Llama" not in standing_alone("what about Mistral?", "Is Llama open source?")


def _line(role: str, text: str, cited: bool = False) -> dict[str, object]:
    return {"role": role, "text": text, "citations": [{"id": "x"}] if cited else []}


def test_what_was_asked_before_is_the_last_question_answered_from_passages() -> None:
    talk = [
        _line("user", "We have tickets. Is Llama open source?"),
        _line("adviser", "No. [1]", cited=True),
        _line("adviser", "How many a day?"),
        _line("user", "what about it in the EU?"),
    ]
    assert asked_before(talk) == "Is Llama open source?"
    assert follows_answer(talk, "fact")
    far = [*talk[:3], *[_line("user", "400 a day"), _line("adviser", "Noted.")] * 4, talk[3]]
    assert asked_before(far) == ""
    assert not follows_answer(far, "fact")


def test_a_bare_why_is_about_the_open_question_if_one_is_asked() -> None:
    talk = [_line("user", "Is Llama open source?"), _line("adviser", "No. [1]", cited=True), _line("user", "why?")]
    assert follows_answer(talk, "open")
    assert not follows_answer(talk, "fact")


def test_a_follow_up_in_the_interview_finds_what_its_words_alone_do_not(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    adviser.open("talk")
    answers: dict[str, list[str]] = {}
    for message in ("Is Llama open source?", "and in the EU?", "why?"):
        events: list[Event] = []
        adviser.turn("talk", message, emit=events.append)
        answers[message] = [c.id for event in events if isinstance(event, Answer) for c in event.citations]
    adviser.close()
    assert OnePassage().search("and in the EU?") == []
    assert set(answers["and in the EU?"]) == {"llama-1"}
