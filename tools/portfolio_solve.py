"""Solves a portfolio's programme: the cheapest plan, and the cheapest that the engineers at hand can run.

It words no advice and knows no catalogue. Under the limit on branches the
plan found so far comes back with its gap. It reads no clock.
"""

import math
from dataclasses import dataclass

from tools.portfolio_arrays import ProgramArrays, arrays_of
from tools.portfolio_plan import PortfolioPlan, plan_of
from tools.portfolio_program import Platform, PortfolioProgram, check_program
from tools.portfolio_search import NODES, PROVEN_GAP, search


@dataclass(frozen=True, slots=True)
class PortfolioAnswer:
    """Two plans: one that may need more engineers than there are, and one that may not.

    Args:
        plan: the cheapest, any missing engineer charged for.
        within_engineers: the cheapest that needs no more engineers than available; the same plan where no limit
            is known or it keeps to it; None where the limit leaves some workload without any choice, or
            (`search_ended` False) none was found within the limit on branches.
    """

    plan: PortfolioPlan
    within_engineers: PortfolioPlan | None
    search_ended: bool = True


def solve_portfolio(program: PortfolioProgram, nodes: int = NODES) -> PortfolioAnswer:
    """Find the plan with the least monthly cost that serves every workload once.

    Workloads with no choice at all are left out and listed. The order of workloads and pools changes nothing.

    Args:
        nodes: the most branches of each search by HiGHS; a plan cut short says so by its gap.

    Raises:
        InvalidInput: a key is there twice, or a number is impossible.
        UnknownName: a workload names a pool that is not there.
    """
    check_program(program)
    arrays = arrays_of(program)
    found = search(arrays, None, nodes)
    assert found.assignment is not None  # every workload left has a choice, and nothing else is limited
    plan = plan_of(arrays, found.assignment, found.bound_usd, PROVEN_GAP, charged=True)
    most = pools_within(program.platform)
    if most is None or plan.advice.pools <= most:
        return PortfolioAnswer(plan, plan)
    return _within(arrays, plan, most, nodes)


def pools_within(team: Platform) -> int | None:
    """Return the most pools that the available engineers can run; None where that is not limited."""
    if team.engineers_available is None:
        return None
    if team.engineers(1) > team.engineers_available + 1e-9:
        return 0
    if team.engineers_further <= 0:
        return None
    return 1 + math.floor((team.engineers_available - team.engineers_first) / team.engineers_further + 1e-9)


def _within(arrays: ProgramArrays, plan: PortfolioPlan, most: int, nodes: int) -> PortfolioAnswer:
    found = search(arrays, most, nodes)
    if found.assignment is None:
        return PortfolioAnswer(plan, None, search_ended=math.isinf(found.bound_usd))
    return PortfolioAnswer(plan, plan_of(arrays, found.assignment, found.bound_usd, PROVEN_GAP, charged=False))
