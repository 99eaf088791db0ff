"""A solved portfolio as values: who is served by what, which pools run, and a bill whose lines are the total.

It finds nothing: it spells out an assignment and what the alternatives (each alone, all on APIs) would cost.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tools.portfolio_arrays import (
    API,
    MICRO,
    Floats,
    Ints,
    ProgramArrays,
    owned_cards_used,
    pool_loads,
    pool_replicas,
)
from tools.portfolio_greedy import alone_replicas, separate_choices

LineKind = Literal["api", "rented", "owned", "share", "team", "missing_engineers"]
Status = Literal["optimal", "cut_short"]


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """What serves one workload, and the cost that is its own (without a share of replicas and team)."""

    workload: str
    kind: Literal["api", "pool"]
    key: str
    vendor: str
    own_usd: float


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of the bill: quantity x unit price, US dollars per month on average over the periods."""

    kind: LineKind
    key: str
    quantity: float
    unit: str
    unit_usd: float

    @property
    def monthly_usd(self) -> float:
        """The amount."""
        return self.quantity * self.unit_usd


@dataclass(frozen=True, slots=True)
class PlannedPool:
    """A pool that runs; replicas include the spare ones, all three tuples hold one number per period."""

    key: str
    workloads: tuple[str, ...]
    load: tuple[float, ...]
    replicas: tuple[int, ...]
    owned_cards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VendorCost:
    """What goes to one vendor, and its share of the whole."""

    vendor: str
    monthly_usd: float
    share: float


@dataclass(frozen=True, slots=True)
class Advice:
    """What self-hosting gains at all: figures for telling a small team not to split.

    Args:
        no_pools_usd: the cost with no pool; None where some workload has no API.
        dearer_usd: how much more that is than the plan.
    """

    no_pools_usd: float | None
    dearer_usd: float | None
    dearer_share: float | None
    pools: int
    engineers: float
    engineers_available: float | None


@dataclass(frozen=True, slots=True)
class PortfolioPlan:
    """The cheapest plan found. `status` is 'optimal' where `gap` (a share of the total) is proven, up to 1e-6."""

    choices: tuple[PlanChoice, ...]
    pools: tuple[PlannedPool, ...]
    lines: tuple[PlanLine, ...]
    total_usd: float
    lower_bound_usd: float
    gap: float
    status: Status
    separate_total_usd: float
    all_api_total_usd: float | None
    unserved: tuple[str, ...]
    vendors: tuple[VendorCost, ...]
    advice: Advice

    @property
    def saved_usd(self) -> float:
        """What the plan saves against every workload deciding alone."""
        return self.separate_total_usd - self.total_usd


def plan_of(arrays: ProgramArrays, assignment: Ints, bound_usd: float, proven: float, charged: bool) -> PortfolioPlan:
    """Spell out an assignment.

    Args:
        proven: the gap up to which the plan counts as optimal.
        charged: whether missing engineers are charged for.
    """
    replicas = pool_replicas(arrays, assignment)
    owned = owned_cards_used(arrays.pools, arrays.program.owned_cards, replicas)
    choices = _choices(arrays, assignment)
    lines = [PlanLine("api", c.workload, 1.0, "workload", c.own_usd) for c in choices if c.kind == "api"]
    lines += [PlanLine("share", c.workload, 1.0, "workload", c.own_usd) for c in choices if c.kind == "pool"]
    pool_lines = _pool_lines(arrays, replicas, owned)
    count = int((replicas[:, 0] > 0).sum())
    lines += pool_lines + _team_lines(arrays, count, charged)
    total = math.fsum(line.monthly_usd for line in lines)
    gap = max(total - bound_usd, 0.0) / total if total > 0 else 0.0
    every_api = math.fsum(arrays.api_usd)
    no_pools = every_api if math.isfinite(every_api) else None
    dearer = None if no_pools is None else no_pools - total
    team = arrays.program.platform
    return PortfolioPlan(
        choices=choices,
        pools=_pools(arrays, assignment, replicas, owned),
        lines=tuple(lines),
        total_usd=total,
        lower_bound_usd=min(bound_usd, total),
        gap=gap,
        status="optimal" if gap <= proven else "cut_short",
        separate_total_usd=separate_usd(arrays),
        all_api_total_usd=no_pools,
        unserved=arrays.unserved,
        vendors=_vendors(arrays, choices, lines),
        advice=Advice(
            no_pools, dearer, None if dearer is None or total <= 0 else dearer / total,
            count, team.engineers(count), team.engineers_available,
        ),
    )  # fmt: skip


