"""A portfolio of 1,000 workloads, assessed whole, against plain loops over workloads, options and draws."""

import time
from collections.abc import Iterator

from tests.benchmarks.child import thousand_seconds_and_peak
from tests.benchmarks.plain_loops import sample_of, seconds_per_draw
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
    before, singles, at_once = _plain(sampled), _each(portfolio, 1) * DRAWS, _each(portfolio, DRAWS)
    seconds, peak = thousand_seconds_and_peak()
    plain = (before + _plain(sampled)) / 2
    singles, at_once = (singles + _each(portfolio, 1) * DRAWS) / 2, (at_once + _each(portfolio, DRAWS)) / 2
    name, ours = f"portfolio of {WORKLOADS:,}", "assessed whole, with tables, findings and plan"
    for words, each in (("plain loops", plain), ("one draw at a time, all options at once", singles)):
        note = f"the first is the evaluation alone of {SAMPLED} workloads, scaled up"
        yield Comparison(name, words, ours, each * WORKLOADS, seconds, note)
    note = f"the evaluation alone of {SAMPLED} workloads, scaled up"
    yield Comparison(
        name, "one draw at a time", f"{DRAWS} draws at once", singles * WORKLOADS, at_once * WORKLOADS, note
    )
    yield Measured(name, f"{seconds:.1f} s, {seconds / WORKLOADS * 1e3:.1f} ms a workload, peak memory {peak:.0f} MiB")


def _each(portfolio: Portfolio, draws: int) -> float:
    """Return the seconds that evaluating one workload takes with so many draws, all options at once."""
    workloads = portfolio.workloads[:: WORKLOADS // SAMPLED]
    start = time.perf_counter()
    for workload in workloads:
        evaluate(facts_of(portfolio.organization, workload), TODAY, draws, 0)
    return (time.perf_counter() - start) / len(workloads)


def _plain(sampled: list[Evaluation]) -> float:
    """Return seconds per workload: a few kinds of option in one draw each, scaled up to all options and draws."""
    seconds = [seconds_per_draw(one, sample_of(one, 12), (number,)) * DRAWS for number, one in enumerate(sampled)]
    return sum(seconds) / len(seconds)
