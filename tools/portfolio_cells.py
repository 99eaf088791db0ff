"""Rows that tell the programme what whole replicas waste where loads do not move together. It calls no solver.

The loads of a pool in its two anchor periods lie in one cell of a grid; within the cell, planes under the staircase
of replicas bound what the pool costs. One cell: planes that hold everywhere. More: columns whose branches say
beyond which line of the grid the loads lie.
"""

import numpy as np

from tools.portfolio_arrays import Floats, Ints, ProgramArrays
from tools.portfolio_matrix import Programme, Rows
from tools.portfolio_shape import Box, PoolShape, facets

_NARROWEST = 0.4
_PLANES_OF_ONE = 40
_PLANES_OF_MANY = 8


def add_cells(arrays: ProgramArrays, programme: Programme, shape: PoolShape, box: Box, most: int) -> Programme:
    """Return the programme with the cells of one pool whose loads lie in the box when it is used.

    Args:
        most: how many cells at most along each of the two loads.
    """
    across, up = _grid(box.first, most), _grid(box.last, most)
    found = _cells(shape, across, up)
    count = len(found)
    if not count:
        return programme
    start = len(programme.cost)
    each = np.arange(count)
    first, last, usage, chosen = (start + part * count + each for part in range(4))
    column, row = np.array([i for i, _, _ in found]), np.array([j for _, j, _ in found])
    one, zeros = np.zeros(1, dtype=np.int64), np.zeros(count, dtype=np.int64)
    here = np.zeros_like(shape.columns)
    used = np.array([programme.pool_column + shape.pool])
    rows = Rows(len(programme.low))
    rows.add(1, 0, 0, (here, shape.columns, shape.first), (zeros, first, -1.0))
    rows.add(1, 0, 0, (here, shape.columns, shape.last), (zeros, last, -1.0))
    rows.add(1, 0, 0, (zeros, chosen, 1.0), (one, used, -1.0))
    for load, lines, place in ((first, across, column), (last, up, row)):
        rows.add(count, -np.inf, 0, (each, chosen, lines[place]), (each, load, -1.0))
        rows.add(count, -np.inf, 0, (each, load, 1.0), (each, chosen, -lines[place + 1]))
    low, high = shape.share
    rows.add(count, -np.inf, 0, (each, first, low), (each, last, low - 1.0))
    rows.add(count, -np.inf, 0, (each, last, 1.0 - high), (each, first, -high))
    blocks = np.zeros(len(shape.blocks), dtype=np.int64)
    held = (blocks, programme.block_column + shape.blocks, -shape.weight)
    rows.add(1, -np.inf, 0, (zeros, usage, 1.0), held, (one, used, -shape.weight.sum()))
    for cell, (_, _, planes) in enumerate(found):
        at, same = np.arange(len(planes)), np.full(len(planes), cell)
        rows.add(len(planes), -np.inf, 0, (at, first[same], planes[:, 0]), (at, last[same], planes[:, 1]),
                 (at, chosen[same], planes[:, 2]), (at, usage[same], -1.0))  # fmt: skip
    beyond = _add_branches(rows, start + 4 * count, chosen, (column, row))
    more = programme.extended(4 * count + beyond, rows)
    more.upper[start : start + 3 * count] = np.inf
    more.whole[start : start + 4 * count] = 0
    return more


def _grid(limits: tuple[float, float], most: int) -> Floats:
    low, high = limits
    return np.linspace(low, high, max(min(most, int((high - low) / _NARROWEST)), 1) + 1)


def _cells(shape: PoolShape, across: Floats, up: Floats) -> list[tuple[int, int, Floats]]:
    """Return the cells that a mix of the pool's workloads can reach, each with its planes."""
    low, high = shape.share
    alone = len(across) == 2 and len(up) == 2
    found = []
    for i in range(len(across) - 1):
        for j in range(len(up) - 1):
            too_low = up[j + 1] * (1 - low) < low * across[i] - 1e-6
            too_high = up[j] * (1 - high) > high * across[i + 1] + 1e-6
            if too_low or too_high:
                continue
            box = Box((across[i], across[i + 1]), (up[j], up[j + 1]))
            found.append((i, j, facets(shape, box, _PLANES_OF_ONE if alone else _PLANES_OF_MANY)))
    return found


def _add_branches(rows: Rows, start: int, chosen: Ints, places: tuple[Ints, Ints]) -> int:
    """Add a 0/1 column per inner line of the grid, 1 where the chosen cell lies beyond it; return how many."""
    count = 0
    for place in places:
        for line in range(1, int(place.max()) + 1):
            beyond = chosen[place >= line]
            zeros, one = np.zeros(len(beyond), dtype=np.int64), np.zeros(1, dtype=np.int64)
            rows.add(1, 0, 0, (zeros, beyond, 1.0), (one, np.array([start + count]), -1.0))
            count += 1
    return count
