"""The exact search: a relaxation, what it rules out, and HiGHS on what is left. It knows arrays, not workloads.

A choice is ruled out when the relaxation with it costs at least as much as a plan already found; so the cheaper
of that plan and the best of what is left is the optimum. HiGHS comes with scipy, imported when first needed.
"""

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tools.native_output import native_output_to_stderr
from tools.portfolio_arrays import Floats, Ints, ProgramArrays
from tools.portfolio_greedy import best_assignment, improve, penalised_usd
from tools.portfolio_matrix import Programme, Rows, programme_of
from tools.portfolio_steps import MeanLoad, add_steps, mean_load

_SAFETY = 1e-6
PROVEN_GAP = 1e-6
_ROUNDS = 3
_NEAR = 0.05
_CORE_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Found:
    """The best assignment found, its cost, and a proven lower bound on any; None where there is none."""

    assignment: Ints | None
    usd: float
    bound_usd: float

    @property
    def gap(self) -> float:
        """The share of the cost that a better plan could at most save."""
        if self.usd <= self.bound_usd:
            return 0.0
        return (self.usd - self.bound_usd) / self.usd


def search(arrays: ProgramArrays, pools_at_most: int | None, time_limit_s: float, tight: bool = True) -> Found:
    """Find the cheapest assignment.

    Args:
        tight: off, hand the plain programme to HiGHS and nothing else (to measure what the rest is worth).
    """
    stop_at = time.perf_counter() + time_limit_s
    if not len(arrays.api_usd):
        return Found(np.zeros(0, dtype=np.int64), 0.0, 0.0)
    programme = programme_of(arrays, pools_at_most, tight)
    if not tight:
        return _exact(arrays, programme, None, np.inf, pools_at_most, stop_at)
    relaxed = _relax(programme)
    if relaxed is None:
        return Found(None, np.inf, np.inf)
    best, usd = best_assignment(arrays, _rounded(arrays, programme, relaxed[1]), pools_at_most)
    known = relaxed[0]
    for with_steps in (False, True):
        if with_steps:
            plain, programme = programme, _with_steps(arrays, programme, usd, stop_at)
            if programme is plain:
                break
        for round_ in range(_ROUNDS):
            relaxed = _relax(programme)
            if relaxed is None:  # nothing left is cheaper than what was found
                return Found(best, usd, usd)
            known = max(known, min(relaxed[0], usd))
            if best is not None and usd - known <= PROVEN_GAP * usd:
                return Found(best, usd, known)
            before = _decided(programme)
            if not round_:
                best, usd = _better(arrays, programme, relaxed, (best, usd), pools_at_most, stop_at)
            _rule_out(programme, relaxed, usd)
            _probe_pools(programme, usd, stop_at)
            if _decided(programme) <= before * 1.05 or time.perf_counter() > stop_at:
                break
    return _exact(arrays, programme, best, usd, pools_at_most, stop_at, known)


def _decided(programme: Programme) -> int:
    return int((programme.lower == programme.upper).sum())


def _better(
    arrays: ProgramArrays, programme: Programme, relaxed: tuple[float, Floats, Floats],
    found: tuple[Ints | None, float], pools_at_most: int | None, stop_at: float,
) -> tuple[Ints | None, float]:  # fmt: skip
    """Search only choices that the relaxation finds nearly as good as its own, for a better plan; proves nothing."""
    _, usd = found
    bound, values, reduced = relaxed
    room = _NEAR * max(usd - bound, 0.0) if np.isfinite(usd) else np.inf
    core = replace(programme, lower=programme.lower.copy(), upper=programme.upper.copy())
    off = (programme.whole > 0) & (np.abs(reduced) > room)
    core.lower[off] = core.upper[off] = np.round(values[off])
    seconds = min(_CORE_SHARE * (stop_at - time.perf_counter()), 2.0)
    if seconds <= 0:
        return found
    result = _highs(core, seconds, 1e-4)
    if result.x is None:
        return found
    other = (
        improve(arrays, _rounded(arrays, programme, result.x))
        if pools_at_most is None
        else _rounded(arrays, programme, result.x)
    )
    cost = penalised_usd(arrays, other, pools_at_most)
    return (other, cost) if cost < usd - 1e-9 else found


def _rows(programme: Programme) -> Any:
    from scipy.sparse import csr_array

    row, column, value = programme.triplets
    return csr_array((value, (row, column)), shape=(len(programme.low), len(programme.cost)))


def _relax(programme: Programme) -> tuple[float, Floats, Floats] | None:
    """Solve without whole numbers: the bound, the values, what moving each off its limit costs; None: infeasible."""
    from scipy.optimize import linprog

    matrix = _rows(programme)
    equal = programme.low == programme.high
    result = linprog(
        programme.cost, A_ub=matrix[~equal], b_ub=programme.high[~equal], A_eq=matrix[equal],
        b_eq=programme.high[equal], bounds=np.column_stack([programme.lower, programme.upper]), method="highs",
    )  # fmt: skip
    if result.status == 2:
        return None
    if result.status != 0:  # HiGHS gave up: this relaxation says nothing, which is never wrong
        return -np.inf, programme.lower, np.zeros_like(programme.cost)
    return float(result.fun), result.x, result.lower.marginals + result.upper.marginals


