"""The portfolio's programme at several sizes: the whole search against the plain programme handed to HiGHS.

The portfolios are made up: API bills spread over three powers of ten, own servers at a third to three times their
price, so that many workloads stand near the line. Run alone for all sizes: `python -m tests.benchmarks.portfolio`.
"""

import sys
import time
from collections.abc import Iterator

import numpy as np

from tests.benchmarks.timing import Comparison
from tools.portfolio_arrays import arrays_of
from tools.portfolio_program import ApiChoice, Platform, Pool, PoolShare, PortfolioProgram, ProgramWorkload
from tools.portfolio_search import Found, search

POOLS, MONTHS = 12, 12
GROWTH = {"no growth": (0.0,), "one growth for all": (0.03,), "four growths": (0.0, 0.01, 0.03, 0.08)}
SIZES = (10, 100, 300, 1000)
LIMIT_S = 10.0


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


def timed(program: PortfolioProgram, tight: bool) -> tuple[float, Found]:
    """Search once, and return the seconds with what was found."""
    arrays = arrays_of(program)
    start = time.perf_counter()
    found = search(arrays, None, LIMIT_S, tight)
    return time.perf_counter() - start, found


def run(sizes: tuple[int, ...] = (100,)) -> Iterator[Comparison]:
    """Time both searches, which end by proof or at the time limit; the note says with which gap."""
    for size in sizes:
        for name, growths in GROWTH.items():
            program = made_up(size, growths, seed=0)
            (plain, loose), (whole, tight) = timed(program, False), timed(program, True)
            gaps = f"gap {loose.gap:.2%} against {tight.gap:.2%} at {tight.usd:,.0f} USD"
            yield Comparison(f"portfolio of {size}, {name}", "plain", "tightened", plain, whole, gaps)


if __name__ == "__main__":
    for comparison in run(tuple(map(int, sys.argv[1:])) or SIZES):
        print(comparison, flush=True)
