"""How the loads of one elastic pool move together, as facts about two numbers: its loads in two periods.

Every period's load is at least a line in the loads of the quietest and the busiest period (the anchors), whatever
workloads choose the pool. The mean number of whole replicas is then a staircase over two numbers, and its convex
hull bounds it from below. It calls no solver of linear programmes; scipy finds the hull.
"""

from dataclasses import dataclass

import numpy as np

from tools.portfolio_arrays import MICRO, SLACK, Floats, Ints, Mask, ProgramArrays
from tools.portfolio_matrix import Programme

_SAFETY = 2e-5 - SLACK / MICRO
_MOST_LINES = 600
_BISECTIONS = 60
_STEEPEST = 64.0


@dataclass(frozen=True, slots=True)
class PoolShape:
    """One elastic pool with what may still choose it.

    Args:
        blocks: the pool's blocks; `weight` is the share of all periods that each stands for.
        columns: the columns of the pairs that are left; `first`, `last`: their loads in the anchors, in replicas.
        lines: shape (blocks, 2); a block's load is at least lines @ (first, last).
        share: the least and largest last / (first + last) of any pair, a little widened.
    """

    pool: int
    blocks: Ints
    weight: Floats
    columns: Ints
    first: Floats
    last: Floats
    lines: Floats
    share: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Limits on the loads of a pool in its two anchors, in replicas."""

    first: tuple[float, float]
    last: tuple[float, float]


def shape_of(arrays: ProgramArrays, programme: Programme, pool: int) -> PoolShape | None:
    """Return the shape of a pool; None where it is closed or fixed, or its load never changes."""
    blocks = np.flatnonzero(programme.block_pool == pool)
    if arrays.pools.fixed[pool] or len(blocks) < 2 or programme.upper[programme.pool_column + pool] < 1:
        return None
    mine = np.flatnonzero(programme.pair_pool == pool)
    columns = len(arrays.api_usd) + mine
    left = programme.upper[columns] > 0.5
    mine, columns = mine[left], columns[left]
    loads = arrays.load[programme.pair_workload[mine], pool][:, programme.block_period[blocks]] / MICRO
    total = loads.sum(axis=0)
    first, last = int(total.argmin()), int(total.argmax())
    ends = loads[:, first] + loads[:, last]
    some = ends > 0
    if first == last or not some.any():
        return None
    share = loads[some, last] / ends[some]
    return PoolShape(
        pool, blocks, programme.block_weight[blocks], columns, loads[:, first], loads[:, last],
        _lines(share, loads[some] / ends[some, None], float(total[last] / (total[first] + total[last]))),
        (max(float(share.min()) - 1e-4, 0.0), min(float(share.max()) + 1e-4, 1.0)),
    )  # fmt: skip


def _lines(share: Floats, height: Floats, at: float) -> Floats:
    """Return lines under the points (share, height) of each block that are highest at `at`, by bisecting slopes."""
    low, high = np.full(height.shape[1], -_STEEPEST), np.full(height.shape[1], _STEEPEST)
    for _ in range(_BISECTIONS):
        slope = (low + high) / 2
        lowest = (height + slope * (at - share[:, None])).argmin(axis=0)
        rising = share[lowest] < at
        low, high = np.where(rising, slope, low), np.where(rising, high, slope)
    base = (height - low * share[:, None]).min(axis=0)
    return np.column_stack([base, base + low])


def facets(shape: PoolShape, box: Box, most: int) -> Floats:
    """Return planes under the mean number of whole replicas while the pool is used: rows (per first, per last, base).

    Args:
        most: how many planes to keep, those that cover most of the box first.
    """
    from scipy.spatial import ConvexHull, QhullError

    points, exact = _corners(shape, box)
    if len(points) < 4:
        return np.zeros((0, 3))
    loads = points @ shape.lines.T
    replicas = np.maximum(np.where(exact, np.ceil(loads - SLACK / MICRO - _SAFETY), loads - _SAFETY), 1.0)
    height = replicas @ shape.weight
    if np.ptp(height) < 1e-9:
        return np.array([[0.0, 0.0, float(height.min())]])
    try:
        hull = ConvexHull(np.column_stack([points, height]))
    except QhullError:
        return np.zeros((0, 3))
    below = hull.equations[:, 2] < -1e-7
    planes = -hull.equations[below][:, [0, 1, 3]] / hull.equations[below][:, [2]]
    corner = points[hull.simplices[below]]
    side, other = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    area = np.abs(side[:, 0] * other[:, 1] - side[:, 1] * other[:, 0])
    distinct, which = np.unique(np.round(planes, 6), axis=0, return_inverse=True)
    covered = np.bincount(np.asarray(which).ravel(), weights=area)
    kept = distinct[np.argsort(-covered, kind="stable")[:most]]
    above = (points @ kept[:, :2].T + kept[:, 2] - height[:, None]).max(axis=0)
    kept[:, 2] -= np.maximum(above, 0.0) + 1e-9
    return kept


def _corners(shape: PoolShape, box: Box) -> tuple[Floats, Mask]:
    """Return where steps of the staircase meet each other or the limits, and which blocks' steps are among them."""
    (left, right), (bottom, top) = box.first, box.last
    ends = np.array([[left, bottom], [left, top], [right, bottom], [right, top]]) @ shape.lines.T
    first, last = np.maximum(np.ceil(ends.min(axis=0)), 1), np.floor(ends.max(axis=0))
    counts = np.maximum(last - first + 1, 0)
    exact = np.cumsum(counts) <= _MOST_LINES  # a block without its steps counts by its load alone
    normal, level = [np.zeros((0, 2))], [np.zeros(0)]
    for block in np.flatnonzero(exact & (counts > 0)):
        steps = np.arange(first[block], last[block] + 1)
        normal.append(np.repeat(shape.lines[[block]], len(steps), axis=0))
        level.append(steps + SLACK / MICRO)
    low, high = shape.share
    normal.append(np.array([[1.0, 0], [1, 0], [0, 1], [0, 1], [-low, 1 - low], [-high, 1 - high]]))
    level.append(np.array([left, right, bottom, top, 0, 0]))
    side, at = np.concatenate(normal), np.concatenate(level)
    one, two = np.triu_indices(len(at), 1)
    cross = side[one, 0] * side[two, 1] - side[one, 1] * side[two, 0]
    meet = np.abs(cross) > 1e-9
    one, two, cross = one[meet], two[meet], cross[meet]
    x = (at[one] * side[two, 1] - at[two] * side[one, 1]) / cross
    y = (side[one, 0] * at[two] - side[two, 0] * at[one]) / cross
    near = 1e-6
    inside = (x >= left - near) & (x <= right + near) & (y >= bottom - near) & (y <= top + near)
    inside &= (y >= low * (x + y) - near) & (y <= high * (x + y) + near)
    return np.unique(np.round(np.column_stack([x, y])[inside], 7), axis=0), exact
