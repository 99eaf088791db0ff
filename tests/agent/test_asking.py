"""How the interview asks: related facts in one question, an end to patience, what could still move the verdict."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from interview_fakes import DAY, LetterEmbedder, MarkedReader, OnePassage, decide

from agent.adviser import Adviser
from agent.assessing import Assessor
from agent.events import Token
from tools.asking import shared_questions
from tools.assessment import Assessment, NextQuestion
from tools.assumptions import assumption
from tools.facts import Portfolio, fact_dictionary

SESSION = "asking"


def _adviser(folder: Path, asked: Sequence[str]) -> Adviser:
    """Build an adviser for whom these facts are worth asking in this order, as long as they are not known."""

    def decide_so(portfolio: Portfolio, as_of: date) -> Assessment:
        return _with_questions(decide(portfolio, as_of), portfolio, asked)

    return Adviser(
        model=None,
        reader=MarkedReader(),
        retriever=OnePassage(),
        embedder=LetterEmbedder(),
        store=folder / "sessions.sqlite",
        today=lambda: DAY,
        assessor=Assessor(lambda: DAY, decide_so),
    )


def _with_questions(assessment: Assessment, portfolio: Portfolio, asked: Sequence[str]) -> Assessment:
    known = {*portfolio.organization.facts, *portfolio.workloads[0].facts}
    questions = tuple(NextQuestion(key, 0.5) for key in asked if key not in known)
    return replace(assessment, workloads=(replace(assessment.workloads[0], questions=questions),))


def _turn(adviser: Adviser, said: str) -> list[dict[str, Any]]:
    events: list[Any] = []
    adviser.turn(SESSION, said, emit=events.append)
    return [event.to_json() for event in events if not isinstance(event, Token)]


def _question(events: list[dict[str, Any]]) -> dict[str, Any] | None:
    return next((event for event in events if event["event"] == "question"), None)


def _spoken(adviser: Adviser) -> str:
    return "\n".join(line.text for line in adviser.view(SESSION).transcript if line.role != "user")


@pytest.mark.parametrize("shared", shared_questions(), ids=lambda shared: "+".join(shared.facts))
def test_related_facts_share_a_question(shared: Any, tmp_path: Path) -> None:
    adviser = _adviser(tmp_path, [shared.facts[0], *shared.facts[1:]])
    adviser.open(SESSION)
    question = _question(_turn(adviser, "task=classification"))
    assert question is not None
    assert question["fact"] == shared.facts[0]
    # Another shared question may hold the fact too, where it stands earlier in the table and all of it is wanted.
    assert shared.question in question["text"]
    assert question["flip_probability"] == 0.5
    adviser.close()


def test_a_related_fact_that_is_not_wanted_is_not_asked(tmp_path: Path) -> None:
    adviser = _adviser(tmp_path, ["input_tokens"])
    adviser.open(SESSION)
    question = _question(_turn(adviser, "task=classification"))
    assert question is not None
    assert fact_dictionary()["input_tokens"].question in question["text"]
    adviser.close()


def test_one_answer_takes_both_facts(tmp_path: Path) -> None:
    adviser = _adviser(tmp_path, ["input_tokens", "output_tokens", "difficulty"])
    adviser.open(SESSION)
    _turn(adviser, "task=classification")
    question = _question(_turn(adviser, "input_tokens=350 output_tokens=5"))
    assert question is not None
    assert question["fact"] == "difficulty"
    adviser.close()


def test_what_an_answer_leaves_out_is_asked_alone(tmp_path: Path) -> None:
    adviser = _adviser(tmp_path, ["input_tokens", "output_tokens"])
    adviser.open(SESSION)
    _turn(adviser, "task=classification")
    question = _question(_turn(adviser, "input_tokens=350"))
    assert question is not None
    assert question["fact"] == "output_tokens"
    assert fact_dictionary()["output_tokens"].question in question["text"]
    adviser.close()


def test_not_knowing_sets_all_facts_of_the_question_aside(tmp_path: Path) -> None:
    adviser = _adviser(tmp_path, ["input_tokens", "output_tokens", "platform_team", "platform_engineers"])
    adviser.open(SESSION)
    _turn(adviser, "task=classification")
    question = _question(_turn(adviser, "skip: no idea"))
    assert question is not None
    assert question["fact"] == "platform_team"
    assert adviser.view(SESSION).workloads[0].skipped == ("input_tokens", "output_tokens")
    assert _question(_turn(adviser, "skip: no idea")) is None
    adviser.close()


def test_after_an_aside_the_whole_question_comes_back_in_other_words(tmp_path: Path) -> None:
    adviser = _adviser(tmp_path, ["input_tokens", "output_tokens"])
    adviser.open(SESSION)
    _turn(adviser, "task=classification")
    question = _question(_turn(adviser, "Is Llama open source?"))
    assert question is not None
    assert all(fact_dictionary()[key].label.lower() in question["text"] for key in ("input_tokens", "output_tokens"))
    adviser.close()


def test_the_interview_ends_when_patience_does(tmp_path: Path) -> None:
    numbers = [spec.key for spec in fact_dictionary().values() if spec.type == "number"]
    adviser = _adviser(tmp_path, numbers)
    adviser.open(SESSION)
    events = _turn(adviser, "task=classification")
    count = 0
    while _question(events) is not None:
        count += 1
        events = _turn(adviser, "skip: no idea")
    assert count == assumption("most_questions").number
    assert {"event": "done"} in events
    adviser.close()


def test_the_end_says_what_could_still_move_the_verdict(tmp_path: Path) -> None:
    adviser = _adviser(tmp_path, ["peak_factor"])
    adviser.open(SESSION)
    _turn(adviser, "task=classification")
    _turn(adviser, "skip: no idea")
    assert "peak factor (50%)" in _spoken(adviser)
    adviser.close()


def test_the_end_names_nothing_where_all_is_known(tmp_path: Path) -> None:
    adviser = _adviser(tmp_path, ["peak_factor"])
    adviser.open(SESSION)
    _turn(adviser, "task=classification")
    _turn(adviser, "peak_factor=3")
    assert adviser.view(SESSION).done
    assert "peak factor (" not in _spoken(adviser)
    adviser.close()
