"""Runs the benchmarks: all of them, or those named on the command line."""

import os
import sys
from collections.abc import Callable, Iterable

from tests.benchmarks import decoding, engine, insight, page, portfolio, retrieval, thousand
from tests.benchmarks.timing import Comparison, Measured
from ui.environment import quieten

BENCHMARKS: dict[str, Callable[[], Iterable[Comparison | Measured]]] = {
    "engine": engine.run,
    "thousand": thousand.run,
    "portfolio": portfolio.run,
    "retrieval": retrieval.run,
    "decoding": decoding.run,
    "insight": insight.run,
    "page": page.run,
}


def main(names: list[str]) -> int:
    """Print one line per measurement."""
    quieten(os.environ)
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        for measured in BENCHMARKS[name]():
            print(measured, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
