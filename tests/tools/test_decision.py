"""A whole assessment, as files and pages get it: bills with sources, flips, the order of workloads."""

from datetime import date
from typing import Any

import pytest

from tools.assess import assess
from tools.assessment import WorkloadAssessment, assessment_to_json
from tools.facts import Portfolio
from tools.portfolio_file import portfolio_from_plain

TODAY = date(2026, 11, 22)


def _portfolio(organization: dict[str, Any], *workloads: dict[str, Any]) -> Portfolio:
    entries = [{"name": f"w{i}", "facts": facts} for i, facts in enumerate(workloads)]
    return portfolio_from_plain({"organization": organization, "workloads": entries}, "test")


def _assess_one(organization: dict[str, Any], facts: dict[str, Any], **options: Any) -> WorkloadAssessment:
    return assess(_portfolio(organization, facts), TODAY, **options).workloads[0]


def test_totals_are_the_sum_of_their_lines() -> None:
    result = _assess_one({"platform_team": "in_place"}, {"task": "chatbot", "requests_per_day": 10000})
    for option in result.options:
        if option.monthly_usd is not None:
            total = sum(line.amount_usd or 0.0 for line in option.cost_lines)
            assert total == pytest.approx(option.monthly_usd.expected, rel=1e-9), option.model
        assert all(line.source for line in option.cost_lines)


def test_every_flip_when_applied_changes_the_deployment() -> None:
    organization = {"platform_team": "in_place"}
    facts = {"task": "classification", "requests_per_day": 40000, "input_tokens": 350, "external_api": "allowed",
             "difficulty": "moderate", "weeks_to_launch": 20}  # fmt: skip
    result = _assess_one(organization, facts, with_flips=True)
    assert result.flips
    for flip in result.flips:
        value = list(flip.to_value) if isinstance(flip.to_value, tuple) else flip.to_value
        where = organization if flip.fact == "platform_team" else facts
        changed = {**where, flip.fact: value}
        after = _assess_one(changed, facts) if where is organization else _assess_one(organization, changed)
        assert after.verdict.deployment == flip.deployment != result.verdict.deployment


def test_the_same_seed_gives_the_same_answer() -> None:
    portfolio = _portfolio({}, {"task": "chatbot"}, {"task": "agent", "requests_per_day": 500})
    first, second = (assessment_to_json(assess(portfolio, TODAY, draws=128, seed=7)) for _ in range(2))
    assert first == second


def test_another_seed_is_another_sample() -> None:
    portfolio = _portfolio({}, {"task": "chatbot"})
    first, second = (assess(portfolio, TODAY, draws=64, seed=seed).workloads[0].verdict for seed in (0, 1))
    assert first.monthly_usd != second.monthly_usd
