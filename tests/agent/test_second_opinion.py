"""A second opinion for a session: shown, agreed to once, recorded, and without effect on any figure."""

from pathlib import Path

import pytest
from interview_fakes import DAY, LetterEmbedder, MarkedReader, OnePassage, decide

from agent.adviser import Adviser
from agent.assessing import Assessor
from agent.events import Event
from models.claude_destination import Destination, claude_destination
from models.scripted import ScriptedModel
from tools.errors import EscalationRefused

S = "session"


class OutsideScript(ScriptedModel):
    """A scripted model that says that its words leave the machine."""

    @property
    def destination(self) -> Destination:
        return claude_destination()


@pytest.fixture
def outside() -> OutsideScript:
    return OutsideScript(["I would choose the same. Expect 777 surprises."])


def adviser_with(folder: Path, outside: OutsideScript | None) -> Adviser:
    adviser = Adviser(
        model=None,
        reader=MarkedReader(),
        retriever=OnePassage(),
        embedder=LetterEmbedder(),
        store=folder / "sessions.sqlite",
        today=lambda: DAY,
        escalation=(lambda: outside) if outside else None,
        assessor=Assessor(lambda: DAY, decide),
    )
    adviser.open(S)
    return adviser


def talk(adviser: Adviser, *messages: str) -> None:
    for message in messages:
        adviser.turn(S, message, emit=lambda event: None)


def test_an_agreed_request_is_sent_once_and_recorded(tmp_path: Path, outside: OutsideScript) -> None:
    adviser = adviser_with(tmp_path, outside)
    talk(adviser, "task=classification external_api=allowed")
    before = adviser.view(S)
    prepared = adviser.prepare_escalation(S, "Do you agree?")
    assert not prepared.forbidden
    assert outside.calls == []
    events: list[Event] = []
    opinion = adviser.agree_and_send(S, prepared.request.sha256, emit=events.append)
    assert [number.text for number in opinion.foreign_numbers] == ["777"]
    after = adviser.view(S)
    assert after.assessment == before.assessment
    assert after.pending == before.pending
    (sent,) = adviser.report(S).sent_out
    assert prepared.request.text in sent.text
    assert "777" in after.transcript[-1].text
    with pytest.raises(EscalationRefused):
        adviser.agree_and_send(S, prepared.request.sha256)
    assert len(outside.calls) == 1
    adviser.close()


def test_another_text_than_the_one_shown_is_not_sent(tmp_path: Path, outside: OutsideScript) -> None:
    adviser = adviser_with(tmp_path, outside)
    talk(adviser, "task=classification external_api=allowed")
    adviser.prepare_escalation(S)
    with pytest.raises(EscalationRefused):
        adviser.agree_and_send(S, "0" * 64)
    assert outside.calls == []
    assert adviser.report(S).sent_out == ()
    adviser.close()


def test_a_fact_told_after_the_preview_blocks_the_sending(tmp_path: Path, outside: OutsideScript) -> None:
    adviser = adviser_with(tmp_path, outside)
    talk(adviser, "task=classification")
    prepared = adviser.prepare_escalation(S)
    talk(adviser, "external_api=forbidden")
    with pytest.raises(EscalationRefused):
        adviser.agree_and_send(S, prepared.request.sha256)
    assert outside.calls == []
    adviser.close()


def test_nothing_is_prepared_while_escalation_is_off(tmp_path: Path) -> None:
    adviser = adviser_with(tmp_path, None)
    with pytest.raises(EscalationRefused):
        adviser.prepare_escalation(S)
    adviser.close()
