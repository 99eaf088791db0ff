"""A portfolio's programme as arrays, and the exact bill of any assignment. It searches nothing.

Loads are held as whole millionths of a replica, so that sums are exact whatever their order. A load that exceeds
a whole number by no more than `SLACK` millionths is rounding noise of the caller and asks for no further replica.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.portfolio_program import ApiChoice, PortfolioProgram, ProgramWorkload

MICRO = 1_000_000
SLACK = 10
API = -1

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PoolArrays:
    """The pools as columns of shape (pools,), sorted by key."""

    keys: tuple[str, ...]
    replica_usd: Floats
    running_usd: Floats
    fixed: Mask
    cards: Ints
    accelerator: tuple[str, ...]
    saved_per_card: Floats

    def rows(self, which: Ints) -> "PoolArrays":
        """Return some pools, one of them perhaps more than once."""
        return PoolArrays(
            keys=tuple(self.keys[p] for p in which),
            replica_usd=self.replica_usd[which],
            running_usd=self.running_usd[which],
            fixed=self.fixed[which],
            cards=self.cards[which],
            accelerator=tuple(self.accelerator[p] for p in which),
            saved_per_card=self.saved_per_card[which],
        )


@dataclass(frozen=True, slots=True)
class ProgramArrays:
    """The programme as arrays; workloads sorted by key, without those that have no choice at all.

    Args:
        api_usd: (workloads,), the cheapest API; infinite where there is none.
        allowed: (workloads, pools).
        load: (workloads, pools, periods), millionths of a replica.
        share_usd: (workloads, pools), what a workload costs on a pool beyond the replicas.
    """

    program: PortfolioProgram
    workloads: tuple[ProgramWorkload, ...]
    unserved: tuple[str, ...]
    apis: tuple[ApiChoice | None, ...]
    pools: PoolArrays
    api_usd: Floats
    allowed: Mask
    load: Ints
    share_usd: Floats

    @property
    def periods(self) -> int:
        """The number of periods."""
        return int(self.load.shape[2])


def arrays_of(program: PortfolioProgram) -> ProgramArrays:
    """Sort the programme by key and stack it, so that the caller's order cannot matter."""
    ordered = sorted(program.workloads, key=lambda w: w.key)
    served = tuple(w for w in ordered if w.apis or w.shares)
    pools = _pool_arrays(program)
    shape = (len(served), len(pools.keys))
    allowed, share_usd = np.zeros(shape, dtype=bool), np.zeros(shape)
    load = np.zeros((*shape, program.periods), dtype=np.int64)
    place = {key: index for index, key in enumerate(pools.keys)}
    for row, workload in enumerate(served):
        for share in workload.shares:
            column = place[share.pool]
            allowed[row, column] = True
            load[row, column] = np.round(np.asarray(share.load, dtype=float) * MICRO).astype(np.int64)
            share_usd[row, column] = share.monthly_usd + program.platform.integration_usd
    apis = tuple(min(w.apis, key=lambda api: (api.monthly_usd, api.key), default=None) for w in served)
    return ProgramArrays(
        program=program,
        workloads=served,
        unserved=tuple(w.key for w in ordered if not (w.apis or w.shares)),
        apis=apis,
        pools=pools,
        api_usd=np.array([api.monthly_usd if api else np.inf for api in apis]),
        allowed=allowed,
        load=load,
        share_usd=share_usd,
    )


def _pool_arrays(program: PortfolioProgram) -> PoolArrays:
    pools = sorted(program.pools, key=lambda pool: pool.key)
    return PoolArrays(
        keys=tuple(pool.key for pool in pools),
        replica_usd=np.array([pool.replica_usd for pool in pools], dtype=float),
        running_usd=np.array([pool.running_usd_per_replica for pool in pools], dtype=float),
        fixed=np.array([pool.billing == "fixed" for pool in pools], dtype=bool),
        cards=np.array([pool.cards_per_replica for pool in pools], dtype=np.int64),
        accelerator=tuple(pool.accelerator for pool in pools),
        saved_per_card=np.array([pool.saved_usd_per_owned_card for pool in pools], dtype=float),
    )


