"""Runs the benchmarks: all of them, or those named on the command line."""

import os
import sys
from collections.abc import Callable, Iterator

from tests.benchmarks import decoding, engine, portfolio, retrieval
from tests.benchmarks.timing import Comparison
from ui.environment import quieten

BENCHMARKS: dict[str, Callable[[], Iterator[Comparison]]] = {
    "engine": engine.run,
    "portfolio": portfolio.run,
    "retrieval": retrieval.run,
    "decoding": decoding.run,
}


def main(names: list[str]) -> int:
    """Print one line per comparison."""
    quieten(os.environ)
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        for comparison in BENCHMARKS[name]():
            print(comparison, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
