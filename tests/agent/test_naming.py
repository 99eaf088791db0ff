"""How workloads get their names, and which messages open a new one."""

import pytest

from agent.naming import find_workload, name_in, opens_workload, unique_name
from agent.state import Interview, new_interview, new_workload


@pytest.mark.parametrize(
    ("message", "described"),
    [
        ("another workload: summarise contracts", "summarise contracts"),
        ("Now another use case, a chatbot for staff", "a chatbot for staff"),
        ("Let's add a second workload - translations", "translations"),
        ("a new workload", ""),
        ("We have another 5,000 tickets", None),
        ("we label tickets in this workload", None),
        ("is another workload possible?", None),
    ],
)
def test_opens_workload(message: str, described: str | None) -> None:
    assert opens_workload(message) == described


def test_a_short_name_is_taken_and_a_description_is_not() -> None:
    assert name_in("invoice extraction") == "invoice extraction"
    assert name_in("it is called Night Desk, and it answers mails for our staff") == "Night Desk"
    assert name_in("summarise two hundred contracts a day for lawyers") is None


def test_names_are_unique_whatever_their_case() -> None:
    assert unique_name("Chatbot", ["chatbot", "Chatbot 2"]) == "Chatbot 3"


@pytest.mark.parametrize(
    ("said", "index"),
    [
        ("invoices", 1),
        ("the Invoices", 1),
        ("2", 1),
        ("workload 1", 0),
        ("invoces", 1),
        ("labelling", 0),
        ("meeting one", 1),
        ("label thing", 0),
        ("zebra", None),
    ],
)
def test_find_workload(said: str, index: int | None) -> None:
    first, second = new_workload("Support tickets"), new_workload("Invoices", named=True)
    first["facts"]["task"] = {"value": "classification", "quote": "label", "state": "stated"}
    second["facts"]["requests_per_day"] = {"value": 300, "quote": "maybe 300 meetings a day", "state": "stated"}
    state: Interview = {**new_interview(), "workloads": [first, second]}
    assert find_workload(state, said) == index
