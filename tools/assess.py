"""The whole decision: from a portfolio's facts to an assessment on a date. It reads no clock and no file."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from tools.assessment import Assessment, AssumptionUsed, WorkloadAssessment
from tools.assumptions import assuming
from tools.draws import Draws
from tools.evaluate import Evaluation, evaluate
from tools.facts import Fact, FactSpec, Organization, Portfolio, Workload, fact_dictionary
from tools.findings import findings_for
from tools.flips import find_flips
from tools.option_table import option_table
from tools.plan_program import candidate_of
from tools.portfolio import assess_portfolio
from tools.questions import rank_questions
from tools.verdict import choose_option, make_verdict
from tools.workload_break_even import workload_break_even

_MANY_WORKLOADS = 20
DRAWS, _DRAWS_FOR_MANY = 512, 128


def assess(
    portfolio: Portfolio, as_of: date, *, draws: int | None = None, seed: int = 0, with_flips: bool = False
) -> Assessment:
    """Decide every workload of a portfolio.

    Args:
        draws: how many values are drawn for each fact that is not known; fewer for many workloads where None. Of
            many workloads, only the options that tell most are kept.
        with_flips: also search, per stated fact, the smallest change that changes the verdict (slower).
    """
    many = len(portfolio.workloads) > _MANY_WORKLOADS
    count = draws or (_DRAWS_FOR_MANY if many else DRAWS)
    assessed, candidates = [], []
    with assuming(portfolio.assumptions):
        for workload in portfolio.workloads:  # one after the other: an evaluation's matrices are large
            facts = facts_of(portfolio.organization, workload)
            evaluation = evaluate(facts, as_of, count, seed)
            assessed.append(_assess_one(workload, facts, evaluation, with_flips, many))
            candidates.append(candidate_of(workload.name, evaluation))
        return Assessment(as_of, tuple(assessed), assess_portfolio(assessed, candidates))


def facts_of(organization: Organization, workload: Workload) -> Mapping[str, Fact]:
    """Return the organization's and the workload's facts in one mapping, in the dictionary's order."""
    both = {**organization.facts, **workload.facts}
    return {key: both[key] for key in fact_dictionary() if key in both}


def _assess_one(
    workload: Workload, facts: Mapping[str, Fact], evaluation: Evaluation, with_flips: bool, brief: bool
) -> WorkloadAssessment:
    return WorkloadAssessment(
        name=workload.name,
        verdict=make_verdict(evaluation),
        options=option_table(evaluation, brief=brief),
        break_even=workload_break_even(evaluation),
        flips=find_flips(facts, evaluation) if with_flips else (),
        findings=findings_for(evaluation, choose_option(evaluation)),
        assumptions=tuple(_assumptions(evaluation.draws)),
        questions=rank_questions(evaluation),
        tokens_per_month=float(np.mean(evaluation.volume.first_month_tokens)),
    )


# Facts with a prior for the interview's sake that enter the computation only when they are stated.
_ONLY_STATED = frozenset({"sector", "platform_engineers", "annual_revenue", "monthly_users"})


def _assumptions(draws: Draws) -> list[AssumptionUsed]:
    """Return what was assumed for every fact that nobody stated and that enters the computation."""
    return [
        AssumptionUsed(spec.key, _assumed_text(spec), spec.prior.why)
        for spec in fact_dictionary().values()
        if spec.key not in draws.known and spec.prior is not None and spec.key not in _ONLY_STATED
    ]


def _assumed_text(spec: FactSpec) -> str:
    prior = spec.prior
    assert prior is not None
    if prior.weights is None:
        low, usual, high = (f"{figure or 0:,.10g}" for figure in (prior.low, prior.usual, prior.high))
        return f"{low} to {high}, usually {usual} ({spec.unit})"
    named = {spec.labels.get(value, value) or "none named": weight for value, weight in prior.weights.items()}
    if len(named) == 1:
        return next(iter(named))
    return ", ".join(f"{name} {weight:.0%}" for name, weight in named.items())
