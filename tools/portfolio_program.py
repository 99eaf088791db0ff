"""The portfolio's programme as plain values: workloads, what may serve each, and shared pools of own servers.

It knows no catalogue, no gate and no solver: every choice that arrives here is already permitted and costed.
All money is US dollars per month. A load is a number of replicas (fractional) per period, for all periods alike.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from tools.errors import InvalidInput, UnknownName

Billing = Literal["elastic", "fixed"]


@dataclass(frozen=True, slots=True)
class ApiChoice:
    """Something that serves one workload at a fixed monthly cost, all of that workload's own costs included."""

    key: str
    vendor: str
    monthly_usd: float


@dataclass(frozen=True, slots=True)
class PoolShare:
    """One workload's use of a pool: the replicas that it keeps busy in each period, and costs of its own."""

    pool: str
    load: Sequence[float] | npt.NDArray[np.float64]
    monthly_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class ProgramWorkload:
    """A workload to be served exactly once: by one of its API-like choices or by one pool."""

    key: str
    apis: tuple[ApiChoice, ...] = ()
    shares: tuple[PoolShare, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """One model on one type of server, shared by all workloads that choose it.

    Elastic: whole replicas follow the load from period to period. Fixed: the largest number is paid throughout.
    A replica takes `cards_per_replica` accelerators; one on cards already owned costs `running_usd_per_replica`.
    """

    key: str
    replica_usd: float
    billing: Billing = "elastic"
    accelerator: str = ""
    cards_per_replica: int = 1
    running_usd_per_replica: float = 0.0
    vendor: str = "own servers"

    @property
    def saved_usd_per_owned_card(self) -> float:
        """What one owned card saves per month against paying for it; zero where owning saves nothing."""
        return max(self.replica_usd - self.running_usd_per_replica, 0.0) / self.cards_per_replica


@dataclass(frozen=True, slots=True)
class Platform:
    """What own servers cost beyond the servers: a team for the first pool, less for each further one.

    Args:
        integration_usd: per workload on a pool.
        engineers_available: the limit on engineers; None where there is none.
        missing_engineer_usd: charged per engineer beyond the limit in the plan that may exceed it.
    """

    first_usd: float = 0.0
    further_usd: float = 0.0
    integration_usd: float = 0.0
    engineers_first: float = 0.0
    engineers_further: float = 0.0
    engineers_available: float | None = None
    missing_engineer_usd: float = 0.0

    def engineers(self, pools: int) -> float:
        """Return the engineers that so many pools take."""
        return self.engineers_first + self.engineers_further * (pools - 1) if pools > 0 else 0.0

    def team_usd(self, pools: int) -> float:
        """Return the monthly cost of the team for so many pools."""
        return self.first_usd + self.further_usd * (pools - 1) if pools > 0 else 0.0


@dataclass(frozen=True, slots=True)
class PortfolioProgram:
    """The whole choice.

    Args:
        owned_cards: accelerators already paid for, by accelerator; pools on them share these.
        spare_replicas: replicas that every used pool keeps beyond its load (once per pool).
    """

    workloads: tuple[ProgramWorkload, ...]
    pools: tuple[Pool, ...] = ()
    platform: Platform = field(default_factory=Platform)
    owned_cards: Mapping[str, int] = field(default_factory=dict)
    spare_replicas: int = 1

    @property
    def periods(self) -> int:
        """The number of periods that all loads have; 1 where nothing could use a pool."""
        return next((len(share.load) for w in self.workloads for share in w.shares), 1)


def check_program(program: PortfolioProgram) -> None:
    """Raise InvalidInput or UnknownName where keys repeat, a pool is unknown, or a number is impossible."""
    _unique("workload", (w.key for w in program.workloads))
    _unique("pool", (pool.key for pool in program.pools))
    known = {pool.key for pool in program.pools}
    for pool in program.pools:
        _amounts(f"pool {pool.key}", pool.replica_usd, pool.running_usd_per_replica)
        if pool.cards_per_replica < 1 or pool.billing not in ("elastic", "fixed"):
            raise InvalidInput(f"pool {pool.key}: expected at least one card, and billing 'elastic' or 'fixed'")
    for workload in program.workloads:
        where = f"workload {workload.key}"
        _unique(f"{where}: pool", (share.pool for share in workload.shares))
        _amounts(where, *(api.monthly_usd for api in workload.apis))
        for share in workload.shares:
            if share.pool not in known:
                raise UnknownName.of("pool", share.pool, known, where)
            _amounts(f"{where}: pool {share.pool}", share.monthly_usd, *share.load)
            if len(share.load) != program.periods or not len(share.load):
                raise InvalidInput(f"{where}: pool {share.pool}: expected a load for each of {program.periods} periods")
    team = program.platform
    _amounts("platform", team.first_usd, team.further_usd, team.integration_usd, team.missing_engineer_usd)
    _amounts("platform", team.engineers_first, team.engineers_further, team.engineers_available or 0.0)
    _amounts("owned cards", *program.owned_cards.values())
    _amounts("spare replicas", program.spare_replicas)


def _unique(kind: str, keys: Iterable[str]) -> None:
    twice = sorted(key for key, count in Counter(keys).items() if count > 1)
    if twice:
        raise InvalidInput(f"{kind} {twice[0]!r} is there twice; give each its own key")


def _amounts(where: str, *values: float) -> None:
    for value in values:
        if not (np.isfinite(value) and value >= 0):
            raise InvalidInput(f"{where}: expected finite numbers of at least zero, got {value!r}")
