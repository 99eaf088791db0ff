"""A volume per head is multiplied by the heads that are known, and never taken for the whole."""

import pytest

from agent.reading.pipeline import Reader
from tools.facts import FactValue

USERS: dict[str, FactValue] = {"monthly_users": 3000.0}


@pytest.mark.parametrize(
    ("text", "known", "requests_per_day"),
    [
        ("around 5 questions per employee per month", USERS, 492.8),
        ("every employee asks about 5 questions a month", USERS, 492.8),
        ("around 5 questions per employee per month", {}, None),
        ("10 chats per agent per day", {}, None),
        ("a helpdesk bot for 3,000 employees, around 5 questions per employee per month", {}, 492.8),
        ("40 agents, 30 chats a day each", {}, 1200.0),
        ("500 tickets a day, each agent handles 20 of them", {}, 500.0),
    ],
)
def test_volume_per_head(
    reader: Reader, text: str, known: dict[str, FactValue], requests_per_day: float | None
) -> None:
    reading = reader.read(text, "requests_per_day", known=known)
    found = {fact.key: fact.value for fact in reading.facts}
    if requests_per_day is None:
        assert "requests_per_day" not in found
        assert "how many there are" in reading.rejected[0].reason
    else:
        assert found["requests_per_day"] == pytest.approx(requests_per_day, rel=1e-3)
