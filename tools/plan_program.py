"""Turns evaluated workloads into the portfolio's programme: what may serve each, and the pools they may share.

It solves nothing. All figures are means over the draws; a pool is one model on one kind of server, rented in the
cheapest standing mode, or running only while there is work.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.assumptions import assumption
from tools.draws import Draws
from tools.evaluate import Evaluation
from tools.hardware import capacity_of, may_buy, may_reserve, may_sleep, server_costs
from tools.options import Option
from tools.owned import owned_accelerators
from tools.people import WEEKS_PER_YEAR, changes_vendor
from tools.portfolio_program import ApiChoice, Platform, Pool, PoolShare, PortfolioProgram, ProgramWorkload
from tools.replica_economics import replica_economics
from tools.server_columns import columns_of
from tools.side_costs import own_training_usd, traffic_usd
from tools.verdict import choose_option
from tools.volume import Volume

_POOLS = 12
_POOLS_PER_WORKLOAD = 3
ALONE = " (only while there is work)"


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """What of an evaluated workload the plan needs: small enough to keep for a thousand workloads.

    `api`: the option that needs no pool and is best, or is recommended and cheaper, with its mean US dollars a month.
    `best_own`: the best own servers, the
    first being the best. `own_models`: every model that may run on own servers.
    """

    name: str
    draws: Draws
    volume: Volume
    api: tuple[Option, float] | None
    best_own: tuple[Option, ...]
    own_models: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlannedOptions:
    """The programme, and which option stands behind each of its keys."""

    program: PortfolioProgram
    options: Mapping[str, Option]


def candidate_of(name: str, evaluation: Evaluation) -> Candidate:
    """Take from an evaluation what the plan needs."""
    eligible = _eligible(evaluation)
    means = evaluation.penalised_usd.mean(axis=1)
    apis = [i for i in eligible if not evaluation.options[i].runs_servers]
    own = sorted((i for i in eligible if evaluation.options[i].server is not None), key=lambda i: float(means[i]))
    best = min(apis, key=lambda i: float(means[i]), default=None)
    chosen = choose_option(evaluation)
    if chosen is not None and not evaluation.options[chosen].runs_servers:
        # What the workload would take alone passes too: the plan must not drive it to something dearer.
        best = chosen if best is None else min(best, chosen, key=lambda i: float(evaluation.mean_usd[i]))
    return Candidate(
        name=name,
        draws=evaluation.draws,
        volume=evaluation.volume,
        api=None if best is None else (evaluation.options[best], float(evaluation.mean_usd[best])),
        best_own=tuple(evaluation.on_hardware(i) for i in own[:_POOLS_PER_WORKLOAD]),
        own_models=frozenset(evaluation.options[i].model for i in own),
    )


def program_of(candidates: Sequence[Candidate]) -> PlannedOptions:
    """Build the programme of a portfolio; the workloads' names are each there once."""
    pools = _pools(candidates)
    behind: dict[str, Option] = {}
    workloads = []
    for candidate in candidates:
        api = _api_choice(candidate, behind)
        workloads.append(ProgramWorkload(candidate.name, api, tuple(_shares(candidate, pools))))
    used = {share.pool for workload in workloads for share in workload.shares}
    every = (pool for key, option in pools.items() for pool in _pool_values(key, option, candidates))
    values = tuple(pool for pool in every if pool.key in used)
    behind.update({pool.key: pools[pool.key.removesuffix(ALONE)] for pool in values})
    draws = candidates[0].draws  # what follows are facts of the organization
    text = draws.known.get("owned_gpus")
    owned = owned_accelerators(str(text)) if text else {}
    spare = int(assumption("spare_replicas").number)
    return PlannedOptions(PortfolioProgram(tuple(workloads), values, platform_of(draws), owned, spare), behind)


def platform_of(draws: Draws) -> Platform:
    """Return what the team costs for the first service and for each further one, people and set-up together."""
    yearly = float(np.mean(draws.number("engineer_cost")))
    first = float(np.mean(draws.code_table("platform_team", assumption("self_host_engineers").value)))
    further = assumption("self_host_engineers_further").number
    set_up = _set_up_usd(yearly, float(assumption("set_up_engineer_weeks").of("self_hosted")))
    again = _set_up_usd(yearly, assumption("set_up_engineer_weeks_further").number)
    there = draws.known.get("platform_engineers")
    return Platform(
        first_usd=first * yearly / 12 + set_up - again,
        further_usd=further * yearly / 12,
        integration_usd=again,
        engineers_first=first,
        engineers_further=further,
        engineers_available=None if there is None else float(np.mean(draws.number("platform_engineers"))),
        missing_engineer_usd=yearly / 12 * assumption("hiring_premium").number,
    )


