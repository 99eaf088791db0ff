"""Decisions by cases that a practitioner can read: our own, a panel's blind ones, with `--heldout` more of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tools.assess import facts_of
from tools.assessment import Finding, Verdict
from tools.compliance import regime_gaps
from tools.data_files import parse_yaml
from tools.draws import draw_facts
from tools.evaluate import evaluate_draws
from tools.facts import Fact
from tools.findings import findings_for
from tools.options import Option, enumerate_options
from tools.portfolio_file import portfolio_from_plain
from tools.verdict import choose_option, make_verdict

CASES = Path(__file__).parents[1] / "cases"
ALWAYS = ("decision.yaml", "decision_panel.yaml")
HELD_OUT = "decision_heldout.yaml"
TODAY = date(2026, 11, 22)
DRAWS = 512  # as many as `assess` makes: with 128 every deployment is the same, but not how clear some are
AT_HOME = ("self_hosted", "no_llm")


@dataclass(frozen=True, slots=True)
class Decided:
    """What a case is checked against; the legs of a hybrid all count, and without a choice there are none."""

    verdict: Verdict
    legs: tuple[Option, ...]
    findings: tuple[Finding, ...]

    @property
    def outside(self) -> tuple[Option, ...]:
        """The legs that see requests on somebody else's servers."""
        return tuple(leg for leg in self.legs if leg.is_external)

    @property
    def rules(self) -> set[str]:
        """The rules that found something."""
        return {finding.rule for finding in self.findings}

    @property
    def fallback(self) -> str:
        """The deployment of the fall-back; without one nothing is left."""
        return self.verdict.fallback.deployment if self.verdict.fallback else "no_llm"


CHECKS: Mapping[str, Callable[[Decided, Any], bool]] = {
    "deployment": lambda d, wanted: d.verdict.deployment in wanted,
    "not_deployment": lambda d, wanted: d.verdict.deployment not in wanted,
    "never_out": lambda d, wanted: wanted is True and d.verdict.deployment in AT_HOME and d.fallback in AT_HOME,
    "no_chinese_model": lambda d, wanted: wanted is True and all(leg.country != "china" for leg in d.legs),
    "lineage_not": lambda d, wanted: all(leg.lineage not in wanted for leg in d.legs),
    "vendor_regimes": lambda d, wanted: all(not regime_gaps(leg.vendor) & set(wanted) for leg in d.outside),
    "regions": lambda d, wanted: all(set(wanted) <= set(leg.regions) for leg in d.outside),
    "provider_not": lambda d, wanted: all(leg.provider not in wanted for leg in d.legs),
    "context_at_least": lambda d, wanted: all(leg.max_context is None or leg.max_context >= wanted for leg in d.legs),
    "embedding": lambda d, wanted: all(leg.embedding is wanted for leg in d.legs),
    "clarity": lambda d, wanted: d.verdict.clarity in wanted,
    "findings": lambda d, wanted: set(wanted) <= d.rules,
    "not_findings": lambda d, wanted: not set(wanted) & d.rules,
}


def cases_of(name: str) -> list[dict[str, Any]]:
    """Read a file of cases."""
    cases = parse_yaml((CASES / name).read_text(encoding="utf-8"), name)
    assert isinstance(cases, list)
    return cases


def facts_in(case: dict[str, Any]) -> Mapping[str, Fact]:
    """Check the facts of a case as those of a file are checked, and bring them together."""
    workload = {"name": "case", "facts": case["facts"]}
    portfolio = portfolio_from_plain({"organization": case["organization"], "workloads": [workload]}, "case")
    return facts_of(portfolio.organization, portfolio.workloads[0])


def decide(facts: Mapping[str, Fact], draws: int = DRAWS) -> Decided:
    """Decide one workload as `assess` does, without what no case looks at."""
    evaluation = evaluate_draws(draw_facts(facts, draws, 0), TODAY)
    chosen = choose_option(evaluation)
    option = None if chosen is None else evaluation.options[chosen]
    legs = () if option is None else option.legs or (option,)
    return Decided(make_verdict(evaluation), legs, findings_for(evaluation, chosen))


def check(decided: Decided, expect: Mapping[str, Any]) -> None:
    """Hold a decision against everything that a case expects of it."""
    for key, wanted in expect.items():
        got = f"got {decided.verdict}, found {sorted(decided.rules)}"
        assert CHECKS[key](decided, wanted), f"{key}: {wanted}; {got}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every case as a test of its own; held-out ones only when asked for."""
    if "case" in metafunc.fixturenames:
        names = (*ALWAYS, HELD_OUT) if metafunc.config.getoption("--heldout") else ALWAYS
        metafunc.parametrize("case", list(_params(names)))


def _params(names: tuple[str, ...]) -> Iterator[Any]:
    for name in names:
        for case in cases_of(name):
            yield pytest.param(case, id=f"{name.removesuffix('.yaml')}: {case['case']}")


def test_decision(case: dict[str, Any]) -> None:
    check(decide(facts_in(case)), case["expect"])


@pytest.mark.parametrize("name", ALWAYS)
def test_every_expectation_has_a_check(name: str) -> None:
    """An expectation that nobody checks would pass for ever."""
    for case in cases_of(name):
        assert case["expect"], case["case"]
        assert set(case["expect"]) <= set(CHECKS), case["case"]


def test_the_checks_can_fail() -> None:
    """Each check refuses a decision that breaks it."""
    facts = facts_in(
        {
            "organization": {"platform_team": "none", "company_region": "china", "chinese_models": "allowed"},
            "facts": {"task": "chatbot", "external_api": "allowed"},
        }
    )
    decided = decide(facts)
    wrong: dict[str, Any] = {
        "deployment": ["no_llm"],
        "not_deployment": [decided.verdict.deployment],
        "never_out": True,
        "lineage_not": [leg.lineage for leg in decided.legs],
        "vendor_regimes": ["itar"],
        "regions": ["us", "eu", "uk", "china", "other"],
        "provider_not": [leg.provider for leg in decided.legs],
        "context_at_least": 10**9,
        "embedding": True,
        "clarity": [],
        "findings": ["no such rule"],
        "not_findings": sorted(decided.rules),
    }
    for key, wanted in wrong.items():
        with pytest.raises(AssertionError):
            check(decided, {key: wanted})
    chinese = Decided(decided.verdict, (_chinese(),), ())
    with pytest.raises(AssertionError):
        check(chinese, {"no_chinese_model": True})


def _chinese() -> Option:
    return next(option for option in enumerate_options(TODAY) if option.country == "china")
