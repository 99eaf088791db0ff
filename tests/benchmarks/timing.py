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
            f"{self.name}: {self.first} {_time(self.first_seconds)}, {self.second} "
            f"{_time(self.second_seconds)}, ratio {self.ratio:,.2f}{'; ' + self.note if self.note else ''}"
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """Something measured alone: the machine's word, not a ratio."""

    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:,.2f} ms" if seconds < 10 else f"{seconds:,.1f} s"


def compare(
    name: str,
    first: tuple[str, Callable[[], object]],
    second: tuple[str, Callable[[], object]],
    rounds: int,
    note: str = "",
    scale: float = 1.0,
) -> Comparison:
    """Run both once to warm up, then in turns, and take the medians; the first's is multiplied by `scale`."""
    first[1](), second[1]()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for index, action in enumerate((first[1], second[1])):
            start = time.perf_counter()
            action()
            times[index].append(time.perf_counter() - start)
    medians = statistics.median(times[0]) * scale, statistics.median(times[1])
    return Comparison(name, first[0], second[0], *medians, note)


def median_seconds(action: Callable[[], object], rounds: int) -> float:
    """Run something several times and return the median of its seconds."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
