"""Good assignments found fast, as upper bounds for the exact search. It proves nothing.

Single moves are weighed for all workloads and pools at once, by the whole replicas that they add or free; owned
cards are left out of that weighing and counted in full when two assignments are compared.
"""

import numpy as np

from tools.portfolio_arrays import (
    API,
    Floats,
    Ints,
    Mask,
    ProgramArrays,
    assignment_usd,
    pool_loads,
    whole_replicas,
)

_PASSES = 60


def separate_choices(arrays: ProgramArrays) -> Ints:
    """Return what each workload would choose alone: its own team, its own replicas and spare, all owned cards."""
    alone = alone_usd(arrays)
    if not alone.shape[1]:
        return np.full(len(arrays.api_usd), API)
    best = alone.argmin(axis=1)
    return np.where(arrays.api_usd <= alone.min(axis=1), API, best)


def alone_replicas(arrays: ProgramArrays) -> Ints:
    """Return the replicas each workload would hold alone on each pool, shape (workloads, pools, periods)."""
    replicas = whole_replicas(arrays.load) + arrays.program.spare_replicas
    return np.where(arrays.pools.fixed[None, :, None], replicas.max(axis=2, keepdims=True), replicas)


def alone_usd(arrays: ProgramArrays) -> Floats:
    """Return the cost of each workload alone on each pool, shape (workloads, pools); infinite where not allowed."""
    replicas = alone_replicas(arrays)
    owned = np.array([arrays.program.owned_cards.get(name, 0) for name in arrays.pools.accelerator], dtype=np.int64)
    used = np.minimum(replicas * arrays.pools.cards[None, :, None], owned[None, :, None]).mean(axis=2)
    cost = replicas.mean(axis=2) * arrays.pools.replica_usd - used * arrays.pools.saved_per_card
    cost += arrays.share_usd + arrays.program.platform.team_usd(1)
    return np.where(arrays.allowed, cost, np.inf)


def cheapest_within(arrays: ProgramArrays, is_open: Mask) -> Ints | None:
    """Assign by API price and load alone, with only the open pools; None where a workload is left without choice."""
    rate = arrays.load.mean(axis=2) / 1e6
    rate[:, arrays.pools.fixed] = arrays.load[:, arrays.pools.fixed].max(axis=2) / 1e6
    cost = np.where(arrays.allowed & is_open, rate * arrays.pools.replica_usd + arrays.share_usd, np.inf)
    options = np.column_stack([arrays.api_usd, cost])
    if np.isinf(options.min(axis=1)).any():
        return None
    return np.asarray(options.argmin(axis=1) - 1, dtype=np.int64)


def improve(arrays: ProgramArrays, assignment: Ints) -> Ints:
    """Move single workloads, best first, until no move saves anything."""
    best = assignment.copy()
    for _ in range(_PASSES):
        gain, target = _moves(arrays, best)
        order = np.argsort(-gain, kind="stable")
        moved = False
        touched: set[int] = set()
        for row in order[: np.count_nonzero(gain > 1e-6)].tolist():
            between = {int(best[row]), int(target[row])} - {API}
            if between & touched:
                continue
            best[row] = target[row]
            touched |= between
            moved = True
        if not moved:
            break
    return best


def _moves(arrays: ProgramArrays, assignment: Ints) -> tuple[Floats, Ints]:
    """Return the saving of each workload's best move and where it goes, each of shape (workloads,)."""
    rows = np.arange(len(assignment))
    loads = pool_loads(arrays, assignment)
    members = np.bincount(assignment[assignment != API], minlength=len(arrays.pools.keys))
    used = members > 0
    team = arrays.program.platform
    pools = int(used.sum())
    spare = arrays.program.spare_replicas
    now = _running(arrays, loads[None])[0]
    opening = team.team_usd(pools + 1) - team.team_usd(pools) + spare * arrays.pools.replica_usd
    closing = team.team_usd(pools) - team.team_usd(max(pools - 1, 0)) + spare * arrays.pools.replica_usd
    after = _running(arrays, loads[None] + arrays.load)
    joining = after - np.where(used, now, -opening) + arrays.share_usd
    joining = np.where(arrays.allowed, joining, np.inf)
    leaving = arrays.api_usd.copy()
    on_pool = np.flatnonzero(assignment != API)
    at = assignment[on_pool]
    less = (loads[at] - arrays.load[on_pool, at])[:, None, :]
    rest = _running(arrays, less, at)[:, 0]
    freed = np.where(members[at] > 1, now[at] - rest, now[at] + closing[at])
    leaving[on_pool] = freed + arrays.share_usd[on_pool, at]
    joining[on_pool, at] = np.inf
    api = np.where(assignment == API, np.inf, arrays.api_usd)
    options = np.column_stack([api, joining])
    target = options.argmin(axis=1)
    return leaving - options[rows, target], np.asarray(target - 1, dtype=np.int64)


def _running(arrays: ProgramArrays, loads: Ints, pools: Ints | None = None) -> Floats:
    """Return the cost of whole replicas for loads of shape (rows, pools, periods), without spare ones."""
    replicas = whole_replicas(loads)
    fixed, price = arrays.pools.fixed, arrays.pools.replica_usd
    if pools is None:
        return np.asarray(np.where(fixed, replicas.max(axis=2), replicas.mean(axis=2)) * price)
    held = np.where(fixed[pools, None], replicas.max(axis=2), replicas.mean(axis=2))
    return np.asarray(held * price[pools, None])


def best_assignment(arrays: ProgramArrays, start: Ints | None, pools_at_most: int | None) -> tuple[Ints | None, float]:
    """Try pools one by one, opening or closing one at a time, each with single moves; None where nothing is feasible.

    Args:
        start: a promising assignment (from the relaxation), or None.
    """
    count = len(arrays.pools.keys)
    limit = count if pools_at_most is None else pools_at_most
    best: Ints | None = None
    cost = np.inf

    def attempt(candidate: Ints | None) -> bool:
        nonlocal best, cost
        if candidate is None or _open(candidate, count).sum() > limit:
            return False
        better = improve(arrays, candidate) if limit >= count else candidate
        usd = penalised_usd(arrays, better, pools_at_most)
        if usd < cost - 1e-6:
            best, cost = better, usd
            return True
        return False

    for first in (start, separate_choices(arrays), cheapest_within(arrays, np.zeros(count, dtype=bool)),
                  cheapest_within(arrays, np.ones(count, dtype=bool))):  # fmt: skip
        attempt(first)
    improved = True
    while improved:
        improved = False
        for pool in range(count):
            is_open = np.zeros(count, dtype=bool) if best is None else _open(best, count)
            is_open[pool] = not is_open[pool]
            improved |= attempt(cheapest_within(arrays, is_open))
    return best, cost


def penalised_usd(arrays: ProgramArrays, assignment: Ints, pools_at_most: int | None) -> float:
    """Return the cost with the charge for missing engineers, which a hard limit on pools replaces."""
    team = arrays.program.platform
    usd = assignment_usd(arrays, assignment)
    if team.engineers_available is None or pools_at_most is not None:
        return usd
    missing = team.engineers(int(_open(assignment, len(arrays.pools.keys)).sum())) - team.engineers_available
    return usd + max(missing, 0.0) * team.missing_engineer_usd


def _open(assignment: Ints, pools: int) -> Mask:
    return np.asarray(np.bincount(assignment[assignment != API], minlength=pools) > 0)
