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
        "Mistral is not open source. [1]",  # a name from nowhere at the beginning
        "Its licence limits products with more than 700 thousand monthly users. [1]",  # another amount
        "Its licence limits products with more than $700 million monthly users. [1]",  # a currency from nowhere
        "Its licence limits products with less than 700 million monthly users. [1]",  # the opposite
        "Weights cannot be downloaded after a form. [1]",  # a negation
        "Downloaded weights are forbidden after a form. [1]",  # a negation in another word
        "Llama is not open source. [0]",  # notes begin at one
        "Llama is not open source. [1][7]",  # one wrong mark beside a right one
        "NOT IN THE NOTES.",
        "",
    ],
)
def test_words_that_do_not_hold_up_are_replaced_by_the_passage(reply: str) -> None:
    result = answered(ScriptedModel([reply]))
    assert not result.written
    assert result.citations[0].quote in PASSAGE.text


@pytest.mark.parametrize(
    "bad",
    [
        "It was released by Google. [1]",
        "It has no mark.",
        "Weights can be downloaded after 3 forms. [1]",
        "Weights can never be downloaded after a form. [1]",
        "Weights can be downloaded after a form. [4]",
    ],
)
@pytest.mark.parametrize("order", [0, 1])
def test_a_sentence_that_does_not_hold_up_is_dropped_and_the_others_stay(bad: str, order: int) -> None:
    good = "Llama is not open source. [1]"
    result = answered(ScriptedModel([" ".join((bad, good) if order else (good, bad))]))
    assert result.written
    assert result.text == good
    assert [citation.quote for citation in result.citations] == [
        "Llama is not open source in the sense of the Open Source Initiative."
    ]


def test_every_kept_sentence_has_its_mark_and_an_exact_quote() -> None:
    text = "Llama is not open source. [1] Weights can be downloaded after a form. [1]"
    result = answered(ScriptedModel([text]))
    assert result.text == text
    assert all(citation.quote in PASSAGE.text for citation in result.citations)


@pytest.mark.parametrize(
    ("text", "source", "holds"),
    [
        ("Hosting in Frankfurt is not allowed.", "Hosting in Frankfurt is allowed.", False),
        ("Hosting in Frankfurt is allowed.", "Hosting in Frankfurt is not allowed.", False),
        ("Hosting in Frankfurt is allowed.", "Hosting in Frankfurt is forbidden.", False),
        ("Hosting in Frankfurt is not allowed.", "Hosting in Frankfurt is forbidden.", True),
        ("Hosting in Frankfurt is allowed.", "Hosting in Frankfurt is allowed.", True),
        ("Costs are 45 percent lower.", "Costs are 45% lower.", True),
        ("Costs are 45% higher.", "Costs are 45% lower.", False),
        ("The weights take 70B values.", "The weights take 70 billion values.", True),
        ("The weights take 70 million values.", "The weights take 70 billion values.", False),
        ("Two vendors promise this uptime.", "Three vendors promise this uptime.", False),
    ],
)
def test_what_differs_in_one_word_is_caught(text: str, source: str, holds: bool) -> None:
    assert held_up(text, [source], "") is holds


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
