"""Turns evaluated workloads into the portfolio's programme: what may serve each, and the pools they may share.

It solves nothing. All figures are means over the draws; a pool is one model on one kind of server, rented in the
cheapest standing mode, or running only while there is work.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.assumptions import assumption
from tools.draws import Draws, Floats
from tools.evaluate import Evaluation
from tools.hardware import capacity_of, may_buy, may_reserve, may_sleep, server_costs
from tools.options import Option
from tools.owned import owned_accelerators
from tools.people import WEEKS_PER_YEAR
from tools.portfolio_program import ApiChoice, Platform, Pool, PoolShare, PortfolioProgram, ProgramWorkload
from tools.replica_economics import replica_economics
from tools.serving import columns_of

_POOLS = 12
_POOLS_PER_WORKLOAD = 3
ALONE = " (only while there is work)"


@dataclass(frozen=True, slots=True)
class PlannedOptions:
    """The programme, and which option stands behind each of its keys."""

    program: PortfolioProgram
    options: Mapping[str, Option]


def program_of(names: Sequence[str], evaluations: Sequence[Evaluation]) -> PlannedOptions:
    """Build the programme of a portfolio; `names` are the workloads' names, each once."""
    pools = _pools(evaluations)
    behind: dict[str, Option] = {}
    workloads = []
    for name, evaluation in zip(names, evaluations, strict=True):
        api = _api_choice(name, evaluation, behind)
        shares = tuple(_shares(evaluation, pools))
        workloads.append(ProgramWorkload(name, api, shares))
    used = {share.pool for workload in workloads for share in workload.shares}
    first = evaluations[0]
    values = tuple(
        pool for key, option in pools.items() for pool in _pool_values(key, option, first) if pool.key in used
    )
    behind.update({pool.key: pools[pool.key.removesuffix(ALONE)] for pool in values})
    text = first.draws.known.get("owned_gpus")
    owned = owned_accelerators(str(text)) if text else {}
    spare = int(assumption("spare_replicas").number)
    return PlannedOptions(PortfolioProgram(tuple(workloads), values, platform_of(first.draws), owned, spare), behind)


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


def _pools(evaluations: Sequence[Evaluation]) -> dict[str, Option]:
    """Return the servers worth sharing: those that are best, or nearly, for most workloads."""
    votes: Counter[str] = Counter()
    found: dict[str, Option] = {}
    for evaluation in evaluations:
        own = [i for i in _eligible(evaluation) if evaluation.options[i].server is not None]
        for rank, index in enumerate(sorted(own, key=lambda i: float(evaluation.penalised_usd[i].mean()))):
            if rank == _POOLS_PER_WORKLOAD:
                break
            option = evaluation.on_hardware(index)
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


def _api_choice(name: str, evaluation: Evaluation, behind: dict[str, Option]) -> tuple[ApiChoice, ...]:
    """Return the best option that needs no pool, as the workload alone would choose among these."""
    apis = [i for i in _eligible(evaluation) if not evaluation.options[i].runs_servers]
    if not apis:
        return ()
    index = min(apis, key=lambda i: float(evaluation.penalised_usd[i].mean()))
    option = evaluation.options[index]
    behind[f"api: {name}"] = option
    return (ApiChoice(f"api: {name}", option.provider, float(evaluation.mean_usd[index])),)


def _shares(evaluation: Evaluation, pools: Mapping[str, Option]) -> list[PoolShare]:
    """Return what the workload would take of each pool whose model it may use."""
    eligible = {evaluation.options[i].model for i in _eligible(evaluation) if evaluation.options[i].server is not None}
    shares = []
    for key, option in pools.items():
        if option.model not in eligible or option.server is None:
            continue
        load = _load(option, evaluation)
        if not np.isfinite(load).all():
            continue
        shares.append(PoolShare(key, load))
        asleep = _asleep_usd(option, evaluation)
        if asleep is not None:
            shares.append(PoolShare(key + ALONE, np.zeros_like(load), asleep))
    return shares


def _load(option: Option, evaluation: Evaluation) -> Floats:
    """Return the replicas that the workload keeps busy in the peak hour of each month, shape (months,)."""
    assert option.server is not None
    capacity = capacity_of(columns_of((option.server,)), evaluation.volume, evaluation.draws)
    months = np.broadcast_to(
        evaluation.volume.growth_factors, (len(evaluation.volume.growth_factors), evaluation.draws.count)
    )
    return np.asarray((capacity.busy_first_month * months).mean(axis=1))


def _asleep_usd(option: Option, evaluation: Evaluation) -> float | None:
    """Return what servers that run only while there is work cost; None where they may not be off."""
    if not np.mean(may_sleep(evaluation.draws)) > 0.5 or option.server is None:
        return None
    columns = columns_of((option.server,))
    capacity = capacity_of(columns, evaluation.volume, evaluation.draws)
    return float(np.mean(server_costs(columns, capacity, evaluation.draws).total_usd))


def _pool_values(key: str, option: Option, evaluation: Evaluation) -> tuple[Pool, Pool]:
    """Return the pool as it stands, and as one that is off between jobs."""
    assert option.server is not None
    (economics,) = replica_economics(columns_of((option.server,)), evaluation.volume, evaluation.draws, asleep=False)
    storage = assumption("storage_usd_per_month").number
    standing_pool = Pool(
        key,
        replica_usd=economics.usd_per_month,
        # A year's commitment or bought cards are paid for the busiest month throughout.
        billing="fixed" if np.mean(may_reserve(evaluation.draws) | may_buy(evaluation.draws)) > 0.5 else "elastic",
        accelerator=option.server.accelerator.id,
        cards_per_replica=option.server.count,
        running_usd_per_replica=min(economics.power_usd_per_month + storage, economics.usd_per_month),
    )
    return standing_pool, Pool(key + ALONE, replica_usd=0.0, accelerator="")
