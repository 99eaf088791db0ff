"""Runs the table of phrases: every message states exactly the facts the table names, with a quote from the message."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.recognise import candidates, merge
from tools.facts import FactValue, Range

TABLE = Path(__file__).parents[2] / "cases" / "recognise.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))


def plain(value: FactValue) -> object:
    """Spell a value as the table does."""
    if isinstance(value, Range):
        return pytest.approx([value.low, value.high], rel=2e-3)
    if isinstance(value, tuple):
        return list(value)
    return pytest.approx(value, rel=2e-3) if isinstance(value, float) else value


@pytest.mark.parametrize("case", CASES, ids=[f"{case['text'][:50]} [{case.get('asked', '')}]" for case in CASES])
def test_message_states_exactly_these_facts(case: dict[str, Any]) -> None:
    found = merge(candidates(case["text"], case.get("asked")))
    assert {item.key: plain(item.value) for item in found} == case["expect"]
    for item in found:
        assert item.quote == case["text"][item.start : item.end]
        assert item.quote.strip()


def test_table_is_large_and_names_no_message_twice() -> None:
    messages = [(case["text"], case.get("asked")) for case in CASES]
    assert len(messages) >= 200
    assert len(set(messages)) == len(messages)
