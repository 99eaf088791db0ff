"""The decision engine over many draws at once, against the same functions one draw at a time."""

from collections.abc import Iterator
from datetime import date

from tests.benchmarks.timing import Comparison, compare
from tools.evaluate import evaluate
from tools.facts import Fact

DRAWS = 4096
SINGLES = 8
TODAY = date(2026, 11, 22)


def run() -> Iterator[Comparison]:
    """Evaluate one workload with 4,096 draws, and 8 times with one draw (scaled up to 4,096)."""
    facts = {"task": Fact("task", "chatbot"), "requests_per_day": Fact("requests_per_day", 20000.0)}

    def together() -> None:
        evaluate(facts, TODAY, DRAWS, 0)

    def singly() -> None:
        for seed in range(SINGLES):
            evaluate(facts, TODAY, 1, seed)

    measured = compare("engine", ("one draw at a time", singly), ("4,096 draws at once", together), rounds=5)
    scale = DRAWS / SINGLES
    yield Comparison(
        measured.name,
        measured.first,
        measured.second,
        measured.first_seconds * scale,
        measured.second_seconds,
        f"the first is {SINGLES} runs scaled by {scale:.0f}",
    )
