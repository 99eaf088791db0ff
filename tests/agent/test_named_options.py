"""A question that names vendors or models is answered with how they stand beside the verdict."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import cast

import pytest

from agent.context import Context
from agent.named_options import named_lines
from agent.speak import Voice
from agent.state import new_interview
from tools.assess import assess
from tools.assessment import WorkloadAssessment
from tools.portfolio_file import portfolio_from_text

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = date(2026, 11, 22)


@cache
def workloads() -> dict[str, WorkloadAssessment]:
    text = (EXAMPLES / "portfolio.yaml").read_text(encoding="utf-8")
    return {w.name: w for w in assess(portfolio_from_text(text, "portfolio.yaml"), DAY).workloads}


def lines(question: str, workload: str) -> list[str]:
    voice = Voice(new_interview(), cast(Context, None))  # it speaks to nobody here
    return named_lines(question, workloads()[workload], voice)


@pytest.mark.parametrize(
    ("question", "workload", "expected"),
    [
        ("why not openai", "Coding agent", ["openai: gpt-6.1-sol (a proprietary API) passes your rules"]),
        ("why not claude?", "Coding agent", ["claude: that is what I recommend"]),
        ("why not OpenAI?", "Label support tickets", ["OpenAI: ruled out, in all "]),
        (
            "what about claude on bedrock?",
            "Coding agent",
            ["claude on bedrock: claude-sonnet-5-5 (a proprietary model"],
        ),
        (
            "what would gpt cost us vs running mistral ourselves?",
            "Product descriptions",
            ["gpt: ", "mistral: with mistralai/Mistral-Small-3.2-24B-Instruct-2506 (your own servers)"],
        ),
    ],
)
def test_what_is_named_is_compared(question: str, workload: str, expected: list[str]) -> None:
    found = lines(question, workload)
    assert len(found) == len(expected), found
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start), line


def test_what_passes_is_told_with_its_cost_beside_the_verdict() -> None:
    (line,) = lines("why not openai", "Coding agent")
    assert "more than the recommendation" in line
    assert " a month (" in line


@pytest.mark.parametrize(
    "question", ["what about data residency?", "why not together with another team?", "what about pro?"]
)
def test_common_words_name_nothing(question: str) -> None:
    assert lines(question, "Coding agent") == []