def _rule_out(programme: Programme, relaxed: tuple[float, Floats, Floats], usd: float) -> None:
    """Tighten the limits of whole columns by their reduced costs, in place."""
    bound, values, reduced = relaxed
    room = max(usd - bound, 0.0) + _SAFETY * max(usd, 1.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        steps = np.floor(np.where(reduced != 0, room / np.abs(reduced), 0.0))
    at_low = (programme.whole > 0) & (reduced > 0) & (values <= programme.lower + 1e-9)
    at_high = (programme.whole > 0) & (reduced < 0) & (values >= programme.upper - 1e-9)
    programme.upper[at_low] = np.minimum(programme.upper, programme.lower + steps)[at_low]
    programme.lower[at_high] = np.maximum(programme.lower, programme.upper - steps)[at_high]


def _probe_pools(programme: Programme, usd: float, stop_at: float) -> None:
    """Close or open for good each pool whose opposite the relaxation shows to be too dear."""
    for column in range(programme.pool_column, programme.block_column - 2):
        for value in (0.0, 1.0):
            if programme.lower[column] == programme.upper[column] or time.perf_counter() > stop_at:
                break
            kept = programme.lower[column], programme.upper[column]
            programme.lower[column] = programme.upper[column] = value
            relaxed = _relax(programme)
            programme.lower[column], programme.upper[column] = kept
            if relaxed is None or relaxed[0] > usd + _SAFETY * usd:
                programme.lower[column] = programme.upper[column] = 1.0 - value


def _with_steps(arrays: ProgramArrays, programme: Programme, usd: float, stop_at: float) -> Programme:
    """Add the steps of each elastic pool over the mean loads that a plan no dearer than `usd` can have."""
    for pool in range(len(arrays.pools.keys)):
        found = mean_load(arrays, programme, pool)
        if found is None or time.perf_counter() > stop_at:
            continue
        low, high = _range(programme, found, usd)
        programme = add_steps(programme, found, low, high)
    return programme


def _range(programme: Programme, found: MeanLoad, usd: float) -> tuple[float, float]:
    """Return the least and most free mean load of a used pool within the cost."""
    row = np.zeros_like(programme.cost, dtype=np.int64)
    capped = Rows(len(programme.low))
    every = np.arange(len(programme.cost))
    capped.add(1, -np.inf, usd * (1 + _SAFETY), (row, every, programme.cost))
    limited = programme.extended(0, capped)
    column = programme.pool_column + found.pool
    lower = programme.lower.copy()
    lower[column] = 1.0
    ends = []
    for sign in (1.0, -1.0):
        aim = np.zeros_like(programme.cost)
        aim[found.columns] = sign * found.load
        relaxed = _relax(replace(limited, cost=aim, lower=lower))
        ends.append(None if relaxed is None else sign * relaxed[0])
    low, high = ends
    whole = float(found.load.sum())
    return max(low or 0.0, 0.0) - 1e-6, min(whole if high is None else high + 1e-6, whole)


def _rounded(arrays: ProgramArrays, programme: Programme, values: Floats) -> Ints:
    """Return for each workload the choice with the largest value in a solution of the programme."""
    workloads = len(arrays.api_usd)
    shares = np.zeros(arrays.allowed.shape)
    shares[programme.pair_workload, programme.pair_pool] = values[workloads : programme.pool_column]
    return np.asarray(np.column_stack([values[:workloads], shares]).argmax(axis=1) - 1, dtype=np.int64)


def _exact(
    arrays: ProgramArrays, programme: Programme, best: Ints | None, usd: float, pools_at_most: int | None,
    stop_at: float, known: float = 0.0,
) -> Found:  # fmt: skip
    """Let HiGHS search what is left, and keep the cheaper of its plan and the one at hand."""
    result = _highs(programme, max(stop_at - time.perf_counter(), 0.1), 0.0)
    if result.status == 2:
        return Found(best, usd, usd)
    if result.x is not None:
        other = _rounded(arrays, programme, result.x)
        cost = penalised_usd(arrays, other, pools_at_most)
        if cost < usd - _SAFETY or best is None:
            best, usd = other, cost
    bound = result.mip_dual_bound
    bound = -np.inf if bound is None else float(bound)
    return Found(best, usd, min(usd, max(bound, known, 0.0)))


def _highs(programme: Programme, seconds: float, gap: float) -> Any:
    from scipy.optimize import Bounds, LinearConstraint, milp

    with native_output_to_stderr():
        return milp(
            programme.cost,
            integrality=programme.whole,
            bounds=Bounds(programme.lower, programme.upper),
            constraints=LinearConstraint(_rows(programme), programme.low, programme.high),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )
