"""A portfolio of 1,000 workloads, assessed whole, against plain floats in loops over workloads, options and draws."""

import time
from collections.abc import Iterator

from tests.benchmarks.child import thousand_seconds_and_peak
from tests.benchmarks.plain_floats import seconds_for_all
from tests.benchmarks.portfolios import TODAY, varied
from tests.benchmarks.timing import Comparison, Measured
from tools.assess import facts_of
from tools.evaluate import Evaluation, evaluate
from tools.facts import Portfolio

WORKLOADS = 1000
DRAWS = 128  # as `assess` takes for so many workloads
SAMPLED = 10


def run() -> Iterator[Comparison | Measured]:
    """Assess all in a process of its own, plan included; time the loops for a few workloads before and after."""
    portfolio = varied(WORKLOADS)
    sampled = [
        evaluate(facts_of(portfolio.organization, workload), TODAY, DRAWS, 0)
        for workload in portfolio.workloads[:: WORKLOADS // SAMPLED]
    ]
    before, at_once = _plain(sampled), _each(portfolio)
    seconds, peak = thousand_seconds_and_peak()
    plain, at_once = (before + _plain(sampled)) / 2, (at_once + _each(portfolio)) / 2
    name, first = f"portfolio of {WORKLOADS:,}", "plain Python floats in loops, the sums alone"
    note = f"the first is {SAMPLED} workloads, a few draws and servers of each, scaled up"
    yield Comparison(
        name, first, "evaluated, with gates, levels and the choice", plain * WORKLOADS, at_once * WORKLOADS, note
    )
    yield Comparison(
        name,
        first,
        "assessed whole, with tables, findings and plan",
        plain * WORKLOADS,
        seconds,
        f"the first is {note}",
    )
    yield Measured(name, f"{seconds:.1f} s, {seconds / WORKLOADS * 1e3:.1f} ms a workload, peak memory {peak:.0f} MiB")


def _each(portfolio: Portfolio) -> float:
    """Return the seconds that evaluating one workload takes."""
    workloads = portfolio.workloads[:: WORKLOADS // SAMPLED]
    start = time.perf_counter()
    for workload in workloads:
        evaluate(facts_of(portfolio.organization, workload), TODAY, DRAWS, 0)
    return (time.perf_counter() - start) / len(workloads)


def _plain(sampled: list[Evaluation]) -> float:
    """Return seconds per workload: all APIs and some servers in a few draws, scaled up to all servers and draws."""
    return sum(seconds_for_all(one, 4, 100) for one in sampled) / len(sampled)
