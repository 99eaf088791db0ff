"""A portfolio of 1,000 workloads, assessed whole, against plain loops over workloads, options and draws."""

import time
from collections.abc import Iterator

from tests.benchmarks.child import peak_mib
from tests.benchmarks.plain_loops import sample_of, seconds_per_draw
from tests.benchmarks.portfolios import TODAY, one_workload, varied
from tests.benchmarks.timing import Comparison, Measured
from tools.assess import assess, facts_of
from tools.evaluate import Evaluation, evaluate

WORKLOADS = 1000
DRAWS = 128  # as `assess` takes for so many workloads
SAMPLED = 5


def run() -> Iterator[Comparison | Measured]:
    """Assess all, plan included, and time plain loops for a few of the workloads before and after."""
    portfolio = varied(WORKLOADS)
    assess(one_workload(), TODAY)
    every = WORKLOADS // SAMPLED
    sampled = [
        evaluate(facts_of(portfolio.organization, workload), TODAY, DRAWS, 0)
        for workload in portfolio.workloads[::every]
    ]
    before = _plain(sampled)
    start = time.perf_counter()
    assessment = assess(portfolio, TODAY, draws=DRAWS)
    seconds = time.perf_counter() - start
    plain = (before + _plain(sampled)) / 2 * WORKLOADS
    plan = assessment.portfolio.plan
    gap = f"; plan within {plan.gap:.2%} of the best" if plan else "; no plan"
    yield Comparison(
        f"portfolio of {WORKLOADS:,}",
        "plain loops, evaluation only",
        "assessed whole, with tables, findings and plan",
        plain,
        seconds,
        f"the first is {SAMPLED} workloads, scaled up{gap}",
    )
    yield Measured(f"portfolio of {WORKLOADS:,}", f"{seconds:.1f} s, {seconds / WORKLOADS * 1e3:.1f} ms a workload")
    yield Measured(f"portfolio of {WORKLOADS:,}, peak memory", f"{peak_mib('thousand'):.0f} MiB")


def _plain(sampled: list[Evaluation]) -> float:
    """Return seconds per workload: a few kinds of option in one draw each, scaled up to all options and draws."""
    seconds = [seconds_per_draw(one, sample_of(one, 12), (number,)) * DRAWS for number, one in enumerate(sampled)]
    return sum(seconds) / len(seconds)
