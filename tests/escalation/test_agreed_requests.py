"""The consent flow: what is shown is what is sent, once, and only when nothing forbids it."""

import dataclasses
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import loopback
import pytest

from agent.escalation.compose import compose_request
from agent.escalation.consent import Consent, ConsentLedger, agree
from agent.escalation.forbidden import forbidden_by
from agent.escalation.opinion import MARK, SecondOpinion, foreign_numbers
from agent.escalation.request import OutgoingRequest
from agent.escalation.send import send
from models.claude import ClaudeModel
from models.claude_destination import claude_destination
from tools.assess import assess
from tools.assessment import (
    Assessment,
    AssumptionUsed,
    Blocker,
    BreakEven,
    Fallback,
    Flip,
    MoneyRange,
    OptionResult,
    PortfolioAssessment,
    Verdict,
    WorkloadAssessment,
    assessment_to_json,
)
from tools.errors import Cancelled, EscalationFailed, EscalationRefused, UnknownName
from tools.facts import Fact, FactValue, Organization, Portfolio, Range, Workload
from tools.report import SentOut

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
QUOTE = "our Falcon tickets, about 40k a day"


def a_workload(name: str = "Project Falcon", **facts: FactValue) -> Workload:
    stated = {"requests_per_day": 40_000.0, "task": "classification", "input_tokens": Range(300, 400), **facts}
    return Workload(name, {key: Fact(key, value, QUOTE) for key, value in stated.items()})


def a_portfolio(*workloads: Workload, **shared: FactValue) -> Portfolio:
    organization = {"owned_gpus": "4 x A100 in the Lyon cellar", "platform_team": "in_place", **shared}
    facts = {key: Fact(key, value, "we said so") for key, value in organization.items()}
    return Portfolio(Organization(facts), workloads or (a_workload(),))


def an_assessment(portfolio: Portfolio) -> dict[str, Any]:
    cost = MoneyRange(900.4, 1234.56, 1800.9)
    blocker = Blocker("open_weights_only", "Project Falcon may not use it", ("external_api",), "a source")
    options = (
        OptionResult("self_hosted", "Qwen3-8B", "", "1 x L4", True, (), cost, ()),
        OptionResult("proprietary_api", "gpt-5", "openai", "", False, (blocker,), cost, ()),
    )
    verdict = Verdict(
        "self_hosted", "Qwen3-8B", "", "1 x L4", "clear", 0.93, cost,
        Fallback("hosted_open", "Mistral Small", "mistral"), ("project falcon is cheapest this way",),
    )  # fmt: skip
    workloads = tuple(
        WorkloadAssessment(
            w.name,
            verdict,
            options,
            BreakEven(250e6, "capacity allows it", "gpt-5"),
            (Flip("platform_team", "in_place", "none", "hosted_open"),),
            (),
            (AssumptionUsed("peak_factor", "2 to 5", "usual office hours"),),
            (),
            500e6,
        )
        for w in portfolio.workloads
    )
    return assessment_to_json(Assessment(date(2026, 11, 22), workloads, PortfolioAssessment(cost, (), (), None, ())))


def a_request(url: str | None = None, question: str | None = "Is one L4 enough?", **options: Any) -> OutgoingRequest:
    portfolio = options.pop("portfolio", a_portfolio())
    destination = claude_destination(url)
    return compose_request(an_assessment(portfolio), portfolio, question, destination=destination, **options)


class Sender:
    """Everything that `send` needs, with what it did."""

    def __init__(self, server: loopback.Loopback) -> None:
        self.server = server
        self.ledger = ConsentLedger()
        self.sent_out: list[SentOut] = []
        self.built = 0

    def build(self) -> ClaudeModel:
        self.built += 1
        return ClaudeModel(api_key="sk-test", base_url=self.server.url, max_retries=0)

    def send(self, request: OutgoingRequest, consent: Consent | None, **changes: Any) -> SecondOpinion:
        given = {"forbidden": [], "ledger": self.ledger, "now": lambda: NOW, "record": self.sent_out.append}
        build: Callable[[], ClaudeModel] | None = changes.pop("build_model", self.build)
        return send(request, consent, build, **{**given, **changes})


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with loopback.serve(loopback.answer("I agree: $1,235 is fair, ", "and 77 % of teams do it.")) as server:
        yield Sender(server)


def test_what_is_shown_is_what_is_sent_and_recorded(sender: Sender) -> None:
    request = a_request(sender.server.url)
    shown = request.shown()
    opinion = sender.send(request, agree(request, NOW))
    (body,) = sender.server.requests
    (message,) = body["messages"]
    assert body["system"] == request.system
    assert message == {"role": "user", "content": request.text}
    assert f"--- instructions ---\n{body['system']}\n--- message ---\n{message['content']}\n--- end ---" in shown
    assert sender.server.url in shown
    assert str(len(body["system"]) + len(message["content"])) in shown
    (record,) = sender.sent_out
    assert record.text == f"{body['system']}\n\n{message['content']}"
    assert (record.at, record.model, record.reply) == ("2026-11-22T10:00:00+00:00", request.model, opinion.text)


