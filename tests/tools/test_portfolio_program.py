"""The portfolio's programme: equal to trying every assignment, and the laws that the plan keeps."""

import itertools
import math
import os
import random
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.errors import InvalidInput, UnknownName
from tools.native_output import native_output_to_stderr
from tools.portfolio_plan import PortfolioPlan
from tools.portfolio_program import ApiChoice, Platform, Pool, PoolShare, PortfolioProgram, ProgramWorkload
from tools.portfolio_solve import solve_portfolio

Item = TypeVar("Item")
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
amounts = st.integers(0, 4000).map(float)
loads = st.integers(0, 350).map(lambda hundredths: hundredths / 100)


@st.composite
def programs(draw: st.DrawFn, most_workloads: int = 5, most_pools: int = 3, owning: bool = True) -> PortfolioProgram:
    periods = draw(st.integers(1, 3))
    pools = tuple(
        Pool(
            f"pool {index}",
            replica_usd=draw(amounts) + 1,
            billing=draw(st.sampled_from(["elastic", "fixed"])),
            accelerator=draw(st.sampled_from(["H100", "L4"])),
            cards_per_replica=draw(st.integers(1, 3)),
            running_usd_per_replica=draw(st.integers(0, 600)),
        )
        for index in range(draw(st.integers(1, most_pools)))
    )
    workloads = []
    for index in range(draw(st.integers(1, most_workloads))):
        apis = draw(st.lists(amounts, max_size=2))
        shares = draw(st.lists(st.sampled_from(pools), max_size=3, unique_by=lambda pool: pool.key))
        workloads.append(
            ProgramWorkload(
                f"workload {index}",
                tuple(ApiChoice(f"api {number}", f"vendor {number}", usd) for number, usd in enumerate(apis)),
                tuple(
                    PoolShare(pool.key, draw(st.lists(loads, min_size=periods, max_size=periods)), draw(amounts) / 20)
                    for pool in shares
                ),
            )
        )
    platform = Platform(
        first_usd=draw(amounts) + 500, further_usd=draw(st.integers(0, 500)), integration_usd=draw(amounts) / 40,
        engineers_first=2, engineers_further=1, engineers_available=draw(st.sampled_from([None, 0, 2, 3])),
        missing_engineer_usd=draw(st.sampled_from([0, 700])),
    )  # fmt: skip
    owned = {"H100": draw(st.integers(0, 5)), "L4": draw(st.integers(0, 3))} if owning else {}
    return PortfolioProgram(tuple(workloads), pools, platform, owned, draw(st.integers(0, 2)))


def every_cost(program: PortfolioProgram, limited: bool) -> float:
    """Try every assignment in plain Python; infinite where none keeps to the limit."""
    served = [w for w in program.workloads if w.apis or w.shares]
    ways: list[list[ApiChoice | PoolShare]] = [[*w.apis, *w.shares] for w in served]
    return min((_cost(program, picked, limited) for picked in itertools.product(*ways)), default=0.0)


def _cost(program: PortfolioProgram, picked: tuple[ApiChoice | PoolShare, ...], limited: bool) -> float:
    team = program.platform
    total = math.fsum(one.monthly_usd for one in picked)
    running: dict[str, list[list[float]]] = {}
    for one in picked:
        if isinstance(one, PoolShare):
            running.setdefault(one.pool, []).append(list(one.load))
            total += team.integration_usd
    used = [pool for pool in program.pools if pool.key in running]
    replicas = {}
    for pool in used:
        months = [max(math.ceil(math.fsum(month) - 1e-5), 1) for month in zip(*running[pool.key], strict=True)]
        whole = [max(months)] * len(months) if pool.billing == "fixed" else months
        replicas[pool.key] = [count + program.spare_replicas for count in whole]
        total += pool.replica_usd * sum(replicas[pool.key]) / len(months)
    total -= sum(_owned_saving(program, used, replicas, name) for name in program.owned_cards)
    engineers = team.engineers(len(used))
    if team.engineers_available is not None and engineers > team.engineers_available:
        if limited:
            return math.inf
        total += (engineers - team.engineers_available) * team.missing_engineer_usd
    return total + team.team_usd(len(used))


def _owned_saving(
    program: PortfolioProgram, used: list[Pool], replicas: dict[str, list[int]], accelerator: str
) -> float:
    """Try every number of owned cards for each pool of fixed size, and hand out the rest month by month."""
    mine = [pool for pool in used if pool.accelerator == accelerator]
    fixed = [pool for pool in mine if pool.billing == "fixed"]
    elastic = sorted((p for p in mine if p.billing == "elastic"), key=lambda p: -p.saved_usd_per_owned_card)
    owned, best = program.owned_cards[accelerator], 0.0
    ranges = [range(min(owned, replicas[pool.key][0] * pool.cards_per_replica) + 1) for pool in fixed]
    for given_cards in itertools.product(*ranges):
        if sum(given_cards) > owned:
            continue
        saved = sum(count * pool.saved_usd_per_owned_card for count, pool in zip(given_cards, fixed, strict=True))
        for month in range(program.periods):
            left = owned - sum(given_cards)
            for pool in elastic:
                taken = min(left, replicas[pool.key][month] * pool.cards_per_replica)
                saved += taken * pool.saved_usd_per_owned_card / program.periods
                left -= taken
        best = max(best, saved)
    return best


