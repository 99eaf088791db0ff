"""Limits on a portfolio's programme that no plan cheaper than the one at hand exceeds. It finds no plan.

All that is ruled out here costs at least as much as the plan at hand, so the cheaper of that plan and the best of
what is left is the optimum.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from tools.portfolio_arrays import Floats, Ints, ProgramArrays
from tools.portfolio_cells import add_cells
from tools.portfolio_highs import Relaxed, relax
from tools.portfolio_matrix import Programme, Rows
from tools.portfolio_shape import Box, PoolShape, shape_of
from tools.portfolio_steps import add_steps, mean_load

_SAFETY = 1e-6
_TOGETHER = 1e-3


def rule_out(programme: Programme, relaxed: Relaxed, usd: float) -> None:
    """Tighten the limits of whole columns by their reduced costs, in place."""
    values, reduced = relaxed.values, relaxed.reduced
    room = max(usd - relaxed.bound, 0.0) + _SAFETY * max(usd, 1.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        steps = np.floor(np.where(reduced != 0, room / np.abs(reduced), 0.0))
    at_low = (programme.whole > 0) & (reduced > 0) & (values <= programme.lower + 1e-9)
    at_high = (programme.whole > 0) & (reduced < 0) & (values >= programme.upper - 1e-9)
    programme.upper[at_low] = np.minimum(programme.upper, programme.lower + steps)[at_low]
    programme.lower[at_high] = np.maximum(programme.lower, programme.upper - steps)[at_high]


def probe_pools(programme: Programme, usd: float) -> None:
    """Close or open for good each pool whose opposite the relaxation shows to be too dear."""
    for column in range(programme.pool_column, programme.block_column - 2):
        for value in (0.0, 1.0):
            if programme.lower[column] == programme.upper[column]:
                break
            kept = programme.lower[column], programme.upper[column]
            programme.lower[column] = programme.upper[column] = value
            relaxed = relax(programme)
            programme.lower[column], programme.upper[column] = kept
            if relaxed is None or relaxed.bound > usd + _SAFETY * usd:
                programme.lower[column] = programme.upper[column] = 1.0 - value


def boxes(arrays: ProgramArrays, programme: Programme, pools: list[int], usd: float) -> Iterator[tuple[PoolShape, Box]]:
    """Give, for each elastic pool whose loads do not move together, its shape and its loads within the cost."""
    for pool in pools:
        shape = shape_of(arrays, programme, pool)
        if shape is None or _moves_together(arrays, programme, pool):
            continue
        first = load_range(programme, pool, shape.columns, shape.first, usd)
        last = load_range(programme, pool, shape.columns, shape.last, usd)
        if first is None or last is None:  # with this pool, everything is dearer
            _close(programme, pool)
            continue
        yield shape, Box(first, last)


def with_cells(
    arrays: ProgramArrays, programme: Programme, found: list[tuple[PoolShape, Box]], most: Mapping[int, int]
) -> Programme:
    """Return the programme with the cells of several pools; `most`: how many along each load, 1 where not said."""
    for shape, box in found:
        programme = add_cells(arrays, programme, shape, box, most.get(shape.pool, 1))
    return programme


def with_steps(arrays: ProgramArrays, programme: Programme, pools: list[int], usd: float) -> Programme:
    """Add the steps of each elastic pool of these whose loads move together, over the mean loads within the cost."""
    for pool in pools:
        found = mean_load(arrays, programme, pool)
        if found is None or not _moves_together(arrays, programme, pool):
            continue
        within = load_range(programme, pool, found.columns, found.load, usd)
        if within is None:
            _close(programme, pool)
            continue
        programme = add_steps(programme, found, within[0], min(within[1], float(found.load.sum())))
    return programme


def load_range(programme: Programme, pool: int, columns: Ints, load: Floats, usd: float) -> tuple[float, float] | None:
    """Return the least and most of load @ columns, in replicas, with the pool used and the cost kept; None: dearer."""
    row = np.zeros_like(programme.cost, dtype=np.int64)
    capped = Rows(len(programme.low))
    if np.isfinite(usd):
        capped.add(1, -np.inf, usd * (1 + _SAFETY), (row, np.arange(len(programme.cost)), programme.cost))
        programme = programme.extended(0, capped)
    lower = programme.lower.copy()
    lower[programme.pool_column + pool] = 1.0
    ends = []
    for sign in (1.0, -1.0):
        aim = np.zeros_like(programme.cost)
        aim[columns] = sign * load
        relaxed = relax(replace(programme, cost=aim, lower=lower))
        if relaxed is None:
            return None
        ends.append(sign * relaxed.bound)
    low, high = max(ends[0], 0.0), min(ends[1], float(load.sum()))
    return max(low - 1e-6, 0.0), high + 1e-6


def _moves_together(arrays: ProgramArrays, programme: Programme, pool: int) -> bool:
    found = mean_load(arrays, programme, pool)
    return found is not None and float(found.slip.max()) <= _TOGETHER


def _close(programme: Programme, pool: int) -> None:
    """Rule a pool out, in place."""
    programme.upper[programme.pool_column + pool] = 0.0
