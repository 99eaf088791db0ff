"""Rows that tell the relaxation of a portfolio's programme what whole replicas waste. It calls no solver.

The relaxation rents a fraction of a replica in every period. Where the loads of an elastic pool move together,
its replicas of all periods are steps of one number, the mean load: between two steps every period's replicas are
known. One column per step (it is taken or not) makes the relaxation as dear as the lower hull of these steps.
Loads that do not move together weaken the rows (by `slip`), and never make them wrong.
"""

from dataclasses import dataclass

import numpy as np

from tools.portfolio_arrays import MICRO, SLACK, Floats, Ints, ProgramArrays
from tools.portfolio_matrix import Programme, Rows

_MOST_STEPS = 1500


@dataclass(frozen=True, slots=True)
class MeanLoad:
    """The mean load of one elastic pool as a sum over columns: `fixed` + `load` @ columns, in replicas.

    `trend` and `slip` have shape (blocks,): a period's load is at least fixed part + trend x free mean load - slip.
    """

    pool: int
    blocks: Ints
    columns: Ints
    load: Floats
    fixed: float
    fixed_by_block: Floats
    trend: Floats
    slip: Floats


def mean_load(arrays: ProgramArrays, programme: Programme, pool: int) -> MeanLoad | None:
    """Return the mean load of a pool, or None where it has one period, fixed size, or nothing left to choose."""
    at = np.flatnonzero(programme.block_pool == pool)
    mine = np.flatnonzero(programme.pair_pool == pool)
    columns = len(arrays.api_usd) + mine
    sure = programme.lower[columns] > 0.5
    free = ~sure & (programme.upper[columns] > 0.5)
    if arrays.pools.fixed[pool] or len(at) < 2 or not free.any() or programme.upper[programme.pool_column + pool] < 1:
        return None
    loads = arrays.load[programme.pair_workload[mine], pool][:, programme.block_period[at]] / MICRO
    weight = programme.block_weight[at]
    mean = loads @ weight
    if mean[free].sum() <= 0:
        return None
    trend = loads[free].sum(axis=0) / mean[free].sum()
    slip = np.maximum(mean[free, None] * trend - loads[free], 0.0).sum(axis=0)
    return MeanLoad(
        pool, at, columns[free], mean[free], float(mean[sure].sum()), loads[sure].sum(axis=0), trend, slip
    )  # fmt: skip


def add_steps(programme: Programme, found: MeanLoad, low: float, high: float) -> Programme:
    """Return the programme with the steps of one pool whose free mean load lies within [low, high] when it is used."""
    slack = SLACK / MICRO
    shift = slack + found.slip - found.fixed_by_block
    limits = []
    for trend, moved in zip(found.trend, shift, strict=True):
        if trend > 0:
            first, last = np.ceil(low * trend - moved), np.floor(high * trend - moved)
            limits.append((np.arange(max(first, 1.0), last + 1.0) + moved) / trend)
    ends = np.unique(np.concatenate([*limits, [low, high]]))
    ends = ends[(ends >= low) & (ends <= high)]
    if not 2 <= len(ends) <= _MOST_STEPS:
        return programme
    starts, ends = ends[:-1], ends[1:]
    # the load exceeds the start of its step, so each period needs more than this many replicas
    held = np.maximum(np.floor(starts[:, None] * found.trend - shift + 1e-9) + 1.0, 1.0)
    size, count = len(programme.cost), len(ends)
    steps = size + np.arange(count)
    rows = Rows(len(programme.low))
    one = np.zeros(1, dtype=np.int64)
    zeros = np.zeros(count, dtype=np.int64)
    used = programme.pool_column + found.pool
    rows.add(1, 0, 0, (zeros, steps, 1.0), (one, np.array([used]), -1.0))
    here = np.zeros_like(found.columns)
    rows.add(1, -np.inf, slack, (here, found.columns, found.load), (zeros, steps, -ends))
    for index, block in enumerate(found.blocks):
        column = np.array([programme.block_column + block])
        rows.add(1, -np.inf, 0, (zeros, steps, held[:, index]), (one, column, -1.0), (one, np.array([used]), -1.0))
    return programme.extended(count, rows)
