"""The search for the cheapest plan: seconds and gap, for portfolios that the engine makes and for made-up hard ones.

The hard ones: API bills spread over three powers of ten, own servers at a third to three times their price, so that
many workloads stand near the line. All sizes: `python -m tests.benchmarks.portfolio`.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tests.benchmarks.portfolios import TODAY, varied
from tests.benchmarks.timing import Measured
from tools.assess import facts_of
from tools.evaluate import evaluate
from tools.plan_program import candidate_of, program_of
from tools.portfolio_arrays import arrays_of
from tools.portfolio_program import ApiChoice, Platform, Pool, PoolShare, PortfolioProgram, ProgramWorkload
from tools.portfolio_search import search

POOLS, MONTHS, DRAWS = 12, 12, 128
GROWTH = {"no growth": (0.0,), "one growth for all": (0.03,), "four growths": (0.0, 0.01, 0.03, 0.08)}
MADE, HARD = (100, 200, 300), (100, 300)


def engine_made(workloads: int, by_month: bool) -> PortfolioProgram:
    """Return the programme of varied workloads; `by_month`: nobody commits for a year, at half as much again."""
    portfolio = varied(workloads)
    facts = [(w.name, facts_of(portfolio.organization, w)) for w in portfolio.workloads]
    program = program_of([candidate_of(name, evaluate(known, TODAY, DRAWS, 0)) for name, known in facts]).program
    if not by_month:
        return program
    pools = (replace(pool, billing="elastic", replica_usd=1.5 * pool.replica_usd) for pool in program.pools)
    return replace(program, pools=tuple(pools))


def made_up(workloads: int, growths: tuple[float, ...], seed: int) -> PortfolioProgram:
    """Make up a portfolio; one workload in fourteen has no API, half of the pairs are permitted."""
    rng = np.random.default_rng(seed)
    price = rng.choice([1500, 2000, 4000, 8000, 16000], POOLS) * rng.uniform(0.8, 1.2, POOLS)
    worth = price * rng.uniform(0.5, 1.5, POOLS)
    pools = tuple(
        Pool(f"pool {p:02d}", float(price[p]), "elastic" if rng.random() < 0.5 else "fixed") for p in range(POOLS)
    )
    served = []
    for index in range(workloads):
        size = float(np.exp(rng.normal(5.5, 1.8)))
        months = (1 + rng.choice(growths)) ** np.arange(MONTHS)
        fits = np.flatnonzero(rng.random(POOLS) < 0.5)
        apis = (ApiChoice("api", "vendor", size * float(rng.uniform(0.3, 3))),)
        shares = tuple(PoolShare(pools[p].key, months * size / worth[p] * rng.uniform(0.5, 1.5)) for p in fits)
        kept = () if shares and rng.random() < 1 / 14 else apis
        served.append(ProgramWorkload(f"workload {index:04d}", kept, shares))
    return PortfolioProgram(tuple(served), pools, Platform(22000, 5000, 150))


def measured(name: str, program: PortfolioProgram) -> Measured:
    """Search once; say the seconds and the gap."""
    arrays = arrays_of(program)
    start = time.perf_counter()
    found = search(arrays, None)
    seconds = time.perf_counter() - start
    return Measured(f"plan of {name}", f"{seconds:.1f} s, gap {found.gap:.4%} at {found.usd:,.0f} USD a month")


def run(made: tuple[int, ...] = MADE[:1], hard: tuple[int, ...] = HARD[:1]) -> Iterator[Measured]:
    """Search for the plan of each portfolio, without the time that making it takes."""
    for size in made:
        for by_month, words in ((False, "committed"), (True, "by the month")):
            yield measured(f"{size} workloads by the engine, servers {words}", engine_made(size, by_month))
    for size in hard:
        for name, growths in GROWTH.items():
            yield measured(f"{size} hard made-up workloads, {name}", made_up(size, growths, seed=0))


if __name__ == "__main__":
    sizes = tuple(map(int, sys.argv[1:]))
    for one in run(sizes or MADE, sizes or HARD):
        print(one, flush=True)
