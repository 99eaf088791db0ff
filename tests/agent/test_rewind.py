"""Saying a sent message differently: what it takes back, what stays, and what is refused."""

from pathlib import Path

import pytest
from interview_fakes import fake_adviser

from agent.adviser import Adviser
from agent.events import Event
from agent.rewind import KEPT_POINTS
from tools.errors import InvalidInput

S = "session"


def quiet(event: Event) -> None:
    """Nobody listens."""


def known(adviser: Adviser) -> dict[str, object]:
    view = adviser.view(S)
    return {fact.key: fact.value for workload in view.workloads for fact in workload.facts}


@pytest.fixture
def adviser(tmp_path: Path) -> Adviser:
    made = fake_adviser(tmp_path)
    made.open(S)
    return made


def test_another_wording_takes_the_place_of_the_first(adviser: Adviser) -> None:
    adviser.turn(S, "task=classification", emit=quiet)
    adviser.turn(S, "requests_per_day=4000", emit=quiet)
    adviser.turn(S, "new workload: Second", emit=quiet)
    first, second, _ = adviser.view(S).resendable
    adviser.resend(S, second, "requests_per_day=900", emit=quiet)
    assert known(adviser) == {"task": "classification", "requests_per_day": 900}
    view = adviser.view(S)
    assert [line.text for line in view.transcript if line.role == "user"] == [
        "task=classification",
        "requests_per_day=900",
    ]
    assert view.resendable == (first, second)
    adviser.close()


def test_the_same_words_lead_to_the_same_place(adviser: Adviser) -> None:
    adviser.turn(S, "task=classification", emit=quiet)
    before = adviser.view(S)
    adviser.turn(S, "requests_per_day=4000", emit=quiet)
    after = adviser.view(S)
    adviser.resend(S, after.resendable[-1], "requests_per_day=4000", emit=quiet)
    again = adviser.view(S)
    assert (again.workloads, again.pending, again.transcript) == (after.workloads, after.pending, after.transcript)
    adviser.turn(S, "undo", emit=quiet)
    assert adviser.view(S).workloads == before.workloads
    adviser.close()


def test_what_is_no_message_of_the_user_is_refused(adviser: Adviser) -> None:
    adviser.turn(S, "task=classification", emit=quiet)
    before = adviser.view(S)
    with pytest.raises(InvalidInput, match="Correct the fact instead"):
        adviser.resend(S, 0, "task=generation", emit=quiet)
    assert adviser.view(S) == before
    adviser.close()


def test_only_the_last_messages_can_be_said_differently(adviser: Adviser) -> None:
    for number in range(KEPT_POINTS + 3):
        adviser.turn(S, f"requests_per_day={1000 + number}", emit=quiet)
    assert len(adviser.view(S).resendable) == KEPT_POINTS
    adviser.close()


def test_a_rewording_survives_a_restart(tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    adviser.open(S)
    adviser.turn(S, "task=classification", emit=quiet)
    adviser.resend(S, adviser.view(S).resendable[0], "task=extraction", emit=quiet)
    before = adviser.view(S)
    adviser.close()
    second = fake_adviser(tmp_path)
    second.open(S)
    assert second.view(S).transcript == before.transcript
    assert known(second) == {"task": "extraction"}
    second.close()
