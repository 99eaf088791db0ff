"""The people who are interviewed and the way they are: without this, the figures would say nothing."""

from tests.evaluation.asking_people import KNOWN, OPENING, make_people
from tests.evaluation.asking_play import by_probability, file_order, in_order, play
from tools.facts import fact_dictionary

PEOPLE = make_people(26, 5)


def test_the_same_seed_makes_the_same_people() -> None:
    assert make_people(26, 5) == PEOPLE
    assert make_people(26, 6) != PEOPLE


def test_people_know_and_say_as_much_as_is_written() -> None:
    for person in PEOPLE:
        assert KNOWN[0] <= len(person.facts) <= KNOWN[1]
        assert 1 <= len(person.opening) <= OPENING[1]
        assert set(person.opening) <= person.facts.keys()


def test_every_kind_of_organisation_is_asked() -> None:
    assert len({person.kind for person in PEOPLE}) == 13


def test_asking_everything_ends_with_the_verdict_of_full_information() -> None:
    played = play(PEOPLE[0], file_order(), len(fact_dictionary()))
    assert played.right
    assert len(played.questions) == len(fact_dictionary()) - len(PEOPLE[0].opening)


def test_asking_nothing_is_counted_as_no_question() -> None:
    played = play(PEOPLE[1], in_order([]), 12)
    assert played.questions == ()
    assert played.until_right in (0, None)


def test_the_product_asks_no_fact_twice_that_was_told() -> None:
    person = PEOPLE[2]
    told = set(person.opening)
    for keys in play(person, by_probability, 12).questions:
        assert not told & set(keys)
        told |= person.facts.keys() & set(keys)