def total(program: PortfolioProgram) -> float:
    return solve_portfolio(program).plan.total_usd


@SLOW
@given(programs())
def test_the_plan_costs_what_the_best_of_all_assignments_costs(program: PortfolioProgram) -> None:
    answer = solve_portfolio(program)
    assert answer.plan.status == "optimal"
    assert answer.plan.total_usd == pytest.approx(every_cost(program, limited=False), rel=2e-6, abs=1e-3)
    within = every_cost(program, limited=True)
    if math.isinf(within):
        assert answer.within_engineers is None
    else:
        assert answer.within_engineers is not None
        assert answer.within_engineers.total_usd == pytest.approx(within, rel=2e-6, abs=1e-3)


@SLOW
@given(programs())
def test_every_workload_is_served_once_and_the_lines_are_the_total(program: PortfolioProgram) -> None:
    plan = solve_portfolio(program).plan
    assert sorted([*(choice.workload for choice in plan.choices), *plan.unserved]) == sorted(
        workload.key for workload in program.workloads
    )
    assert plan.total_usd == math.fsum(line.monthly_usd for line in plan.lines)
    assert all(
        load <= replicas - program.spare_replicas + 2e-5
        for pool in plan.pools
        for load, replicas in zip(pool.load, pool.replicas, strict=True)
    )
    for accelerator, owned in program.owned_cards.items():
        keys = {pool.key for pool in program.pools if pool.accelerator == accelerator}
        taken = [pool.owned_cards for pool in plan.pools if pool.key in keys]
        assert all(sum(month) <= owned for month in zip(*taken, strict=True))


