"""Amounts in other currencies: never taken for dollars, asked about once, taken as the user converts them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from interview_fakes import fake_adviser

from agent.adviser import Adviser
from agent.dollars import in_dollars
from agent.events import Event, QuestionAsked
from agent.reading.pipeline import Reader
from tools.facts import Fact, Range

S = "s1"


@pytest.fixture
def adviser(tmp_path: Path) -> Iterator[Adviser]:
    adviser = fake_adviser(tmp_path, reader=Reader(None, rules_only=True))
    adviser.open(S)
    yield adviser
    adviser.close()


def say(adviser: Adviser, text: str) -> list[Event]:
    events: list[Event] = []
    adviser.turn(S, text, emit=events.append)
    return events


def facts_of(adviser: Adviser) -> dict[str, Fact]:
    view = adviser.view(S)
    return {fact.key: fact for fact in (*view.organization, *view.workloads[0].facts)}


def asked(adviser: Adviser) -> QuestionAsked:
    pending = adviser.view(S).pending
    assert pending is not None
    return pending


def test_euros_are_asked_about_and_the_amount_in_dollars_counts(adviser: Adviser) -> None:
    say(adviser, "Our revenue is €2 million a year and we get 40k tickets a day.")
    assert "annual_revenue" not in facts_of(adviser)
    assert facts_of(adviser)["requests_per_day"].value == 40000
    assert asked(adviser).text == 'You said "€2 million a year"; I calculate in US dollars: what is that in dollars?'
    say(adviser, "about $2.2 million")
    stated = Fact("annual_revenue", 2.2e6, "about $2.2 million", "confirmed")
    assert facts_of(adviser)["annual_revenue"] == stated
    assert asked(adviser).fact != "annual_revenue"


def test_a_rate_converts_and_the_period_of_the_amount_is_kept(adviser: Adviser) -> None:
    say(adviser, "our budget is £24,000 a year")
    say(adviser, "the rate is 1.25")
    assert facts_of(adviser)["monthly_budget"].value == pytest.approx(2500)


def test_a_reply_without_an_amount_is_asked_again_once_and_then_left_open(adviser: Adviser) -> None:
    say(adviser, "Our revenue is 2 million euros")
    say(adviser, "we have offices in Ghent")
    assert "or a rate" in asked(adviser).text
    assert asked(adviser).fact == "annual_revenue"
    say(adviser, "hm, that is a good question")
    assert "annual_revenue" not in facts_of(adviser)
    assert asked(adviser).fact != "annual_revenue"


def test_not_knowing_leaves_the_fact_open_at_once(adviser: Adviser) -> None:
    say(adviser, "Our revenue is 2 million euros")
    say(adviser, "I don't know")
    assert asked(adviser).fact != "annual_revenue"
    assert "annual_revenue" not in facts_of(adviser)


def test_why_is_answered_and_the_question_stays(adviser: Adviser) -> None:
    say(adviser, "Our revenue is 2 million euros")
    events = say(adviser, "why do you ask?")
    assert any("exchange rates" in str(event.to_json()) for event in events)
    assert asked(adviser).fact == "annual_revenue"


@pytest.mark.parametrize(
    ("reply", "quote", "value", "expected"),
    [
        ("$2.2 million", "€2 million", 2e6, 2.2e6),
        ("2.2 million", "€2 million", 2e6, 2.2e6),
        ("1 euro is 1.1 dollars", "€2 million", 2e6, 2.2e6),
        ("€2 million is $2.2 million", "€2 million", 2e6, 2.2e6),
        ("1.1 dollars per euro", "€2 million", 2e6, 2.2e6),
        ("26k", "€24k a year", 2000.0, 26000 / 12),
        ("$2,200 a month", "€24k a year", 2000.0, 2200.4),
        ("0.22", "€0.20 per kWh", 0.2, 0.22),
        ("1.1", "€30000 a month", 30000.0, 33000.0),
        ("between $2 and $3 million", "€2 million", 2e6, Range(2e6, 3e6)),
        ("2.2", "€2 million", 2e6, None),
        ("1.08", "€500k", 5e5, None),
        ("no idea", "€2 million", 2e6, None),
    ],
)
def test_replies(reply: str, quote: str, value: float, expected: float | Range | None) -> None:
    found = in_dollars(reply, "EUR", quote, value)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.quote in reply
        wanted = expected if isinstance(expected, Range) else pytest.approx(expected, rel=1e-3)
        assert found.value == wanted
