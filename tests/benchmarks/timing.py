"""Times two callables in turns, so that a noisy machine disturbs both alike."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """Median seconds of two things measured in turns, and how often the second fits into the first."""

    name: str
    first: str
    second: str
    first_seconds: float
    second_seconds: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times as long the first takes."""
        return self.first_seconds / self.second_seconds

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.first} {self.first_seconds * 1e3:.2f} ms, {self.second} "
            f"{self.second_seconds * 1e3:.2f} ms, ratio {self.ratio:.2f}{'; ' + self.note if self.note else ''}"
        )


def compare(
    name: str,
    first: tuple[str, Callable[[], object]],
    second: tuple[str, Callable[[], object]],
    rounds: int,
    note: str = "",
) -> Comparison:
    """Run both once to warm up, then in turns, and take the medians."""
    first[1](), second[1]()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for index, action in enumerate((first[1], second[1])):
            start = time.perf_counter()
            action()
            times[index].append(time.perf_counter() - start)
    return Comparison(name, first[0], second[0], statistics.median(times[0]), statistics.median(times[1]), note)
