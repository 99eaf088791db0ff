"""The reader on its development set, and the set's distance from the example bank."""

import pytest

from agent.reading.examples import load_bank
from agent.reading.pipeline import Reader
from tests.evaluation.cases import load_set
from tests.evaluation.reading import evaluate
from tools.facts import Fact, fact_dictionary


def test_bank_covers_every_choice_set_and_flag() -> None:
    bank = load_bank()
    for key, spec in fact_dictionary().items():
        if spec.type in ("choice", "set", "flag"):
            assert set(bank.facts[key].values) == set(spec.values or ("true", "false")), key
    assert len(bank.phrases()) > 1500


def test_development_set_is_read_well_enough(reader: Reader) -> None:
    score = evaluate(reader, load_set("own"))
    assert score.messages >= 120
    assert score.invented_quotes == 0
    assert score.f1 >= 0.9, score.errors
    assert score.precision >= 0.94, score.errors
    assert score.intent_accuracy >= 0.93, score.errors


def test_the_headline_example_is_read_whole_and_nothing_is_invented(reader: Reader) -> None:
    text = (
        "We get about 40k support tickets a day and want each one labelled; a ticket is 350 tokens. "
        "Nothing may leave our servers and we have a platform team."
    )
    reading = reader.read(text)
    assert reading.intent == "answer"
    assert {fact.key: fact.value for fact in reading.facts} == {
        "requests_per_day": 40000.0,
        "task": "classification",
        "input_tokens": 350.0,
        "external_api": "forbidden",
        "platform_team": "in_place",
    }
    assert all(fact.quote in text for fact in reading.facts)


@pytest.mark.parametrize(
    ("text", "asked", "key", "value"),
    [
        ("yes", "air_gapped", "air_gapped", True),
        ("No.", "ships_weights", "ships_weights", False),
        ("Nope, never", "platform_team", "platform_team", "none"),
        ("no, but with a DPA it may go out", "external_api", "external_api", "with_safeguards"),
        ("sorry, 400k", "requests_per_day", "requests_per_day", 400000.0),
    ],
)
def test_short_answers_mean_what_was_asked(reader: Reader, text: str, asked: str, key: str, value: object) -> None:
    assert {fact.key: fact.value for fact in reader.read(text, asked).facts} == {key: value}


@pytest.mark.parametrize(
    ("text", "asked", "key", "value"),
    [
        ("whatever, routine", "customization", "difficulty", "routine"),
        ("pretty much seasonal, I guess", "external_api", None, None),
        ("seasonal, I guess", "external_api", "predictability", "seasonal"),
    ],
)
def test_the_bare_name_of_another_facts_value_is_that_fact(
    reader: Reader, text: str, asked: str, key: str | None, value: object
) -> None:
    facts = {fact.key: fact.value for fact in reader.read(text, asked).facts}
    assert asked not in facts
    assert key is None or facts == {key: value}


def test_a_refusal_of_one_thing_is_no_answer_to_the_question_for_another(reader: Reader) -> None:
    facts = {fact.key: fact.value for fact in reader.read("no chinese models", "external_api").facts}
    assert facts == {"chinese_models": "forbidden"}


@pytest.mark.parametrize(
    ("text", "volume"),
    [("what would happen at 10k meetings a day?", 10_000.0), ("what if we had 500 gizmos per day?", 500.0)],
)
def test_a_what_if_may_count_anything(reader: Reader, text: str, volume: float) -> None:
    reading = reader.read(text, "external_api")
    assert reading.intent == "what_if"
    assert {fact.key: fact.value for fact in reading.supposed} == {"requests_per_day": volume}


def test_no_problem_is_not_a_no(reader: Reader) -> None:
    facts = {fact.key: fact.value for fact in reader.read("no problem", "external_api").facts}
    assert facts == {"external_api": "allowed"}


def test_a_correction_means_the_fact_before(reader: Reader) -> None:
    reading = reader.read("sorry, I meant 400k", "input_tokens", previous="requests_per_day")
    assert reading.intent == "correction"
    assert [(fact.key, fact.value) for fact in reading.facts] == [("requests_per_day", 400000.0)]


def test_facts_and_a_question_in_one_message(reader: Reader) -> None:
    reading = reader.read("It's 40k a day. Is Llama open source?", "requests_per_day")
    assert [fact.key for fact in reading.facts] == ["requests_per_day"]
    assert reading.question == "Is Llama open source?"


def test_a_what_if_states_nothing_and_supposes_its_change(reader: Reader) -> None:
    reading = reader.read("what if we had twice the volume?", known={"requests_per_day": 40000.0})
    assert reading.intent == "what_if"
    assert reading.facts == ()
    assert [(fact.key, fact.value) for fact in reading.supposed] == [("requests_per_day", 80000.0)]


def test_a_what_if_with_its_own_number(reader: Reader) -> None:
    reading = reader.read("What if it were 100k requests a day?")
    assert reading.facts == ()
    assert ("requests_per_day", 100000.0) in [(fact.key, fact.value) for fact in reading.supposed]


@pytest.mark.parametrize(
    ("text", "supposed"),
    [
        ("Suppose we had 100k requests a day", {"requests_per_day": 100000.0}),
        ("and with twice the volume?", {"requests_per_day": 80000.0}),
        ("how would it look if we used half the tokens?", {"input_tokens": 250.0}),
        ("let's pretend the data may leave", {"external_api": "allowed"}),
    ],
)
def test_suppositions_are_read_as_such(reader: Reader, text: str, supposed: dict[str, object]) -> None:
    reading = reader.read(text, known={"requests_per_day": 40000.0, "input_tokens": 500.0})
    assert (reading.intent, reading.facts) == ("what_if", ())
    assert {fact.key: fact.value for fact in reading.supposed} == supposed


def test_other_languages_are_told_apart(reader: Reader) -> None:
    reading = reader.read("Die Daten dürfen unser Haus nicht verlassen", "external_api")
    assert (reading.intent, reading.language, reading.facts) == ("other", "other", ())


def test_declining_is_marked(reader: Reader) -> None:
    assert reader.read("no idea", "requests_per_day").skips
    assert reader.read("no", "residency").skips
    assert reader.read("Not that I've ever heard of.", "residency").skips
    assert reader.read("Nothing binding that we know of", "residency").skips
    assert not reader.read("no", "air_gapped").skips


def test_switching_to_a_named_value_is_no_command(reader: Reader) -> None:
    reading = reader.read("switch to Azure", "cloud")
    assert reading.intent == "correction"
    assert [(fact.key, fact.value) for fact in reading.facts] == [("cloud", "azure")]


def test_nothing_said_is_nothing_read(reader: Reader) -> None:
    assert reader.read("", "cloud").intent == "other"
    assert reader.read(" ... ", None).facts == ()


def test_a_read_fact_is_a_fact_of_the_dictionary(reader: Reader) -> None:
    for fact in reader.read("We're a bank and nothing may leave our servers.").facts:
        assert Fact(fact.key, fact.value, fact.quote).key in fact_dictionary()
