"""The evaluation counts as it says: values, sets, intents, verdicts, tables and the page."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.reading.reading import ReadFact, Reading
from tests.evaluation import page
from tests.evaluation.__main__ import main
from tests.evaluation.agreement import agree
from tests.evaluation.cases import case_of
from tests.evaluation.reading import evaluate, fact_table, intent_table, stage_table, summary_table
from tests.evaluation.score import compare
from tests.evaluation.seconds import median, ninetieth
from tests.evaluation.tables import Table
from tests.evaluation.users import assess_in_full, judge, load_users
from tools.facts import FactValue, Range

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("key", "read", "gold", "same"),
    [
        ("requests_per_day", 1000.0, 1050.0, True),
        ("requests_per_day", 1000.0, 1060.0, False),
        ("requests_per_day", 0.0, 0.0, True),
        ("requests_per_day", Range(4900.0, 8000.0), Range(5000.0, 8000.0), True),
        ("requests_per_day", 5000.0, Range(5000.0, 8000.0), False),
        ("owned_gpus", "8x H100 80GB", "8 x H100", True),
        ("owned_gpus", "2 x L40S and 4 x A100 40 GB", "4 x A100, 2 x L40S", True),
        ("owned_gpus", "8 x H200", "8 x H100", False),
        ("air_gapped", True, True, True),
        ("task", "agent", "chatbot", False),
    ],
)
def test_values_agree(key: str, read: FactValue, gold: FactValue, same: bool) -> None:
    assert agree(key, read, gold) == same


def test_a_set_counts_value_by_value_and_only_an_unstated_fact_is_invented() -> None:
    counts = compare("regulations", ("gdpr", "soc2"), ("gdpr", "hipaa"))
    assert (counts.right, counts.wrong, counts.missed, counts.invented) == (1, 1, 1, 0)
    assert compare("regulations", ("gdpr",), None).invented == 1
    wrong = compare("task", "agent", "chatbot")
    assert (wrong.wrong, wrong.missed, wrong.read, wrong.gold) == (1, 0, 1, 1)


class Parrot:
    """Says of every message that it is an answer about a chatbot at a bank."""

    def read(self, text: str, asked: str | None = None) -> Reading:
        facts = (
            ReadFact("task", "chatbot", "chat", 1.0, "lexicon"),
            ReadFact("sector", "finance", "bank", 1.0, "model"),
        )
        return Reading(intent="answer", facts=facts, seconds=0.5, stages={"lexicon": 0.25})


def test_messages_are_counted_as_one() -> None:
    gold: list[dict[str, Any]] = [
        {"text": "we want a chat", "intent": "answer", "facts": {"task": "chatbot"}},
        {"text": "a bank chat?", "intent": ["question", "answer"], "facts": [["sector", "finance", "bank"]]},
        {"text": "why", "intent": "why", "facts": {}},
    ]
    score = evaluate(Parrot(), [case_of(entry) for entry in gold])
    assert (score.whole.right, score.whole.read, score.whole.gold, score.whole.invented) == (2, 6, 2, 4)
    assert score.f1 == pytest.approx(0.5)
    assert (score.invented_quotes, score.intents) == (3, 2)
    assert score.confusion["why", "answer"] == 1
    assert score.to_json()["seconds"] == {"median": 0.5, "p90": 0.5}
    scores = {("no model", "dev"): score}
    for table in (summary_table(scores), stage_table(scores), fact_table("x", score), intent_table("x", score)):
        assert table.text().startswith(table.title)


def test_seconds_are_summed_up() -> None:
    assert (median([]), ninetieth([])) == (0.0, 0.0)
    assert (median([1, 2, 9]), ninetieth(list(range(10)))) == (2, 9)


def test_a_verdict_is_right_defensible_or_wrong() -> None:
    full = assess_in_full(next(user for user in load_users() if "air-gapped" in user.name), DAY)
    assert judge("self_hosted", full) == "right"
    assert judge("proprietary_api", full) == "wrong"
    other = replace(full, verdict=replace(full.verdict, deployment="hybrid"))
    assert judge("self_hosted", other) == "defensible"


def test_a_section_goes_in_front_and_replaces_its_like(tmp_path: Path) -> None:
    target = tmp_path / "evaluation.md"
    target.write_text("# Page\n\nIntro.\n", encoding="utf-8")
    table = Table("T", ("a", "b"), [("x", "1")])
    for day in (DAY, date(2026, 11, 23), DAY):
        page.write(page.section("reading", "make eval", day, [table]), target)
    text = target.read_text(encoding="utf-8")
    assert text.startswith("# Page\n\nIntro.\n\n## 2026-11-22: reading\n\n```\nmake eval\n```\n")
    assert text.count("## ") == 2
    assert text.count("| x | 1 |") == 2


def test_a_part_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["bogus"])
    assert "expected reading, interviews, asking" in capsys.readouterr().err
