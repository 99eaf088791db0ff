"""What a report shows beside the assessment: announced dates, the licence, the evidence, the data's age."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tools.assess import assess
from tools.facts import Fact, Organization, Portfolio, Workload
from tools.options import enumerate_options
from tools.price_lists import change_dates
from tools.report_basis import WorkloadBasis, basis_of


def _portfolio(**facts: object) -> Portfolio:
    given = {"task": "agent", "difficulty": "frontier", "requests_per_day": 1000.0, "external_api": "allowed", **facts}
    return Portfolio(
        Organization(),
        (Workload("Work", {key: Fact(key, value) for key, value in given.items()}),),  # type: ignore[arg-type]
    )


def _beside(portfolio: Portfolio, on: date, model: str = "", provider: str = "") -> WorkloadBasis:
    """Return what stands beside a verdict; another option may be put in the place of the chosen one."""
    assessment = assess(portfolio, on)
    if model:
        option = next(o for o in enumerate_options(on) if (o.model, o.provider) == (model, provider))
        workload = assessment.workloads[0]
        verdict = replace(workload.verdict, deployment=option.deployment, model=model, provider=provider)
        assessment = replace(assessment, workloads=(replace(workload, verdict=verdict),))
    return basis_of(portfolio, assessment, with_curves=False).workloads[0]


@pytest.mark.parametrize("kind", ["retirement", "price"])
def test_an_announced_day_is_a_date_to_check_again(kind: str, today: date) -> None:
    announced = (
        (option, day)
        for option in enumerate_options(today)
        if option.price is not None
        for day in ([option.retires] if kind == "retirement" else sorted(change_dates(option.price)))
        if day is not None and day > today
    )
    option, day = next(announced)
    found = [at for at in _beside(_portfolio(), today, option.model, option.provider).dates if at.kind == kind]
    assert any(at.day == day and option.model in at.text and at.source for at in found)
    if kind == "price":
        assert all(re.search(r"from \$[\d.]+ to \$[\d.]+ in", at.text) for at in found)


def test_open_weights_bring_their_licence_and_an_api_none(today: date) -> None:
    own = _beside(_portfolio(task="summarization", difficulty="routine", external_api="forbidden"), today)
    assert {duty.role for duty in own.duties} == {"recommended", "fall-back"}
    assert all(duty.clause and duty.text and duty.source for duty in own.duties)
    assert _beside(_portfolio(), today).duties == ()


def test_the_evidence_names_the_level_that_the_work_needs(today: date) -> None:
    evidence = _beside(_portfolio(), today).evidence
    assert evidence[0].role == "recommended"
    assert evidence[0].needed is not None
    assert evidence[0].low <= evidence[0].level <= evidence[0].high
    assert evidence[0].scores


def test_a_router_shows_both_of_its_models(today: date) -> None:
    portfolio = _portfolio(
        requests_per_day=300000.0, input_tokens=6000.0, output_tokens=600.0, error_cost="low", data_class=("internal",)
    )
    portfolio = replace(portfolio, organization=Organization({"platform_team": Fact("platform_team", "none")}))
    assessment = assess(portfolio, today)
    assert assessment.workloads[0].verdict.deployment == "hybrid"
    beside = basis_of(portfolio, assessment, with_curves=False).workloads[0]
    assert len([found for found in beside.evidence if found.role == "recommended"]) == 2


def test_the_age_of_the_data_gives_dates(today: date) -> None:
    portfolio = _portfolio()
    basis = basis_of(portfolio, assess(portfolio, today), with_curves=False)
    assert {found.kind for found in basis.dates} == {"data"}
    assert len(basis.tables) > 10