def _choices(arrays: ProgramArrays, assignment: Ints) -> tuple[PlanChoice, ...]:
    vendors = {pool.key: pool.vendor for pool in arrays.program.pools}
    found = []
    for row, workload in enumerate(arrays.workloads):
        pool = int(assignment[row])
        api = arrays.apis[row]
        if pool == API and api is not None:
            found.append(PlanChoice(workload.key, "api", api.key, api.vendor, api.monthly_usd))
        else:
            key = arrays.pools.keys[pool]
            found.append(PlanChoice(workload.key, "pool", key, vendors[key], float(arrays.share_usd[row, pool])))
    return tuple(found)


def _pool_lines(arrays: ProgramArrays, replicas: Ints, owned: Ints) -> list[PlanLine]:
    lines = []
    cards = replicas * arrays.pools.cards[:, None]
    for pool in np.flatnonzero(replicas[:, 0] > 0).tolist():
        key, per_replica = arrays.pools.keys[pool], int(arrays.pools.cards[pool])
        paid, held = float((cards - owned)[pool].mean()), float(owned[pool].mean())
        if paid:
            lines.append(PlanLine("rented", key, paid / per_replica, "replicas", float(arrays.pools.replica_usd[pool])))
        if held:
            lines.append(PlanLine("owned", key, held / per_replica, "replicas", float(arrays.pools.running_usd[pool])))
    return lines


def _team_lines(arrays: ProgramArrays, pools: int, charged: bool) -> list[PlanLine]:
    team = arrays.program.platform
    lines = []
    if pools:
        lines.append(PlanLine("team", "first pool", 1.0, "pool", team.first_usd))
    if pools > 1:
        lines.append(PlanLine("team", "further pools", float(pools - 1), "pools", team.further_usd))
    if charged and team.engineers_available is not None:
        missing = team.engineers(pools) - team.engineers_available
        if missing > 0 and team.missing_engineer_usd > 0:
            lines.append(PlanLine("missing_engineers", "", missing, "engineers", team.missing_engineer_usd))
    return lines


def _pools(arrays: ProgramArrays, assignment: Ints, replicas: Ints, owned: Ints) -> tuple[PlannedPool, ...]:
    loads: Floats = pool_loads(arrays, assignment) / MICRO
    return tuple(
        PlannedPool(
            arrays.pools.keys[pool],
            tuple(arrays.workloads[row].key for row in np.flatnonzero(assignment == pool)),
            tuple(loads[pool].tolist()), tuple(replicas[pool].tolist()), tuple(owned[pool].tolist()),
        )
        for pool in np.flatnonzero(replicas[:, 0] > 0).tolist()
    )  # fmt: skip


def _vendors(arrays: ProgramArrays, choices: tuple[PlanChoice, ...], lines: list[PlanLine]) -> tuple[VendorCost, ...]:
    """Return the cost by vendor, largest first; the team belongs to no vendor but counts in the whole."""
    by_workload = {choice.workload: choice.vendor for choice in choices}
    by_pool = {pool.key: pool.vendor for pool in arrays.program.pools}
    amounts: dict[str, list[float]] = {}
    for line in lines:
        if line.kind == "api":
            amounts.setdefault(by_workload[line.key], []).append(line.monthly_usd)
        elif line.kind in ("rented", "owned"):
            amounts.setdefault(by_pool[line.key], []).append(line.monthly_usd)
    whole = math.fsum(line.monthly_usd for line in lines)
    summed = ((vendor, math.fsum(parts)) for vendor, parts in amounts.items())
    ranked = sorted(summed, key=lambda pair: (-pair[1], pair[0]))
    return tuple(VendorCost(vendor, usd, usd / whole if whole else 0.0) for vendor, usd in ranked)


def separate_usd(arrays: ProgramArrays) -> float:
    """Return the bill when every workload decides alone: own team, own replicas and spare.

    Each decides as if all owned cards were its own; the bill then counts every owned card once.
    """
    alone = separate_choices(arrays)
    rows = np.flatnonzero(alone != API)
    chosen = alone[rows]
    replicas = alone_replicas(arrays)[rows, chosen]
    pools = arrays.pools.rows(chosen)
    used = owned_cards_used(pools, arrays.program.owned_cards, replicas)
    parts = arrays.api_usd[alone == API].tolist()
    parts += (arrays.share_usd[rows, chosen] + arrays.program.platform.team_usd(1)).tolist()
    parts += (replicas.mean(axis=1) * pools.replica_usd - used.mean(axis=1) * pools.saved_per_card).tolist()
    return math.fsum(parts)
