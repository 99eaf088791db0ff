"""What judges the reader is not what it learnt from, and its gold is sound."""

from pathlib import Path

import pytest

import agent.reading
from tests.evaluation.cases import DEVELOPMENT, load_set
from tests.evaluation.sentences import learnt_texts, sentences, sentences_of
from tests.evaluation.users import load_users
from tools.facts import fact_dictionary

READING = Path(agent.reading.__file__).parent


@pytest.fixture(scope="module")
def learnt() -> set[str]:
    texts = [text for folder in ("examples", "messages") for text in learnt_texts(READING / folder)]
    assert len(texts) > 1500
    return sentences_of(texts)


@pytest.mark.parametrize("name", DEVELOPMENT)
def test_messages_share_no_sentence_with_what_was_learnt(name: str, learnt: set[str]) -> None:
    assert sentences_of(case.text for case in load_set(name)) & learnt == set()


def test_scripted_users_share_no_sentence_with_what_was_learnt(learnt: set[str]) -> None:
    said = sentences_of(text for user in load_users() for text in (user.opening, user.aside, *user.replies.values()))
    assert said & learnt == set()


def test_the_blind_messages_and_the_users_share_no_sentence() -> None:
    said = sentences_of(text for user in load_users() for text in (user.opening, user.aside, *user.replies.values()))
    assert sentences_of(case.text for case in load_set("dev")) & said == set()


@pytest.mark.parametrize("name", DEVELOPMENT)
def test_every_quote_stands_in_its_message_as_it_is(name: str) -> None:
    for case in load_set(name):
        assert [quote for quote in case.quotes if quote not in case.text] == [], case.text


def test_the_sets_are_as_large_as_promised() -> None:
    assert len(load_set("dev")) >= 250
    assert len({case.text for case in load_set("dev")}) == len(load_set("dev"))
    assert all(len(case.quotes) >= len(case.facts) for case in load_set("dev"))
    assert len(load_users()) == 12


def test_every_scripted_user_can_answer_for_every_fact_they_know() -> None:
    for user in load_users():
        assert user.facts.keys() <= user.replies.keys() <= fact_dictionary().keys(), user.name


def test_sentences_are_compared_without_case_and_punctuation() -> None:
    assert sentences("No, really: it stays INSIDE here!") == {"no really it stays inside here", "it stays inside here"}