def whole_replicas(load: Ints) -> Ints:
    """Return the replicas that carry a load (in millionths): whole ones, and at least one."""
    return np.maximum(-((SLACK - load) // MICRO), 1)


def pool_loads(arrays: ProgramArrays, assignment: Ints) -> Ints:
    """Return the load of each pool, shape (pools, periods), for a pool index (or API) per workload."""
    loads = np.zeros(arrays.load.shape[1:], dtype=np.int64)
    on_pool = np.flatnonzero(assignment != API)
    np.add.at(loads, assignment[on_pool], arrays.load[on_pool, assignment[on_pool]])
    return loads


def pool_replicas(arrays: ProgramArrays, assignment: Ints) -> Ints:
    """Return whole replicas with the spare ones, shape (pools, periods); zero for a pool that nothing uses."""
    replicas = whole_replicas(pool_loads(arrays, assignment)) + arrays.program.spare_replicas
    replicas = np.where(arrays.pools.fixed[:, None], replicas.max(axis=1, keepdims=True), replicas)
    used = np.bincount(assignment[assignment != API], minlength=len(arrays.pools.keys)) > 0
    return np.where(used[:, None], replicas, 0)


def owned_cards_used(pools: PoolArrays, owned_cards: Mapping[str, int], replicas: Ints) -> Ints:
    """Share the owned cards among the pools so that they save most; shape (pools, periods).

    A pool of fixed size holds the same cards throughout, so per accelerator: try every number of cards for the
    fixed pools at which the marginal saving can change, and give the rest to the elastic ones, period by period.
    """
    used = np.zeros_like(replicas)
    need = replicas * pools.cards[:, None]
    for name, owned in sorted(owned_cards.items()):
        members = [p for p, g in enumerate(pools.accelerator) if g == name and pools.saved_per_card[p] > 0]
        if not members or owned <= 0:
            continue
        members.sort(key=lambda p: (-pools.saved_per_card[p], pools.keys[p]))
        fixed = [p for p in members if pools.fixed[p]]
        elastic = [p for p in members if not pools.fixed[p]]
        steps = {0, int(owned), *np.cumsum(need[fixed, 0]).tolist()}
        steps |= {int(owned) - int(total) for total in np.cumsum(need[elastic], axis=0).ravel()}
        best = -1.0
        for held in sorted(step for step in steps if 0 <= step <= owned):
            given = np.concatenate([_fill(need[fixed], held), _fill(need[elastic], int(owned) - held)])
            saved = float((given.sum(axis=1) * pools.saved_per_card[fixed + elastic]).sum())
            if saved > best + 1e-9:
                best, used[fixed + elastic] = saved, given
    return used


def _fill(need: Ints, cards: int) -> Ints:
    """Give `cards` to the rows of `need` in turn, each period on its own."""
    before = np.cumsum(need, axis=0) - need
    return np.asarray(np.clip(cards - before, 0, need))


def assignment_usd(arrays: ProgramArrays, assignment: Ints) -> float:
    """Return the whole monthly cost of an assignment, without a charge for missing engineers."""
    rows = np.arange(len(assignment))
    on_pool = assignment != API
    parts = arrays.api_usd[~on_pool].tolist()
    parts += arrays.share_usd[rows[on_pool], assignment[on_pool]].tolist()
    replicas = pool_replicas(arrays, assignment)
    parts += (replicas.mean(axis=1) * arrays.pools.replica_usd).tolist()
    if arrays.program.owned_cards:
        used = owned_cards_used(arrays.pools, arrays.program.owned_cards, replicas)
        parts += (-used.mean(axis=1) * arrays.pools.saved_per_card).tolist()
    parts.append(arrays.program.platform.team_usd(int((replicas[:, :1] > 0).sum())))
    return math.fsum(parts)
