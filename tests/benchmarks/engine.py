"""The decision engine: many draws at once against one at a time, flips, memory, and the start of the command."""

import statistics
from collections.abc import Iterator

from tests.benchmarks.child import command_seconds, peak_mib, start_up_parts
from tests.benchmarks.plain_floats import seconds_for_all
from tests.benchmarks.portfolios import TICKETS, TODAY, one_workload
from tests.benchmarks.timing import Comparison, Measured, compare, median_seconds
from tools.assess import facts_of
from tools.evaluate import evaluate
from tools.flips import find_flips

DRAWS = 4096
SINGLES = 8


def run() -> Iterator[Comparison | Measured]:
    """Evaluate one workload with 4,096 draws over all options, then search its flips, then start the command."""
    portfolio = one_workload()
    facts = facts_of(portfolio.organization, portfolio.workloads[0])
    whole = evaluate(facts, TODAY, DRAWS, 0)

    def singly() -> None:
        for seed in range(SINGLES):
            evaluate(facts, TODAY, 1, seed)

    vectors = compare(
        "engine, one workload",
        ("one draw at a time, all options at once", singly),
        ("4,096 draws at once", lambda: evaluate(facts, TODAY, DRAWS, 0)),
        rounds=5,
        note=f"the first is {SINGLES} runs scaled up",
        scale=DRAWS / SINGLES,
    )
    plain = statistics.median(seconds_for_all(whole, 12, 300) for _ in range(3))
    yield Comparison(
        "engine, one workload",
        "plain Python floats in loops, the sums alone",
        "4,096 draws at once, with gates, levels, routers and the choice",
        plain,
        vectors.second_seconds,
        f"the first is 12 draws of {len(whole.option_set.api_rows)} APIs and 300 servers, scaled up to "
        f"{len(whole.option_set.servers)} servers and {DRAWS} draws",
    )
    yield vectors
    yield _flips()
    yield Measured("engine, peak memory", _memory("one", "one workload with 4,096 draws"))
    yield Measured("assess, start to answer", f"{command_seconds(5):.2f} s (median of 5); {start_up_parts()}")


def _flips() -> Measured:
    portfolio = one_workload(TICKETS)
    facts = facts_of(portfolio.organization, portfolio.workloads[0])
    evaluation = evaluate(facts, TODAY, 512, 0)
    found = find_flips(facts, evaluation)
    seconds = median_seconds(lambda: find_flips(facts, evaluation), 3)
    once = median_seconds(lambda: evaluate(facts, TODAY, 512, 0), 3)
    words = f"{len(found)} found and verified for {len(facts)} facts in {seconds * 1e3:.0f} ms"
    return Measured("engine, flips", f"{words}; one evaluation takes {once * 1e3:.0f} ms")


def _memory(what: str, words: str) -> str:
    idle, busy = peak_mib("nothing"), peak_mib(what)
    return f"{busy:.0f} MiB for {words}; {idle:.0f} MiB with the options loaded and one small evaluation"