def _set_up_usd(yearly_usd: float, weeks: float) -> float:
    return weeks * yearly_usd / WEEKS_PER_YEAR / assumption("horizon_months").number


def _pools(candidates: Sequence[Candidate]) -> dict[str, Option]:
    """Return the servers worth sharing: those that are best, or nearly, for most workloads."""
    votes: Counter[str] = Counter()
    found: dict[str, Option] = {}
    for candidate in candidates:
        for rank, option in enumerate(candidate.best_own):
            votes[pool_key(option)] += _POOLS_PER_WORKLOAD - rank
            found[pool_key(option)] = option
    kept = sorted(found, key=lambda key: (-votes[key], key))[:_POOLS]
    return {key: found[key] for key in sorted(kept)}


def pool_key(option: Option) -> str:
    """Name a pool: model, precision and server."""
    assert option.server is not None
    server = option.server
    return f"{option.model} on {server.count} x {server.accelerator.id} ({server.precision})"


def _eligible(evaluation: Evaluation) -> list[int]:
    """Return the options that pass about as often as any and pass the hard gates in most draws."""
    passing = evaluation.winners.allowed.mean(axis=1)
    best = passing.max() if len(passing) else 0.0
    enough = (passing > 0) & (passing >= best * assumption("passing_share").number)
    return [int(i) for i in np.flatnonzero(enough & (evaluation.hard.mean(axis=1) > 0.5))]


def _api_choice(candidate: Candidate, behind: dict[str, Option]) -> tuple[ApiChoice, ...]:
    """Return the best option that needs no pool, as the workload alone would choose among these."""
    if candidate.api is None:
        return ()
    option, usd = candidate.api
    behind[f"api: {candidate.name}"] = option
    return (ApiChoice(f"api: {candidate.name}", option.provider, usd),)


def _shares(candidate: Candidate, pools: Mapping[str, Option]) -> list[PoolShare]:
    """Return what the workload would take of each pool whose model it may use."""
    shares = []
    for key, option in pools.items():
        if option.model not in candidate.own_models or option.server is None:
            continue
        columns = columns_of((option.server,))
        capacity = capacity_of(columns, candidate.volume, candidate.draws)
        growth = candidate.volume.growth_factors
        months = np.broadcast_to(growth, (len(growth), candidate.draws.count))
        load = np.asarray((capacity.busy_first_month * months).mean(axis=1))
        if not np.isfinite(load).all():
            continue
        beside = _beside_usd(option, candidate)
        shares.append(PoolShare(key, load, beside))
        if np.mean(may_sleep(candidate.draws)) > 0.5:
            asleep = beside + float(np.mean(server_costs(columns, capacity, candidate.draws).total_usd))
            if np.isfinite(asleep):  # no number of servers answers a background job within the time asked for
                shares.append(PoolShare(key + ALONE, np.zeros_like(load), asleep))
    return shares


def _beside_usd(option: Option, candidate: Candidate) -> float:
    """Return what the workload's own bill has beside servers and team: traffic, training, a move from its vendor."""
    draws = candidate.draws
    usd = traffic_usd(candidate.volume, draws, external=False) + own_training_usd(draws)
    moving = assumption("migration_engineer_weeks").number if changes_vendor(option, draws) else 0.0
    return float(np.mean(usd)) + _set_up_usd(float(np.mean(draws.number("engineer_cost"))), moving)


def _pool_values(key: str, option: Option, candidates: Sequence[Candidate]) -> tuple[Pool, Pool]:
    """Return the pool as it stands, and as one that is off between jobs.

    It stands on a year's commitment (or bought cards), paid for the busiest month throughout, where most of the
    workloads that may use it can commit; else month by month on demand. Sorted by name, their order changes nothing.
    """
    assert option.server is not None
    users = sorted((c for c in candidates if option.model in c.own_models), key=lambda c: c.name)
    commits = [bool(np.mean(may_reserve(c.draws) | may_buy(c.draws)) > 0.5) for c in users]
    fixed = sum(commits) * 2 > len(commits)
    example = next(c for c, can in zip(users, commits, strict=True) if can == fixed)
    columns = columns_of((option.server,))
    (economics,) = replica_economics(columns, example.volume, example.draws, asleep=False)
    storage = assumption("storage_usd_per_month").number
    standing = Pool(
        key,
        replica_usd=economics.usd_per_month,
        billing="fixed" if fixed else "elastic",
        accelerator=option.server.accelerator.id,
        cards_per_replica=option.server.count,
        running_usd_per_replica=min(economics.power_usd_per_month + storage, economics.usd_per_month),
    )
    return standing, Pool(key + ALONE, replica_usd=0.0, accelerator="")
