"""Sliders and curves agree with the full assessment, and refuse what they do not know."""

import itertools
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_facts import portfolio_of, workloads

from tools.assess import assess
from tools.assessment import Assessment
from tools.curves import CostCurves, cost_curves
from tools.errors import InvalidInput, UnknownName
from tools.explore import explore, sliders_for
from tools.facts import Fact, Portfolio
from tools.portfolio_file import portfolio_from_text

DAY = date(2026, 11, 23)
EXAMPLE = Path(__file__).parents[2] / "examples" / "portfolio.yaml"
NAMES = ("Label support tickets", "Coding agent", "Product descriptions")


@cache
def example() -> Portfolio:
    return portfolio_from_text(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name)


@cache
def assessed() -> Assessment:
    return assess(example(), DAY)


@cache
def curves(name: str) -> CostCurves:
    return cost_curves(example(), name, DAY)


@pytest.mark.parametrize(("number", "name"), list(enumerate(NAMES)))
def test_no_change_gives_the_assessment(number: int, name: str) -> None:
    found, verdict = explore(example(), name, {}, DAY), assessed().workloads[number].verdict
    assert (found.deployment, found.model, found.monthly_usd) == (
        verdict.deployment, verdict.model, verdict.monthly_usd,
    )  # fmt: skip
    assert found.probability == pytest.approx(verdict.probability, abs=0.001)


@settings(max_examples=6, deadline=None)
@given(workloads, st.floats(0.05, 20.0))
def test_a_changed_volume_gives_what_the_changed_facts_give(facts: dict[str, Any], factor: float) -> None:
    try:
        portfolio = portfolio_of({}, facts)
    except InvalidInput:  # what was made up contradicts itself
        return
    workload = portfolio.workloads[0]
    changed = Fact("requests_per_day", round(1000.0 * factor, 1))
    other = replace(workload, facts={**workload.facts, "requests_per_day": changed})
    whole = assess(replace(portfolio, workloads=(other,)), DAY).workloads[0].verdict
    found = explore(portfolio, workload.name, {"requests_per_day": changed.value}, DAY)
    assert (found.deployment, found.model) == (whole.deployment, whole.model)


def test_a_stricter_question_is_refused() -> None:
    with pytest.raises(UnknownName, match="Coding agent"):
        explore(example(), "Coding agents", {}, DAY)
    with pytest.raises(InvalidInput):
        explore(example(), NAMES[0], {"cached_share": 3.0}, DAY)


@pytest.mark.parametrize("name", NAMES)
def test_sliders_stand_where_the_facts_are(name: str) -> None:
    sliders = sliders_for(example(), name)
    assert len(sliders) >= 6
    for slider in sliders:
        assert slider.least <= slider.value <= slider.most
        assert slider.at(0.0) == pytest.approx(slider.least, rel=0.01)
        assert slider.at(1.0) == pytest.approx(slider.most, rel=0.01)
        assert slider.at(slider.share()) == pytest.approx(slider.value, rel=0.01, abs=1e-9)
    stated = {slider.fact for slider in sliders if slider.stated}
    assert "requests_per_day" in stated


@pytest.mark.parametrize(("number", "name"), list(enumerate(NAMES)))
def test_the_curve_of_the_choice_runs_through_the_verdict(number: int, name: str) -> None:
    found, verdict = curves(name), assessed().workloads[number].verdict
    (chosen,) = [curve for curve in found.curves if curve.chosen]
    assert (chosen.deployment, chosen.model) == (verdict.deployment, verdict.model)
    place = int(np.argmin(np.abs(np.array(found.tokens_per_month) - found.today_tokens[1])))
    assert verdict.monthly_usd is not None
    assert chosen.expected_usd[place] == pytest.approx(verdict.monthly_usd.expected, rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_more_volume_never_costs_less(name: str) -> None:
    for curve in curves(name).curves:
        for usd in (curve.low_usd, curve.expected_usd, curve.high_usd):
            assert all(later >= earlier * 0.999 for earlier, later in itertools.pairwise(usd))
        assert all(low <= mean * 1.001 for low, mean in zip(curve.low_usd, curve.expected_usd, strict=True))


@pytest.mark.parametrize("name", [NAMES[0], NAMES[2]])
def test_the_lines_of_the_pair_cross_where_the_break_even_is(name: str) -> None:
    found = curves(name)
    assert found.break_even_tokens is not None
    own = next(curve for curve in found.curves if curve.compared and curve.deployment == "self_hosted")
    api = next(curve for curve in found.curves if curve.compared and curve.deployment != "self_hosted")
    ratio = np.array(own.expected_usd) / np.array(api.expected_usd)
    at = np.interp(np.log(found.break_even_tokens), np.log(found.tokens_per_month), np.log(ratio))
    assert abs(at) < np.log(2.0)


def test_what_is_ruled_out_is_told_with_its_rule() -> None:
    found = curves(NAMES[0])
    assert {kind.deployment for kind in found.ruled_out} >= {"hosted_open", "private_api"}
    assert all(kind.reason for kind in found.ruled_out)
    assert not any(curve.open for curve in found.curves if curve.deployment == "proprietary_api")


def test_a_workload_without_requests_has_no_curves() -> None:
    workload = example().workloads[0]
    idle = replace(workload, facts={**workload.facts, "requests_per_day": Fact("requests_per_day", 0.0)})
    found = cost_curves(replace(example(), workloads=(idle,)), idle.name, DAY)
    assert found.curves == ()
