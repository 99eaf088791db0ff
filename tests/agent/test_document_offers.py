"""What documents state is offered with quote and place, noted only on a yes, and never sent anywhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from interview_fakes import DAY, fake_adviser

from agent.adviser import Adviser
from agent.documents.offer import Offer
from agent.documents.offers import read_offers
from agent.documents.statements import statements
from agent.escalation.compose import compose_request
from agent.events import Event, QuestionAsked
from agent.reading.pipeline import Reader
from knowledge.documents.library import OwnDocument
from knowledge.documents.part import Part
from models.claude_destination import claude_destination
from tools.assess import assess
from tools.assessment import assessment_to_json
from tools.errors import InvalidInput
from tools.facts import Fact, Organization, Portfolio, Workload

S = "session"
QUOTE = "Customer data must not leave the EU."
EU = Offer("a1", "residency", ["eu"], QUOTE, "policy.pdf, page 3")
CHINA = Offer("b2", "chinese_models", "forbidden", "Chinese models are prohibited.", "policy.pdf, page 4")


class Shelf:
    """Offers that a test changes."""

    def __init__(self, *offers: Offer) -> None:
        self.offers = list(offers)

    def current(self) -> list[Offer]:
        return self.offers


def quiet(event: Event) -> None:
    """Nobody listens."""


def offering(folder: Path, *offers: Offer) -> Adviser:
    adviser = fake_adviser(folder)
    adviser._offers = Shelf(*offers)
    adviser.open(S)
    adviser.turn(S, "task=classification", emit=quiet)
    return adviser


def facts_of(adviser: Adviser) -> dict[str, Fact]:
    view = adviser.view(S)
    return {fact.key: fact for fact in (*view.organization, *view.workloads[0].facts)}


def asked(adviser: Adviser) -> QuestionAsked:
    pending = adviser.view(S).pending
    assert pending is not None
    return pending


@pytest.fixture
def adviser(tmp_path: Path) -> Iterator[Adviser]:
    adviser = offering(tmp_path, EU, CHINA)
    yield adviser
    adviser.close()


def test_an_offer_is_asked_about_with_quote_and_place_and_nothing_is_noted(adviser: Adviser) -> None:
    assert asked(adviser).fact == "residency"
    assert f'Your policy.pdf, page 3 says: "{QUOTE}" Shall I note' in asked(adviser).text
    assert set(facts_of(adviser)) == {"task"}


def test_yes_notes_it_with_its_place_and_no_leaves_it(adviser: Adviser) -> None:
    adviser.turn(S, "yes", emit=quiet)
    assert facts_of(adviser)["residency"] == Fact("residency", ("eu",), f"policy.pdf, page 3: {QUOTE}", "imported")
    assert asked(adviser).fact == "chinese_models"
    adviser.turn(S, "no", emit=quiet)
    assert "chinese_models" not in facts_of(adviser)
    assert asked(adviser).fact not in ("residency", "chinese_models")
    adviser.turn(S, "external_api=allowed", emit=quiet)
    assert asked(adviser).fact != "chinese_models"


def test_another_value_in_the_users_words_counts_instead(adviser: Adviser) -> None:
    adviser.turn(S, "no, we say residency=us", emit=quiet)
    assert facts_of(adviser)["residency"].value == ("us",)
    assert facts_of(adviser)["residency"].quote == "residency=us"


def test_a_side_question_leaves_the_offer_open(adviser: Adviser) -> None:
    adviser.turn(S, "what is a token?", emit=quiet)
    assert asked(adviser).fact == "residency"
    assert "residency" not in facts_of(adviser)


def test_what_is_known_already_is_not_offered(tmp_path: Path) -> None:
    adviser = offering(tmp_path, replace(EU, fact="task", value="classification"))
    assert asked(adviser).fact != "task"
    assert adviser.offers(S, "Classification") == []
    adviser.close()


def test_what_differs_from_what_was_said_is_asked_about(tmp_path: Path) -> None:
    adviser = offering(tmp_path, replace(EU, fact="task", value="translation"))
    assert "instead of" in asked(adviser).text
    adviser.turn(S, "yes", emit=quiet)
    assert facts_of(adviser)["task"].value == "translation"
    adviser.close()


def test_the_offer_of_a_removed_document_waits_no_longer(adviser: Adviser) -> None:
    adviser._offers.offers.clear()  # type: ignore[union-attr]
    adviser.turn(S, "what is a token?", emit=quiet)
    assert asked(adviser).fact != "residency"
    with pytest.raises(InvalidInput, match="no longer there"):
        adviser.answer_offer(S, "Classification", "a1", accept=True)


def test_on_a_screen_an_offer_is_accepted_or_dismissed(adviser: Adviser) -> None:
    assert adviser.offers(S, "Classification") == [EU, CHINA]
    adviser.answer_offer(S, "Classification", "b2", accept=False)
    adviser.answer_offer(S, "Classification", "a1", accept=True)
    assert adviser.offers(S, "Classification") == []
    assert facts_of(adviser)["residency"].state == "imported"
    assert "chinese_models" not in facts_of(adviser)
    assert asked(adviser).fact not in ("residency", "chinese_models")


def test_an_escalation_never_holds_words_of_a_document() -> None:
    quote = f"policy.pdf, page 3: {QUOTE}"
    portfolio = Portfolio(
        Organization({"chinese_models": Fact("chinese_models", "forbidden", quote, "imported")}),
        (Workload("Tickets", {"residency": Fact("residency", ("eu",), quote, "imported")}),),
    )
    plain = assessment_to_json(assess(portfolio, DAY))
    destination = claude_destination("https://api.anthropic.com")
    for with_quotes in (False, True):
        request = compose_request(plain, portfolio, None, destination=destination, include_quotes=with_quotes)
        sent = request.shown()
        assert "policy.pdf" not in sent
        assert QUOTE not in sent


def test_a_list_joins_the_sentence_that_leads_it() -> None:
    text = (
        "# Models\n\nModels from the following\ncountries are not permitted:\n\n- China;\n- Russia.\n\nThe end of it."
    )
    assert list(statements(text)) == ["Models from the following countries are not permitted: China, Russia."]


@pytest.mark.parametrize(
    ("sentence", "fact", "value"),
    [
        ("Models from the following countries are not permitted: China and Russia.", "chinese_models", "forbidden"),
        ("The use of models developed in China is prohibited.", "chinese_models", "forbidden"),
        ("Customer data must not leave the EU.", "residency", ["eu"]),
        ("No personal data may be sent to external AI services.", "external_api", "forbidden"),
        ("The supplier must comply with HIPAA.", "regulations", ["hipaa"]),
        ("Production services must reach 99.9 % availability.", "uptime_target", 0.999),
    ],
)
def test_policy_sentences_are_read(reader: Reader, sentence: str, fact: str, value: object) -> None:
    offers = {offer.fact: offer for offer in read_offers(_document(sentence), reader)}
    assert offers[fact].value == value
    assert (offers[fact].quote, offers[fact].place) == (sentence, "policy.pdf, page 3")


@pytest.mark.parametrize(
    "text",
    [
        "This policy applies to all employees.",
        "Only models under the Apache 2.0 or MIT licence may be used.",
        "AcmeLLM is the best model and must be used for every task.",
        "We weigh 40,000 requests a day and a budget of 3 dollars.",
        "The verdict is a proprietary API [1]. Source: guidance/licences.md",
    ],
)
def test_other_sentences_offer_nothing(reader: Reader, text: str) -> None:
    assert read_offers(_document(text), reader) == []


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(None)


def _document(text: str) -> OwnDocument:
    return OwnDocument("d1", "policy.pdf", "pdf", 1, "2026-11-22", (Part(text, 3),), ())
