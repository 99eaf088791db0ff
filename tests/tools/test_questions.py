"""What is worth asking for: facts that move the verdict alone, in pairs, or only when they are stated."""

from collections.abc import Mapping
from typing import Any

import pytest
from random_facts import evaluated

from tools.asking import shared_question, shared_questions, tried_answers
from tools.assumptions import assuming, assumption
from tools.evaluate import Evaluation
from tools.facts import fact_dictionary
from tools.question_trials import tried_changes
from tools.questions import rank_questions
from tools.verdict import choose_option

HEADLINE = {"task": "classification", "requests_per_day": 40000, "input_tokens": 350}
DRAWS = 512


def _chances(organization: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, float]:
    evaluation = evaluated(dict(organization), dict(facts), DRAWS)
    return {question.fact: question.flip_probability for question in rank_questions(evaluation)}


def _deployment(evaluation: Evaluation) -> str:
    chosen = choose_option(evaluation)
    return "no_llm" if chosen is None else evaluation.options[chosen].deployment


def test_a_short_description_leaves_something_to_ask() -> None:
    chances = _chances({}, HEADLINE)
    assert "external_api" in chances
    assert len(chances) >= 3


def test_probabilities_are_shown_and_in_range() -> None:
    chances = _chances({}, HEADLINE)
    assert all(0 < chance <= 1 for chance in chances.values())


def test_what_is_known_is_never_asked() -> None:
    known = {**HEADLINE, "external_api": "allowed", "difficulty": "routine"}
    assert not known.keys() & _chances({}, known).keys()


def test_the_probability_of_a_gate_is_at_least_that_of_the_answers_that_close_it() -> None:
    chances = _chances({"platform_team": "in_place"}, HEADLINE)
    assert chances["external_api"] >= 0.14, "15 % of all draws may not leave, and nothing outside is left then"


def test_data_that_may_not_leave_ends_the_interview_soon() -> None:
    known = {**HEADLINE, "external_api": "forbidden", "difficulty": "routine"}
    assert len(_chances({"platform_team": "in_place"}, known)) <= 3


def test_a_higher_bar_asks_for_less() -> None:
    with assuming({"worth_asking": 0.25}):
        high = _chances({}, HEADLINE)
    assert high.keys() < _chances({}, HEADLINE).keys()


def test_the_same_facts_give_the_same_questions() -> None:
    assert _chances({}, HEADLINE) == _chances({}, HEADLINE)


def test_a_vendor_in_use_is_asked_for_where_it_decides() -> None:
    facts = {
        "task": "question_answering",
        "external_api": "allowed",
        "requests_per_day": 2000,
        "difficulty": "moderate",
    }
    before = evaluated({}, facts, DRAWS)
    tried = tried_changes(before)
    moved = _deployment(evaluated({"existing_vendors": ["openai"]}, facts, DRAWS)) != _deployment(before)
    assert ("existing_vendors" in tried) == moved


def test_few_draws_try_nothing() -> None:
    assert tried_changes(evaluated({}, HEADLINE, 128)) == {}


def test_nothing_is_tried_where_nothing_else_passes() -> None:
    facts = {**HEADLINE, "external_api": "forbidden", "air_gapped": True}
    assert tried_changes(evaluated({"platform_team": "in_place"}, facts, DRAWS)) == {}


def test_tried_answers_add_up_to_no_more_than_everybody() -> None:
    for answers in tried_answers().values():
        assert sum(answer.share for answer in answers) <= 1


def test_tried_answers_are_those_that_no_draw_gives() -> None:
    for key, answers in tried_answers().items():
        prior = fact_dictionary()[key].prior
        for answer in answers:
            assert prior is None or answer.says[key] > prior.high


def test_the_volume_is_asked_for_where_a_large_one_moves_the_verdict() -> None:
    facts = {"task": "classification", "external_api": "allowed", "difficulty": "routine", "interaction": "background"}
    before, many = (evaluated({}, {**facts, **more}, DRAWS) for more in ({}, {"requests_per_day": 3000000}))
    assert ("requests_per_day" in tried_changes(before)) == (_deployment(many) != _deployment(before))


@pytest.mark.parametrize("shared", shared_questions(), ids=lambda shared: "+".join(shared.facts))
def test_a_shared_question_asks_only_where_all_of_it_is_wanted(shared: Any) -> None:
    first = shared.facts[0]
    assert shared_question(first, set(shared.facts)) is not None
    assert shared_question(first, {first}) is None
    assert shared.question.endswith("?")
    assert shared.question.count("?") == 1


def test_the_most_questions_fit_an_interview() -> None:
    assert 1 <= assumption("most_questions").number <= 12