@SLOW
@given(programs(), st.randoms(use_true_random=False))
def test_the_order_of_workloads_and_pools_changes_nothing(program: PortfolioProgram, rng: random.Random) -> None:
    def shuffled(items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(rng.sample(items, len(items)))

    mixed = tuple(replace(w, apis=shuffled(w.apis), shares=shuffled(w.shares)) for w in program.workloads)
    other = replace(program, workloads=shuffled(mixed), pools=shuffled(program.pools))
    assert solve_portfolio(other) == solve_portfolio(program)


@SLOW
@given(programs(most_workloads=12), st.integers(0, 11), amounts)
def test_a_further_option_never_raises_the_cost(program: PortfolioProgram, index: int, usd: float) -> None:
    served = [w for w in program.workloads if w.apis or w.shares]
    if not served:
        return
    chosen = served[index % len(served)]
    more = replace(chosen, apis=(*chosen.apis, ApiChoice("another", "another vendor", usd)))
    others = tuple(more if w is chosen else w for w in program.workloads)
    assert total(replace(program, workloads=others)) <= total(program) * (1 + 1e-6) + 1e-6


@SLOW
@given(programs(most_workloads=12), st.floats(1, 3))
def test_more_load_never_costs_less(program: PortfolioProgram, factor: float) -> None:
    def grown(share: PoolShare) -> PoolShare:
        return replace(share, load=[load * factor for load in share.load])

    heavier = tuple(replace(w, shares=tuple(grown(share) for share in w.shares)) for w in program.workloads)
    assert total(replace(program, workloads=heavier)) >= total(program) * (1 - 1e-6) - 1e-6


@SLOW
@given(programs(most_workloads=12))
def test_together_is_never_dearer_than_separate(program: PortfolioProgram) -> None:
    free = replace(program, platform=replace(program.platform, engineers_available=None))
    plan = solve_portfolio(free).plan
    assert plan.saved_usd >= -1e-6 * plan.total_usd - 1e-6


@SLOW
@given(programs(most_workloads=1))
def test_one_workload_together_is_that_workload_alone(program: PortfolioProgram) -> None:
    free = replace(program, platform=replace(program.platform, engineers_available=None))
    plan = solve_portfolio(free).plan
    assert plan.total_usd == pytest.approx(plan.separate_total_usd, rel=1e-6, abs=1e-6)


POOL = Pool("llama on H100", replica_usd=2000)
TEAM = Platform(first_usd=5000, further_usd=1000, integration_usd=100)


def two_halves(api_usd: float) -> PortfolioProgram:
    apis = (ApiChoice("gpt", "OpenAI", api_usd),)
    share = PoolShare(POOL.key, [0.5])
    return PortfolioProgram(tuple(ProgramWorkload(k, apis, (share,)) for k in "ab"), (POOL,), TEAM)


def test_two_workloads_share_the_team_the_spare_and_the_last_replica() -> None:
    """One replica and one spare for both: 5,000 + 2 x 2,000 + 2 x 100 = 9,200; each alone on the API 2 x 5,000."""
    plan = solve_portfolio(two_halves(5000)).plan
    assert plan.total_usd == 9200
    assert plan.pools[0].replicas == (2,)
    assert plan.separate_total_usd == plan.all_api_total_usd == 10000
    assert plan.saved_usd == 800
    assert (plan.advice.dearer_usd, plan.advice.pools) == (800, 1)


def test_a_small_saving_is_not_worth_a_team() -> None:
    plan = solve_portfolio(two_halves(4000)).plan
    assert plan.total_usd == plan.all_api_total_usd == 8000
    assert plan.pools == ()
    assert plan.vendors[0].share == 1


def test_a_workload_whose_load_alone_is_too_dear_still_fills_a_replica_that_runs_anyway() -> None:
    """Its 0.4 of a replica is worth 800, its API costs 300; yet the replica is there, so only the 100 count."""
    big = ProgramWorkload("big", (), (PoolShare(POOL.key, [0.6]),))
    small = ProgramWorkload("small", (ApiChoice("gpt", "OpenAI", 300),), (PoolShare(POOL.key, [0.4]),))
    plan = solve_portfolio(PortfolioProgram((big, small), (POOL,), TEAM)).plan
    assert [choice.kind for choice in plan.choices] == ["pool", "pool"]
    assert plan.total_usd == 5000 + 2 * 2000 + 2 * 100


def test_a_workload_without_any_choice_is_left_out_and_named() -> None:
    program = two_halves(4000)
    answer = solve_portfolio(replace(program, workloads=(*program.workloads, ProgramWorkload("nothing"))))
    assert answer.plan.unserved == ("nothing",)
    assert answer.plan.total_usd == 8000


def test_owned_cards_go_where_they_save_most_and_cost_only_their_running() -> None:
    pools = (
        Pool("cheap", 1000, accelerator="H100", running_usd_per_replica=100),
        Pool("dear", 3000, accelerator="H100", running_usd_per_replica=100),
    )
    workloads = tuple(ProgramWorkload(p.key, (), (PoolShare(p.key, [1.0]),)) for p in pools)
    plan: PortfolioPlan = solve_portfolio(PortfolioProgram(workloads, pools, Platform(), {"H100": 3})).plan
    assert {pool.key: pool.owned_cards for pool in plan.pools} == {"cheap": (1,), "dear": (2,)}
    assert plan.total_usd == 1000 + 3 * 100


def test_an_elastic_pool_follows_the_months_and_a_fixed_one_holds_the_largest() -> None:
    for billing, replicas in (("elastic", (2, 4)), ("fixed", (4, 4))):
        pool = Pool("pool", 1000, billing)  # type: ignore[arg-type]
        program = PortfolioProgram((ProgramWorkload("a", (), (PoolShare("pool", [0.3, 2.2]),)),), (pool,))
        assert solve_portfolio(program).plan.pools[0].replicas == replicas


def test_no_engineer_means_no_pool() -> None:
    team = replace(TEAM, engineers_first=2, engineers_further=0.5, engineers_available=1)
    answer = solve_portfolio(replace(two_halves(5000), platform=team))
    assert answer.plan.advice.engineers == 2
    assert answer.within_engineers is not None
    assert answer.within_engineers.total_usd == 10000


def test_an_empty_portfolio_costs_nothing() -> None:
    assert total(PortfolioProgram(())) == 0


def test_impossible_input_is_named() -> None:
    program = two_halves(1)
    with pytest.raises(InvalidInput, match="workload 'a' is there twice"):
        solve_portfolio(replace(program, workloads=program.workloads[:1] * 2))
    with pytest.raises(UnknownName, match="pool"):
        solve_portfolio(replace(program, pools=()))
    with pytest.raises(InvalidInput, match="at least zero"):
        solve_portfolio(replace(program, pools=(replace(POOL, replica_usd=float("nan")),)))


def test_a_search_cut_short_states_its_gap() -> None:
    rng = random.Random(7)
    pools = tuple(Pool(f"p{index}", rng.uniform(1500, 8000)) for index in range(8))
    workloads = tuple(
        ProgramWorkload(
            f"w{index:03d}",
            (ApiChoice("api", "vendor", rng.uniform(100, 900)),),
            tuple(
                PoolShare(pool.key, [base * (1 + step * month) for month in range(12)])
                for pool in rng.sample(pools, 4)
                for base, step in [(rng.uniform(0.02, 0.15), rng.uniform(0, 0.1))]
            ),
        )
        for index in range(120)
    )
    program = PortfolioProgram(workloads, pools, TEAM)
    plan = solve_portfolio(program, nodes=1).plan
    assert solve_portfolio(program, nodes=1).plan == plan
    assert plan.status == "cut_short"
    assert plan.gap == pytest.approx((plan.total_usd - plan.lower_bound_usd) / plan.total_usd)
    assert plan.gap > 1e-6


def test_what_native_code_prints_meanwhile_stays_off_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    with native_output_to_stderr():
        os.write(1, b"from a library\n")
    print("from the caller", flush=True)
    printed = capfd.readouterr()
    assert printed.out == "from the caller\n"
    assert "from a library" in printed.err
