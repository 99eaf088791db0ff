"""A portfolio's programme as a mixed-integer matrix with tight rows. It calls no solver.

Columns, in this order: one per workload (its API), one per permitted pair of workload and pool, per pool whether
it is used, whether any is, the engineers missing, and per block the replicas beyond the first and the spare ones
and the owned cards used. A block is one period of an elastic pool (equal periods are merged), or a whole fixed pool.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tools.portfolio_arrays import MICRO, SLACK, Floats, Ints, ProgramArrays

_BROKEN = 1e-4


@dataclass(frozen=True, slots=True)
class Blocks:
    """Where replicas are counted: pool, the share of the periods that it stands for, and its periods."""

    pool: Ints
    weight: Floats
    periods: tuple[Ints, ...]
    first_period: Ints


@dataclass(frozen=True, slots=True)
class Programme:
    """Minimise cost @ v over low <= rows @ v <= high, lower <= v <= upper, whole where `whole` is 1.

    Rows are given as triplets (row, column, value). `base` is added to the cost.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    whole: Floats
    triplets: tuple[Ints, Ints, Floats]
    low: Floats
    high: Floats
    pair_workload: Ints
    pair_pool: Ints
    pool_column: int
    block_column: int
    block_pool: Ints
    block_period: Ints
    block_weight: Floats

    def extended(self, columns: int, rows: "Rows") -> "Programme":
        """Return the programme with further 0/1 columns that cost nothing, and further rows."""
        more = zip(self.triplets, rows.triplets(), strict=True)
        row, column, value = (np.concatenate(pair) for pair in more)
        return replace(
            self,
            cost=np.concatenate([self.cost, np.zeros(columns)]),
            lower=np.concatenate([self.lower, np.zeros(columns)]),
            upper=np.concatenate([self.upper, np.ones(columns)]),
            whole=np.concatenate([self.whole, np.ones(columns)]),
            triplets=(row, column, value),
            low=np.concatenate([self.low, *rows.low]),
            high=np.concatenate([self.high, *rows.high]),
        )


