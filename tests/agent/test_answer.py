"""Answers from passages: the model's words only where they hold up, the passages' own words otherwise."""

import threading

import pytest
from interview_fakes import LetterEmbedder, OnePassage

from agent.answer import Answered, Deadline, answer_question
from agent.grounding import held_up
from models.protocol import Capabilities, ChatModel
from models.scripted import ScriptedModel
from tools.errors import ModelFailed

PASSAGE = OnePassage.passage
QUESTION = "Is Llama open source?"


def answered(model: ChatModel | None, pieces: list[str] | None = None) -> Answered:
    on_token = pieces.append if pieces is not None else None
    return answer_question(QUESTION, [PASSAGE], LetterEmbedder(), model, on_token=on_token)


def test_without_a_model_the_passage_answers_in_its_own_words() -> None:
    result = answered(None)
    assert not result.written
    assert all(citation.quote in PASSAGE.text for citation in result.citations)
    assert all(citation.quote in result.text for citation in result.citations)


def test_the_model_may_answer_in_words_that_hold_up() -> None:
    pieces: list[str] = []
    result = answered(ScriptedModel(["Llama is not open source. [1]"]), pieces)
    assert result.written
    assert result.text == "".join(pieces) == "Llama is not open source. [1]"
    assert [citation.id for citation in result.citations] == ["llama-1"]
    assert result.usage.output_tokens > 0


@pytest.mark.parametrize(
    "reply",
    [
        "Llama is open source. [1]",  # the source says the opposite
        "Llama is not open source.",  # no note is named
        "Llama is not open source. [2]",  # there is no such note
        "Its licence does not limit products with more than 900 million monthly users. [1]",  # another number
        "Llama is not open source, unlike Mistral. [1]",  # a name from nowhere
        "Bananas grow on tall plants in warm countries, not open source. [1]",  # other words
        "NOT IN THE NOTES.",
        "",
    ],
)
def test_words_that_do_not_hold_up_are_replaced_by_the_passage(reply: str) -> None:
    result = answered(ScriptedModel([reply]))
    assert not result.written
    assert result.citations[0].quote in PASSAGE.text


def test_a_model_that_fails_is_replaced_by_the_passage() -> None:
    assert not answered(ScriptedModel([ModelFailed("out of memory")])).written


def test_a_stopped_answer_is_replaced_by_the_passage() -> None:
    stop = threading.Event()
    stop.set()
    result = answer_question(
        QUESTION, [PASSAGE], LetterEmbedder(), ScriptedModel(["Llama is not open source. [1]"]), cancel=stop
    )
    assert not result.written


def test_a_small_model_is_not_asked() -> None:
    model = ScriptedModel(capabilities=Capabilities("small", True, 4096, False, 1.5))
    assert not answered(model).written
    assert model.calls == []


def test_the_time_limit_stops_the_model() -> None:
    assert Deadline(0.0, None).is_set()
    assert not Deadline(60.0, threading.Event()).is_set()


def test_numbers_of_the_question_may_be_repeated() -> None:
    sources = ["The limit is counted in monthly users."]
    assert held_up("The limit of 700 is counted in monthly users.", sources, "Is the limit 700?")
    assert not held_up("The limit of 800 is counted in monthly users.", sources, "Is the limit 700?")