def test_the_opinion_is_text_with_foreign_figures_marked(sender: Sender) -> None:
    request = a_request(sender.server.url)
    opinion = sender.send(request, agree(request, NOW))
    assert opinion.text == "I agree: $1,235 is fair, and 77 % of teams do it."
    assert [number.text for number in opinion.foreign_numbers] == ["77 %"]
    assert opinion.marked_text() == f"I agree: $1,235 is fair, and 77 % {MARK} of teams do it."
    assert (opinion.model, opinion.sent_text, opinion.received_at) == (request.model, request.text, NOW)
    assert opinion.usage.output_tokens == 42
    assert not opinion.cut_off


def test_the_text_holds_facts_verdict_and_options() -> None:
    text = a_request().text
    for part in (
        "2026-11-22", "40,000", "300 to 400", "Qwen3-8B", "1 x L4", "$1,235 a month ($900 to $1,801)", "clear",
        "93%", "Mistral Small", "gpt-5", "250 million tokens a month", "2 to 5", "Is one L4 enough?",
    ):  # fmt: skip
        assert part in text, part


def test_private_words_stay_here_unless_wanted() -> None:
    request = a_request()
    sent = f"{request.system}{request.text}".lower()
    for private in ("falcon", "lyon", "about 40k", "we said so"):
        assert private not in sent, private
    assert "Workload A is cheapest this way" in request.text
    left_out = " ".join(request.left_out)
    assert "'Project Falcon' is called Workload A" in left_out
    assert "Accelerators owned" in left_out
    assert "5 quotes" in left_out
    assert all(line in request.shown() for line in request.left_out)
    assert QUOTE in a_request(include_quotes=True).text


def test_a_real_assessment_becomes_a_text(today: date) -> None:
    portfolio = a_portfolio(a_workload("tickets", output_tokens=10.0), owned_gpus="2 x L4")
    assessment = assessment_to_json(assess(portfolio, today, draws=32))
    request = compose_request(assessment, portfolio, None, destination=claude_destination())
    chosen = assessment["workloads"][0]["verdict"]
    assert f"Verdict: {chosen['deployment'].replace('_', ' ')}, {chosen['model']}" in request.text
    assert "The cheapest options of each kind that passed every gate:" in request.text
    assert not {"nan", "None", "inf", "tickets"} & set(re.findall(r"\w+", request.text))
    assert 500 < request.characters < 20_000


def test_one_workload_can_be_asked_about() -> None:
    portfolio = a_portfolio(a_workload("chat", task="chatbot"), a_workload("label", task="classification"))
    text = a_request(portfolio=portfolio, workload="label").text
    assert "Workload B" in text
    assert "Workload A" not in text
    with pytest.raises(UnknownName, match="label"):
        a_request(portfolio=portfolio, workload="labl")


def test_the_same_text_has_the_same_digest_and_any_change_another() -> None:
    request = a_request()
    assert request.sha256 == a_request().sha256
    others = [
        a_request(question="Is one L4 enough"),
        a_request(url="https://gateway.example"),
        dataclasses.replace(request, system=request.system + " "),
        dataclasses.replace(request, destination=dataclasses.replace(request.destination, model="other")),
    ]
    assert len({request.sha256, *(other.sha256 for other in others)}) == 5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"build_model": None}, "escalation is off"),
        ({"consent": None}, "not agreed"),
        ({"consent": Consent("0" * 64, NOW)}, "has changed"),
        ({"forbidden": forbidden_by(a_portfolio(a_workload(air_gapped=True)), claude_destination())}, "cut off"),
    ],
)
def test_refusals_build_nothing_and_send_nothing(sender: Sender, change: dict[str, Any], says: str) -> None:
    request = a_request(sender.server.url)
    consent = change.pop("consent", agree(request, NOW))
    with pytest.raises(EscalationRefused, match=says) as refusal:
        sender.send(request, consent, **change)
    assert str(refusal.value).startswith("Nothing was sent")
    assert (sender.server.requests, sender.built, sender.sent_out) == ([], 0, [])


def test_an_agreement_is_for_one_request(sender: Sender) -> None:
    request = a_request(sender.server.url)
    consent = agree(request, NOW)
    sender.send(request, consent)
    with pytest.raises(EscalationRefused, match="has been used"):
        sender.send(request, consent)
    after_restart = ConsentLedger((digest, at) for digest, at in sender.ledger.plain())
    with pytest.raises(EscalationRefused, match="has been used"):
        sender.send(request, consent, ledger=after_restart)
    assert len(sender.server.requests) == len(sender.sent_out) == 1
    sender.send(request, agree(request, NOW.replace(minute=1)))
    assert len(sender.server.requests) == 2


def test_two_threads_cannot_use_one_agreement(sender: Sender) -> None:
    request = a_request(sender.server.url)
    consent, refused = agree(request, NOW), []

    def attempt() -> None:
        try:
            sender.send(request, consent)
        except EscalationRefused as error:
            refused.append(error)

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(sender.server.requests), len(refused)) == (1, 3)


