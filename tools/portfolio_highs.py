"""HiGHS on a portfolio's programme: its relaxation, and its search under a limit on branches. No clock stops it.

HiGHS comes with scipy, imported when first needed.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.native_output import native_output_to_stderr
from tools.portfolio_arrays import Floats
from tools.portfolio_matrix import Programme


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A programme's optimum without whole numbers.

    Args:
        bound: its cost, US dollars per month.
        values: of the columns.
        reduced: what moving each column off its limit costs per unit.
    """

    bound: float
    values: Floats
    reduced: Floats


@dataclass(frozen=True, slots=True)
class Branched:
    """What a search found: values (None where nothing), a lower bound on any, and whether nothing is there at all."""

    values: Floats | None
    bound: float
    empty: bool


def relax(programme: Programme) -> Relaxed | None:
    """Solve without whole numbers; None where nothing is feasible."""
    from scipy.optimize import linprog

    matrix = _matrix(programme)
    equal = programme.low == programme.high
    result = linprog(
        programme.cost, A_ub=matrix[~equal], b_ub=programme.high[~equal], A_eq=matrix[equal],
        b_eq=programme.high[equal], bounds=np.column_stack([programme.lower, programme.upper]), method="highs-ds",
    )  # fmt: skip
    if result.status == 2:
        return None
    if result.status != 0:  # HiGHS gave up: this relaxation says nothing, which is never wrong
        return Relaxed(-np.inf, programme.lower, np.zeros_like(programme.cost))
    return Relaxed(float(result.fun), result.x, result.lower.marginals + result.upper.marginals)


def branch(programme: Programme, nodes: int, gap: float = 0.0) -> Branched:
    """Search with at most so many branches, or until the found is within `gap` (a share) of the bound."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    with native_output_to_stderr():
        result = milp(
            programme.cost,
            integrality=programme.whole,
            bounds=Bounds(programme.lower, programme.upper),
            constraints=LinearConstraint(_matrix(programme), programme.low, programme.high),
            options={"node_limit": max(int(nodes), 1), "mip_rel_gap": float(gap)},
        )
    bound = result.mip_dual_bound
    return Branched(result.x, -np.inf if bound is None else float(bound), result.status == 2)


def _matrix(programme: Programme) -> Any:
    from scipy.sparse import csr_array

    row, column, value = programme.triplets
    return csr_array((value, (row, column)), shape=(len(programme.low), len(programme.cost)))
