"""Findings, rule by rule, on the option that a case names; and what holds for all findings."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tools.assessment import Finding
from tools.capability import capability_of, needed_level, silent_failure_risk
from tools.data_files import parse_yaml
from tools.errors import UnknownName
from tools.evaluate import Evaluation, evaluate
from tools.facts import Fact, check_value, fact_dictionary, spec_of
from tools.findings import capability, cost, findings_for, latency
from tools.findings.collect import findings_on, situation_of
from tools.findings.thresholds import limit
from tools.findings.vendor_risk import retirement
from tools.findings.whole import whole_findings
from tools.options import Option
from tools.verdict import choose_option

TODAY = date(2026, 11, 22)
WHOLE = parse_yaml((Path(__file__).parents[1] / "cases/findings_whole.yaml").read_text(encoding="utf-8"), "whole")
CASES = parse_yaml((Path(__file__).parents[1] / "cases/findings.yaml").read_text(encoding="utf-8"), "findings.yaml")
KEYS = {"that", "organization", "facts", "option", "finds", "mentions", "silent"}


def _evaluation(organization: dict[str, Any], facts: dict[str, Any]) -> Evaluation:
    given = {**organization, **facts}
    known = {key: Fact(key, check_value(spec_of(key), given[key])) for key in fact_dictionary() if key in given}
    assert set(known) == set(given)
    return evaluate(known, TODAY, 16, 0)


@cache
def _default() -> Evaluation:
    return _evaluation({}, {"task": "chatbot"})


def _matches(option: Option, wanted: dict[str, Any]) -> bool:
    if "accelerator_not" in wanted and option.server and option.server.accelerator.id == wanted["accelerator_not"]:
        return False
    return all(getattr(option, key) == value for key, value in wanted.items() if key != "accelerator_not")


def _index(evaluation: Evaluation, wanted: dict[str, Any]) -> int | None:
    passing = [i for i in range(len(evaluation.options)) if _matches(evaluation.on_hardware(i), wanted)]
    return passing[0] if passing else None


@pytest.mark.parametrize("case", CASES, ids=[case["that"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS, "a misspelt key would test nothing"
    evaluation = _evaluation(case.get("organization", {}), case["facts"])
    index = _index(evaluation, case["option"])
    assert index is not None, f"the catalogue has no option {case['option']}"
    found = findings_for(evaluation, index)
    told = {finding.rule: finding for finding in found}
    assert set(case.get("finds", [])) <= set(told), sorted(told)
    assert not set(case.get("silent", [])) & set(told), [told[rule].text for rule in case["silent"] if rule in told]
    for rule, words in case.get("mentions", {}).items():
        for word in words:
            assert any(word in finding.text for finding in found if finding.rule == rule), told[rule].text
    _check_all(found)


@pytest.mark.parametrize("case", WHOLE, ids=[case["that"] for case in WHOLE])
def test_whole_portfolio(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS | {"bill", "providers", "critical"}
    found = whole_findings(case["bill"], case["providers"], case.get("critical", []))
    told = {finding.rule: finding for finding in found}
    assert set(case.get("finds", [])) <= set(told), sorted(told)
    assert not set(case.get("silent", [])) & set(told)
    for rule, words in case.get("mentions", {}).items():
        assert all(word in told[rule].text for word in words), told[rule].text


def _check_all(found: tuple[Finding, ...]) -> None:
    order = ("critical", "warning", "advice", "info")
    ranks = [order.index(finding.severity) for finding in found]
    assert ranks == sorted(ranks)
    for finding in found:
        assert finding.source, finding.rule
        assert finding.text == finding.text.strip()
        assert finding.text.rstrip()[-1] in ".?)", finding.text
        assert "None" not in finding.text, finding.text
        assert "nan" not in finding.text.split(), finding.text


def test_nothing_is_said_of_what_nobody_stated() -> None:
    evaluation = _evaluation({}, {})
    index = _index(evaluation, {"deployment": "proprietary_api", "provider": "OpenAI"})
    rules = {finding.rule for finding in findings_for(evaluation, index)}
    assert rules <= {
        "notice_history", "price_history", "price_change_announced", "retirement_announced", "silent_failure",
        "country_policy_open",
    }  # fmt: skip


def test_every_option_has_findings_that_read_well() -> None:
    evaluation = _default()
    for index in range(len(evaluation.options)):
        _check_all(findings_for(evaluation, index))


def test_an_announced_end_within_the_year_is_told_and_a_later_one_is_not() -> None:
    evaluation = _default()
    situation = situation_of(evaluation, _index(evaluation, {"deployment": "proprietary_api"}) or 0)
    for day, told in ((date(2027, 3, 1), True), (date(2029, 3, 1), False)):
        leg = replace(situation.option, retires=day)
        found = list(retirement(replace(situation, option=leg, legs=(leg,))))
        assert bool(found) is told
        assert all(day.isoformat() in finding.text and "in 99 days" in finding.text for finding in found)


def test_a_router_says_that_its_share_is_assumed() -> None:
    situation = situation_of(_default(), 0)
    routed = replace(situation, option=replace(situation.option, deployment="hybrid"))
    assert [finding.rule for finding in cost.router(routed)] == ["router_share"]
    assert not list(cost.router(situation))


def test_no_language_model_is_explained() -> None:
    situation = situation_of(_default(), 0)
    none = replace(situation, option=replace(situation.option, deployment="no_llm"))
    assert [finding.rule for finding in findings_on(none)] == ["wrong_tool"]


def test_where_nothing_passes_the_rules_behind_it_are_named() -> None:
    evaluation = _evaluation({}, {"air_gapped": True, "context_tokens": 15000000})
    assert choose_option(evaluation) is None
    told = {finding.rule: finding.text for finding in findings_for(evaluation, None)}
    assert "air-gapped" in told["nothing_passes"]
    assert "does not fit" in told["nothing_passes"]


def test_the_rule_of_thumb_is_told_where_the_computed_costs_disagree() -> None:
    facts = {"task": "classification", "difficulty": "routine", "external_api": "allowed", "requests_per_day": 40000,
             "input_tokens": 350, "output_tokens": 10}  # fmt: skip
    evaluation = _evaluation({"platform_team": "in_place"}, facts)
    cheapest = min(
        (i for i, option in enumerate(evaluation.options) if option.server is None and evaluation.hard[i].all()),
        key=lambda i: evaluation.mean_usd[i],
    )
    told = list(cost.rule_of_thumb(situation_of(evaluation, cheapest)))
    assert [finding.rule for finding in told] == ["rule_of_thumb"]
    assert "100 million" in told[0].text
    few = _evaluation({"platform_team": "in_place"}, {**facts, "requests_per_day": 10})
    assert not list(cost.rule_of_thumb(situation_of(few, cheapest)))


def test_a_near_miss_in_capability_is_told_and_nothing_else_is_called_one() -> None:
    evaluation = _evaluation({}, {"task": "agent", "difficulty": "frontier"})
    needed = needed_level("agent", "frontier")
    for index, option in enumerate(evaluation.option_set.kinds):
        told = {finding.rule for finding in capability.evidence(situation_of(evaluation, index))}
        level = capability_of(option.model, "agent", TODAY).level
        if not option.embedding:
            assert ("near_miss" in told) is silent_failure_risk(level, needed), option.model


_TOO_SLOW = {"api_first_token", "api_stream_speed"}


@pytest.mark.parametrize(("fact", "wanted", "slow"), [("first_token_seconds", 0.01, True),
                                                     ("first_token_seconds", 600, False),
                                                     ("tokens_per_second", 90000, True),
                                                     ("tokens_per_second", 0.2, False)])  # fmt: skip
def test_a_speed_that_no_api_reaches_is_told_and_one_that_every_api_reaches_is_not(
    fact: str, wanted: float, slow: bool
) -> None:
    evaluation = _evaluation({}, {fact: wanted})
    index = _index(evaluation, {"deployment": "proprietary_api", "provider": "OpenAI"})
    assert index is not None
    told = {finding.rule for finding in latency.api_stream(situation_of(evaluation, index))}
    assert told & {"api_first_token", "api_stream_speed", "api_speed_unknown"} if slow else not told & _TOO_SLOW


def test_an_unknown_threshold_is_an_error() -> None:
    assert limit("people_share").source
    with pytest.raises(UnknownName, match="people_share"):
        limit("people_shares")
