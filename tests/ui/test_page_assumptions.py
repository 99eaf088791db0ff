"""The user's own assumptions: typed on the page, kept by the session, used by the verdict. No browser."""

from datetime import date
from pathlib import Path

import pytest

from agent.adviser import Adviser
from agent.events import Event
from tools.errors import InvalidInput
from tools.portfolio_file import portfolio_to_plain
from ui.page.assumed import assumptions_card, changed_assumption

KEY = "self_host_engineers"
TODAY = date(2026, 11, 22)


class _Reads:
    """A reader that is never asked: facts are set, not said."""

    def read(self, *args: object, **named: object) -> None:
        raise AssertionError("nothing was said")


def _adviser(folder: Path) -> Adviser:
    return Adviser(None, _Reads(), None, None, folder / "sessions.sqlite", lambda: TODAY)  # type: ignore[arg-type]


def _usd(adviser: Adviser) -> float:
    money = adviser.view("s").assessment.workloads[0].verdict.monthly_usd
    assert money is not None
    return money.expected


def test_one_figure_of_a_table_is_set_and_reset() -> None:
    assert changed_assumption({}, f"{KEY}.none", "3") == (KEY, {"none": 3.0})
    assert changed_assumption({KEY: {"none": 3.0}}, f"{KEY}.building", "2") == (KEY, {"none": 3.0, "building": 2.0})
    assert changed_assumption({KEY: {"none": 3.0, "building": 2.0}}, f"{KEY}.none", None) == (KEY, {"building": 2.0})
    assert changed_assumption({KEY: {"none": 3.0}}, f"{KEY}.none", None) == (KEY, None)
    assert changed_assumption({}, "output_tokens_by_task.chatbot", "10 20 30") == (
        "output_tokens_by_task",
        {"chatbot": [10.0, 20.0, 30.0]},
    )


@pytest.mark.parametrize(
    ("name", "typed"),
    [(KEY, "3"), (f"{KEY}.none", "many"), (f"{KEY}.none", "-1"), ("api_engineers", "1 2"), ("no_such", "1")],
)
def test_what_does_not_fit_is_refused(name: str, typed: str) -> None:
    with pytest.raises(InvalidInput):
        changed_assumption({}, name, typed)


def test_the_card_lists_every_source_and_marks_own_values() -> None:
    plain, own = assumptions_card({}), assumptions_card({"api_engineers": 0.7})
    assert "your own value" not in plain
    assert "your own value, listed: 0.1" in own
    assert "Weighbridge planning horizon [judgement]" in plain


def test_an_own_value_moves_the_money_and_outlives_a_restart(tmp_path: Path) -> None:
    adviser = _adviser(tmp_path)
    adviser.open("s")
    for key, value in {"task": "chatbot", "requests_per_day": 2000, "input_tokens": 300}.items():
        adviser.set_fact("s", adviser.view("s").current, key, value)
    before = _usd(adviser)
    events: list[Event] = []
    adviser.set_assumption("s", "api_engineers", 2.0, events.append)
    assert events
    raised = _usd(adviser)
    assert raised != before
    with pytest.raises(InvalidInput):
        adviser.set_assumption("s", "api_engineers", -1)
    adviser.close()
    again = _adviser(tmp_path)
    again.open("s")
    assert _usd(again) == raised
    assert portfolio_to_plain(again.report("s").portfolio)["assumptions"] == {"api_engineers": 2.0}
    again.set_assumption("s", "api_engineers", None)
    assert _usd(again) == before
    again.close()