class Rows:
    """Collects rows as triplets."""

    def __init__(self, before: int = 0) -> None:
        self.parts: list[tuple[Ints, Ints, Floats]] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.count = before

    def add(self, size: int, low: float, high: float, *terms: tuple[Any, Any, Any]) -> None:
        """Add `size` rows with the same limits; a term is (row within these, column, value)."""
        for row, column, value in terms:
            values = np.broadcast_to(np.asarray(value, dtype=float), row.shape)
            self.parts.append((row + self.count, np.broadcast_to(column, row.shape), values))
        self.low.append(np.full(size, low))
        self.high.append(np.full(size, high))
        self.count += size

    def triplets(self) -> tuple[Ints, Ints, Floats]:
        """Return all triplets."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        return rows, columns, values


def blocks_of(arrays: ProgramArrays) -> Blocks:
    """Merge equal periods of elastic pools, and keep of a fixed pool only periods that no other one dominates."""
    pools, weights, periods, first = [], [], [], []
    for pool, fixed in enumerate(arrays.pools.fixed):
        loads = arrays.load[arrays.allowed[:, pool], pool, :]
        if not loads.size:
            continue
        distinct, merged = loads, np.arange(arrays.periods)
        if fixed or not _may_use_owned(arrays, pool):  # owned cards may go elsewhere in one of two equal periods
            distinct, merged = np.unique(loads, axis=1, return_inverse=True)
            merged = np.asarray(merged).ravel()
        starts = [int(np.flatnonzero(merged == index)[0]) for index in range(distinct.shape[1])]
        if fixed:
            kept = [start for index, start in enumerate(starts) if not _dominated(distinct, index)]
            pools.append(pool)
            weights.append(1.0)
            periods.append(np.array(kept))
            first.append(-1)
            continue
        for index in np.argsort(starts, kind="stable"):
            pools.append(pool)
            periods.append(np.array([starts[index]]))
            first.append(starts[index])
            weights.append(float((merged == index).mean()))
    return Blocks(np.array(pools, dtype=np.int64), np.array(weights), tuple(periods), np.array(first, dtype=np.int64))


def _may_use_owned(arrays: ProgramArrays, pool: int) -> bool:
    owned = arrays.program.owned_cards.get(arrays.pools.accelerator[pool], 0)
    return bool(owned > 0 and arrays.pools.saved_per_card[pool] > 0)


def _dominated(loads: Ints, index: int) -> bool:
    """Return whether another (distinct) period asks at least as much of every workload."""
    others = np.delete(loads, index, axis=1)
    return bool(np.any(np.all(others >= loads[:, [index]], axis=0)))


def programme_of(arrays: ProgramArrays, pools_at_most: int | None = None) -> Programme:
    """Build the programme.

    Args:
        pools_at_most: a hard limit on the pools used; None charges for missing engineers instead.
    """
    pair_workload, pair_pool = (part.astype(np.int64) for part in np.nonzero(arrays.allowed))
    blocks = blocks_of(arrays)
    workloads, pools, count = len(arrays.api_usd), len(arrays.pools.keys), len(blocks.pool)
    pool_column = workloads + len(pair_workload)
    any_column, missing_column, block_column = pool_column + pools, pool_column + pools + 1, pool_column + pools + 2
    card_column = block_column + count
    size = card_column + count

    team = arrays.program.platform
    standing = 1 + arrays.program.spare_replicas
    saved = blocks.weight * arrays.pools.saved_per_card[blocks.pool]
    owned = np.array([arrays.program.owned_cards.get(arrays.pools.accelerator[p], 0) for p in blocks.pool], dtype=float)
    reachable = np.isfinite(arrays.api_usd)
    cost = np.zeros(size)
    cost[:workloads] = np.where(reachable, arrays.api_usd, 0.0)
    cost[workloads:pool_column] = arrays.share_usd[pair_workload, pair_pool]
    cost[pool_column:any_column] = team.further_usd + standing * arrays.pools.replica_usd
    cost[any_column] = team.first_usd - team.further_usd
    cost[missing_column] = team.missing_engineer_usd
    cost[block_column:card_column] = blocks.weight * arrays.pools.replica_usd[blocks.pool]
    cost[card_column:] = -saved
    upper = np.ones(size)
    upper[:workloads] = reachable
    upper[missing_column] = np.inf
    most = arrays.load.sum(axis=0).max(axis=1) / MICRO
    upper[block_column:card_column] = np.ceil(most[blocks.pool])
    upper[card_column:] = np.where(saved > 0, owned, 0.0)
    whole = np.ones(size)
    whole[missing_column] = 0
    whole[card_column:] = 0

    rows = Rows()
    pairs = np.arange(len(pair_workload))
    every = np.arange(workloads)
    rows.add(workloads, 1, 1, (every, every, 1.0), (pair_workload, workloads + pairs, 1.0))
    for block, pool in enumerate(blocks.pool):
        mine = pairs[pair_pool == pool]
        for period in blocks.periods[block]:
            loads = arrays.load[pair_workload[mine], pool, period] / MICRO
            one = np.zeros(1, dtype=np.int64)
            terms = (np.zeros_like(mine), workloads + mine, loads)
            slack = SLACK / MICRO
            rows.add(1, -np.inf, slack, terms, (one, pool_column + pool, -1.0), (one, block_column + block, -1.0))
    _add_owned(rows, arrays, blocks, saved, owned, (pool_column, block_column, card_column))
    everyone = np.arange(pools)
    rows.add(len(pairs), -np.inf, 0, (pairs, workloads + pairs, 1.0), (pairs, pool_column + pair_pool, -1.0))
    rows.add(pools, -np.inf, 0, (everyone, pool_column + everyone, 1.0), (everyone, any_column, -1.0))
    one, zeros = np.zeros(1, dtype=np.int64), np.zeros(pools, dtype=np.int64)
    rows.add(1, -np.inf, 0, (one, any_column, 1.0), (zeros, pool_column + everyone, -1.0))
    if team.engineers_available is not None and pools_at_most is None and team.missing_engineer_usd > 0:
        first = team.engineers_first - team.engineers_further
        rows.add(1, -np.inf, team.engineers_available, (one, any_column, first),
                 (zeros, pool_column + everyone, team.engineers_further), (one, missing_column, -1.0))  # fmt: skip
    if pools_at_most is not None:
        rows.add(1, -np.inf, pools_at_most, (zeros, pool_column + everyone, 1.0))
    return Programme(
        cost=cost, lower=np.zeros(size), upper=upper, whole=whole, triplets=rows.triplets(),
        low=np.concatenate(rows.low), high=np.concatenate(rows.high), pair_workload=pair_workload,
        pair_pool=pair_pool, pool_column=pool_column, block_column=block_column,
        block_pool=blocks.pool, block_period=blocks.first_period, block_weight=blocks.weight,
    )  # fmt: skip


def with_heavy(arrays: ProgramArrays, programme: Programme, values: Floats) -> Programme:
    """Return the programme with the rows that a relaxation's values break: one large workload asks whole replicas."""
    rows = Rows(len(programme.low))
    for block, pool in enumerate(programme.block_pool):
        mine = np.flatnonzero(programme.pair_pool == pool)
        loads = arrays.load[programme.pair_workload[mine], pool]
        period = programme.block_period[block]
        alone = np.ceil((loads.max(axis=1) if period < 0 else loads[:, period]) / MICRO - SLACK / MICRO)
        columns = len(arrays.api_usd) + mine
        used, further = programme.pool_column + pool, programme.block_column + block
        short = (alone > 1) & (alone * values[columns] > values[used] + values[further] + _BROKEN)
        at = np.arange(int(short.sum()))
        rows.add(at.size, -np.inf, 0, (at, columns[short], alone[short]), (at, used, -1.0), (at, further, -1.0))
    return programme.extended(0, rows) if rows.count > len(programme.low) else programme


def _add_owned(
    rows: Rows, arrays: ProgramArrays, blocks: Blocks, saved: Floats, owned: Floats, columns: tuple[int, int, int]
) -> None:
    """Add: no pool uses more owned cards than it has cards, and no accelerator more than are owned."""
    pool_column, block_column, card_column = columns
    at = np.flatnonzero((saved > 0) & (owned > 0))
    if not at.size:
        return
    every = np.arange(at.size)
    cards = arrays.pools.cards[blocks.pool[at]].astype(float)
    rows.add(
        at.size, -np.inf, 0, (every, card_column + at, 1.0), (every, block_column + at, -cards),
        (every, pool_column + blocks.pool[at], -cards * (1 + arrays.program.spare_replicas)),
    )  # fmt: skip
    accelerators = np.array([arrays.pools.accelerator[p] for p in blocks.pool])
    for name in sorted({accelerators[b] for b in at}):
        for period in range(arrays.periods):
            mine = [b for b in at if accelerators[b] == name and blocks.first_period[b] in (-1, period)]
            if mine:
                here = np.array(mine)
                rows.add(1, -np.inf, owned[here[0]], (np.zeros_like(here), card_column + here, 1.0))
