"""A session leaves as a file and comes back the same; a file that was tampered with is refused by name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from interview_fakes import fake_adviser

from agent.adviser import Adviser
from tools.errors import InvalidInput


@pytest.fixture
def adviser(tmp_path: Path) -> Adviser:
    adviser = fake_adviser(tmp_path / "sessions.sqlite")
    adviser.open("one")
    adviser.turn("one", "external_api=forbidden requests_per_day=40000 platform_team=in_place", emit=lambda event: None)
    adviser.turn("one", "new: archive", emit=lambda event: None)
    adviser.turn("one", "task=summarization", emit=lambda event: None)
    adviser.rename("one", "Tickets and archive")
    return adviser


def _round_trip(adviser: Adviser) -> str:
    return adviser.take_in(json.loads(json.dumps(adviser.export("one"))), "copy.json").id


def test_a_copy_comes_back_with_facts_quotes_transcript_and_title(adviser: Adviser) -> None:
    before, after = adviser.view("one"), adviser.view(_round_trip(adviser))
    assert after.title == before.title == "Tickets and archive"
    assert after.organization == before.organization
    assert after.workloads == before.workloads
    assert after.transcript[: len(before.transcript)] == before.transcript
    assert adviser.report("one").portfolio == adviser.report(after.id).portfolio


def test_the_conversation_goes_on_where_it_was(adviser: Adviser) -> None:
    again = _round_trip(adviser)
    adviser.turn(again, "input_tokens=300", emit=lambda event: None)
    facts = {fact.key: fact.value for fact in adviser.view(again).workloads[1].facts}
    assert facts["input_tokens"] == 300
    assert "input_tokens" not in {fact.key for fact in adviser.view("one").workloads[1].facts}


def test_a_copy_of_the_copy_is_the_copy(adviser: Adviser) -> None:
    first = adviser.export("one")
    again = adviser.export(_round_trip(adviser))
    for key in ("title", "organization", "current", "assumptions", "sent_out"):
        assert again[key] == first[key]


def _wrong_value(copy: dict[str, Any]) -> None:
    copy["organization"]["platform_team"]["value"] = "perhaps"


def _wrong_fact(copy: dict[str, Any]) -> None:
    copy["workloads"][0]["facts"]["shoe_size"] = {"value": 1, "quote": "1", "state": "stated"}


def _wrong_scope(copy: dict[str, Any]) -> None:
    copy["workloads"][0]["facts"]["sector"] = {"value": "legal", "quote": "legal", "state": "stated"}


def _extra_key(copy: dict[str, Any]) -> None:
    copy["pending"] = {"kind": "fact"}


def _no_workload(copy: dict[str, Any]) -> None:
    copy["workloads"] = []


def _beyond(copy: dict[str, Any]) -> None:
    copy["current"] = 7


def _assumption(copy: dict[str, Any]) -> None:
    copy["assumptions"] = {"spare_replicas": "many"}


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_wrong_value, "platform_team"), (_wrong_fact, "shoe_size"), (_wrong_scope, "sector"),
        (_extra_key, "pending"), (_no_workload, "workloads"), (_beyond, "current"), (_assumption, "spare_replicas"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_and_nothing_is_opened(
    adviser: Adviser, spoil: Callable[[dict[str, Any]], None], named: str
) -> None:
    copy = json.loads(json.dumps(adviser.export("one")))
    spoil(copy)
    with pytest.raises(InvalidInput, match=named) as caught:
        adviser.take_in(copy, "copy.json")
    assert "copy.json" in str(caught.value)
    assert len(adviser.sessions()) == 1


@pytest.mark.parametrize("plain", [None, [], "text", 3, {}])
def test_what_is_no_copy_at_all_is_refused(adviser: Adviser, plain: object) -> None:
    with pytest.raises(InvalidInput, match=r"copy\.json"):
        adviser.take_in(plain, "copy.json")