def test_text_changed_after_the_agreement_is_not_sent(sender: Sender) -> None:
    consent = agree(a_request(sender.server.url), NOW)
    with pytest.raises(EscalationRefused, match="has changed"):
        sender.send(a_request(sender.server.url, question="And our names?"), consent)
    assert sender.server.requests == []


def test_a_destination_changed_after_the_agreement_is_not_used(sender: Sender) -> None:
    request = a_request("https://gateway.example")
    with pytest.raises(EscalationRefused, match=r"you agreed to .* at https://gateway\.example"):
        sender.send(request, agree(request, NOW))
    assert (sender.server.requests, sender.sent_out) == ([], [])


def test_a_failure_is_recorded_as_sent_and_the_agreement_is_used(sender: Sender) -> None:
    sender.server.steps[:] = [loopback.error(402, "billing_error")]
    request = a_request(sender.server.url)
    consent = agree(request, NOW)
    with pytest.raises(EscalationFailed, match="payment"):
        sender.send(request, consent)
    assert "payment" in sender.sent_out[0].reply
    with pytest.raises(EscalationRefused, match="has been used"):
        sender.send(request, consent)


def test_a_stopped_request_is_recorded_with_what_came(sender: Sender) -> None:
    sender.server.steps[:] = [loopback.slow]
    request, cancel = a_request(sender.server.url), threading.Event()
    with pytest.raises(Cancelled):
        sender.send(request, agree(request, NOW), cancel=cancel, on_token=lambda _: cancel.set())
    assert sender.sent_out[0].reply.startswith("slow")
    assert sender.sent_out[0].reply.endswith("(stopped by you)")


def test_a_request_stopped_before_it_begins_uses_no_agreement(sender: Sender) -> None:
    request, cancel = a_request(sender.server.url), threading.Event()
    cancel.set()
    with pytest.raises(Cancelled, match="Nothing was sent"):
        sender.send(request, agree(request, NOW), cancel=cancel)
    assert (sender.server.requests, sender.sent_out, sender.ledger.plain()) == ([], [], [])


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"external_api": "forbidden"}, "outside provider"),
        ({"air_gapped": True}, "cut off"),
        ({"data_class": ("internal", "classified")}, "classified"),
        ({"regulations": ("hipaa", "itar")}, "ITAR"),
        ({"regulations": ("fedramp",)}, "FedRAMP"),
        ({"residency": ("eu",)}, "has to stay in eu, and text sent to Anthropic would be processed in us"),
        ({"residency": ("eu", "uk")}, "eu or uk"),
    ],
)
def test_facts_that_forbid_leaving_block(facts: dict[str, FactValue], says: str) -> None:
    portfolio = a_portfolio(a_workload("open"), a_workload("closed", **facts))
    (reason,) = forbidden_by(portfolio, claude_destination())
    assert says in reason.text
    assert reason.workload == "closed"
    assert {reason.fact: reason.value} == facts


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"external_api": "allowed"},
        {"external_api": "with_safeguards"},
        {"air_gapped": False},
        {"data_class": ("public", "pii")},
        {"regulations": ("none",)},
        {"residency": ("us", "eu")},
    ],
)
def test_other_facts_do_not_block(facts: dict[str, FactValue]) -> None:
    assert forbidden_by(a_portfolio(a_workload(**facts)), claude_destination()) == []


def test_an_address_of_unknown_region_is_outside_every_region() -> None:
    portfolio = a_portfolio(a_workload(residency=("us",)))
    assert forbidden_by(portfolio, claude_destination()) == []
    (reason,) = forbidden_by(portfolio, claude_destination("https://gateway.example"))
    assert "nobody knows where" in reason.text


SENT = "40,000 requests a day, $1,234.56 a month, chosen in 93 % of cases, 250,000,000 tokens, Qwen3-8B, 2 to 5"


@pytest.mark.parametrize(
    ("opinion", "flagged"),
    [
        ("40,000 requests and $1,234.56", []),
        ("about 40k a day, roughly $1.2k, or $1,200", []),
        ("250M tokens; a quarter of a billion", []),
        ("in 93% of cases, 0.93", []),
        ("between 2 and 5", []),
        ("Qwen3-8B is fine, and so is Qwen3-32B", ["32B"]),
        ("it costs $9,000", ["$9,000"]),
        ("save 35 %", ["35 %"]),
        ("1 L4 is enough", ["1"]),
        ("1. Agree.\n2. Check the 3 assumptions.\n- 4) none", ["3"]),
        ("There are two reasons and one risk.", []),
        ("No figures.", []),
    ],
)
def test_figures_that_were_not_sent_are_found(opinion: str, flagged: list[str]) -> None:
    found = foreign_numbers(opinion, SENT)
    assert [number.text.lstrip("$") for number in found] == [text.lstrip("$") for text in flagged]
    assert all(opinion[number.start : number.end] == number.text for number in found)
