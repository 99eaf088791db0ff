"""Decisions by cases that a practitioner can read, and laws that every assessment keeps."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.assess import assess, facts_of
from tools.assessment import WorkloadAssessment, assessment_to_json
from tools.data_files import parse_yaml
from tools.evaluate import evaluate
from tools.facts import Portfolio
from tools.options import Option, enumerate_options
from tools.portfolio_file import portfolio_from_plain

CASES = parse_yaml((Path(__file__).parents[1] / "cases/decision.yaml").read_text(encoding="utf-8"), "decision.yaml")
TODAY = date(2026, 11, 22)


def _portfolio(organization: dict[str, Any], *workloads: dict[str, Any]) -> Portfolio:
    entries = [{"name": f"w{i}", "facts": facts} for i, facts in enumerate(workloads)]
    return portfolio_from_plain({"organization": organization, "workloads": entries}, "test")


def _assess_one(organization: dict[str, Any], facts: dict[str, Any], **options: Any) -> WorkloadAssessment:
    return assess(_portfolio(organization, facts), TODAY, **options).workloads[0]


def _option_of(result: WorkloadAssessment) -> Option:
    verdict = result.verdict
    return next(
        option
        for option in enumerate_options(TODAY)
        if (option.deployment, option.model, option.provider) == (verdict.deployment, verdict.model, verdict.provider)
    )


def _check(result: WorkloadAssessment, expect: dict[str, Any]) -> None:
    verdict, option = result.verdict, _option_of(result)
    rules = {finding.rule for finding in result.findings}
    checks = {
        "deployment": lambda wanted: verdict.deployment in wanted,
        "not_deployment": lambda wanted: verdict.deployment not in wanted,
        "clarity": lambda wanted: verdict.clarity in wanted,
        "findings": lambda wanted: set(wanted) <= rules,
        "not_findings": lambda wanted: not set(wanted) & rules,
        "no_chinese_model": lambda _: option.country != "china",
        "vendor_regimes": lambda wanted: option.vendor is not None and all(option.vendor.meets(r) for r in wanted),
        "regions": lambda wanted: not option.is_external or set(wanted) <= set(option.regions),
        "embedding": lambda wanted: option.embedding is wanted,
        "lineage_not": lambda wanted: option.lineage not in wanted,
        "provider_not": lambda wanted: verdict.provider not in wanted,
        "context_at_least": lambda wanted: option.max_context is None or option.max_context >= wanted,
    }
    for key, wanted in expect.items():
        assert checks[key](wanted), f"{key}: {wanted}; got {verdict} with {sorted(rules)}"


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    _check(_assess_one(case["organization"], case["facts"]), case["expect"])


def test_totals_are_the_sum_of_their_lines() -> None:
    result = _assess_one({"platform_team": "in_place"}, {"task": "chatbot", "requests_per_day": 10000})
    for option in result.options:
        if option.monthly_usd is not None:
            total = sum(line.amount_usd or 0.0 for line in option.cost_lines)
            assert total == pytest.approx(option.monthly_usd.expected, rel=1e-9), option.model
        assert all(line.source for line in option.cost_lines)


def test_the_matrix_of_servers_agrees_with_their_bills() -> None:
    from tools.bills import bill_of

    facts = _facts({"cloud": "none"}, {"task": "chatbot"})
    evaluation = evaluate(facts, TODAY, 64, 0)
    for index in (0, len(evaluation.options) // 2, len(evaluation.options) - 1):
        option = evaluation.options[index]
        for draw in (0, 63):
            row = evaluation.best_server[index][draw]
            concrete = option if row < 0 else evaluation.option_set.servers[row]
            total = bill_of(concrete, evaluation.volume, evaluation.draws, TODAY).total_usd[draw]
            assert total == pytest.approx(evaluation.monthly_usd[index][draw], rel=1e-9)


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


_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "task": st.sampled_from(["chatbot", "classification", "agent", "embedding", "translation"]),
        "difficulty": st.sampled_from(["routine", "moderate", "frontier"]),
        "requests_per_day": st.integers(1, 10**7),
        "input_tokens": st.integers(1, 20000),
        "output_tokens": st.integers(1, 4000),
        "external_api": st.sampled_from(["allowed", "with_safeguards", "forbidden"]),
        "residency": st.lists(st.sampled_from(["us", "eu", "uk"]), min_size=1, unique=True),
        "weeks_to_launch": st.integers(1, 60),
        "regulations": st.sampled_from([["hipaa"], ["gdpr"], ["none"], ["itar"], ["pci_dss", "soc2"]]),
    },
)
_ORGANIZATION = st.fixed_dictionaries(
    {},
    optional={
        "platform_team": st.sampled_from(["none", "building", "in_place"]),
        "chinese_models": st.sampled_from(["allowed", "forbidden", "undecided"]),
        "company_region": st.sampled_from(["us", "eu", "china"]),
    },
)


@settings(max_examples=40, deadline=None)
@given(_ORGANIZATION, _FACTS)
def test_forbidden_things_are_never_chosen(organization: dict[str, Any], facts: dict[str, Any]) -> None:
    result = _assess_one(organization, facts, draws=64)
    if result.verdict.deployment == "no_llm":
        return
    option = _option_of(result)
    if facts.get("external_api") == "forbidden" or facts.get("regulations") == ["itar"]:
        assert not option.is_external
    if organization.get("chinese_models") == "forbidden":
        assert option.country != "china"
    if option.is_external:
        assert set(facts.get("residency", [])) <= set(option.regions)


@settings(max_examples=15, deadline=None)
@given(_ORGANIZATION, _FACTS, st.sampled_from(["forbidden", "with_safeguards"]))
def test_tightening_a_gate_never_adds_an_option(
    organization: dict[str, Any], facts: dict[str, Any], tighter: str
) -> None:
    order = ["allowed", "with_safeguards", "forbidden"]
    before = {**facts, "external_api": order[order.index(tighter) - 1]}
    after = {**facts, "external_api": tighter}
    loose = evaluate(_facts(organization, before), TODAY, 32, 0)
    tight = evaluate(_facts(organization, after), TODAY, 32, 0)
    kinds = len(loose.option_set.kinds)  # routers are put together from what passes
    assert not (tight.hard[:kinds] & ~loose.hard[:kinds]).any()


def _facts(organization: dict[str, Any], facts: dict[str, Any]) -> Any:
    portfolio = _portfolio(organization, facts)
    return facts_of(portfolio.organization, portfolio.workloads[0])


@settings(max_examples=15, deadline=None)
@given(_FACTS, st.integers(1, 10**6), st.floats(1.01, 50))
def test_more_usage_never_costs_less(facts: dict[str, Any], requests: int, factor: float) -> None:
    few = evaluate(_facts({}, {**facts, "requests_per_day": requests}), TODAY, 16, 0)
    many = evaluate(_facts({}, {**facts, "requests_per_day": requests * factor}), TODAY, 16, 0)
    kinds = len(few.option_set.kinds)  # routers are put together anew for each volume
    assert (many.monthly_usd[:kinds] >= few.monthly_usd[:kinds] * (1 - 1e-12)).all()


def test_the_order_of_workloads_changes_nothing() -> None:
    one = {"task": "chatbot", "requests_per_day": 1000}
    two = {"task": "classification", "external_api": "forbidden"}
    forward = assess(_portfolio({}, one, two), TODAY, draws=64)
    backward = assess(_portfolio({}, two, one), TODAY, draws=64)
    assert forward.workloads[0].verdict == backward.workloads[1].verdict
    assert forward.workloads[1].verdict == backward.workloads[0].verdict
    totals = [part.portfolio.monthly_usd for part in (forward, backward)]
    assert totals[0] is not None
    assert totals[1] is not None
    assert totals[0].expected == pytest.approx(totals[1].expected)


def test_the_same_seed_gives_the_same_answer() -> None:
    facts = {"task": "chatbot"}
    assert assessment_to_json(assess(_portfolio({}, facts), TODAY)) == assessment_to_json(
        assess(_portfolio({}, facts), TODAY)
    )
