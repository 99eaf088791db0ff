"""Reads test scores as levels on a day: position between the marks, weight, drift. It knows no model's class or kin.

A score is read by straight lines through three marks of its test: the score of routine work (level 0), that of moderate
work (1), and the frontier (2), which is the best score on record up to the day less the test's margin; above it the
level rises to its highest at the best score. Open and proprietary models are treated alike. What lay above moderate
work in an old test loses `frontier_drift_per_year` for each year between that test's newest table and the newest of all
tests of the task: the frontier moves, moderate work does not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from tools.capability_evidence import Benchmark, ScoreTable, benchmarks, method

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One test of a model: its score, the level that score stands for, and its weight in the whole."""

    benchmark: str
    title: str
    score: float
    dated: date
    source: str
    confidence: str
    reporting: str
    level: float
    weight: float
    frontier_score: float
    best_model: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A test as it stood on a day: the frontier's score, who holds the best, the day of its newest table."""

    benchmark: Benchmark
    tables: tuple[ScoreTable, ...]
    frontier: float
    best_model: str
    newest: date

    def position(self, score: float) -> float:
        """Return the level of a score before any drift, within the bounds of the method."""
        mark, rules = self.benchmark, method()
        if score >= self.frontier:  # the best score stands for the highest level, however far ahead it is
            level = 2.0 + (rules.highest_level - 2.0) * (score - self.frontier) / mark.margin
        elif score >= mark.moderate:
            level = 1.0 + (score - mark.moderate) / (self.frontier - mark.moderate)
        else:
            level = (score - mark.routine) / (mark.moderate - mark.routine)
        return min(max(level, rules.lowest_level), rules.highest_level)


def readings(on: date) -> Mapping[str, Reading]:
    """Return every test that had a table by that day, by id."""
    return read_tests(tuple(benchmarks().values()), on)


def read_tests(tests: Sequence[Benchmark], on: date) -> Mapping[str, Reading]:
    return {test.id: reading for test in tests if (reading := read_benchmark(test, on)) is not None}


def read_benchmark(test: Benchmark, on: date) -> Reading | None:
    """Return a test as it stood on a day; None when nothing was known yet."""
    tables = tuple(table for table in test.tables if table.dated <= on)
    if not tables:
        return None
    best, holder = max((score, model) for table in tables for model, score in table.scores.items())
    # A test in which the best barely manage moderate work still needs a frontier above that mark.
    frontier = max(best - test.margin, test.moderate + test.margin)
    return Reading(test, tables, frontier, holder, max(table.dated for table in tables))


def levels_by_model(read: Mapping[str, Reading], on: date) -> Mapping[tuple[str, str], tuple[EvidenceLine, ...]]:
    """Return the evidence for each model and task: one line per test, heaviest first."""
    newest = _newest_by_task(read)
    lines: dict[tuple[str, str], list[EvidenceLine]] = {}
    for reading in read.values():
        for model, (score, table, latest) in _best_scores(reading).items():
            for task, strength in reading.benchmark.tasks.items():
                line = _line(reading, score, table, latest, strength, newest[task], on)
                lines.setdefault((model, task), []).append(line)
    return {key: tuple(sorted(found, key=lambda line: (-line.weight, line.benchmark))) for key, found in lines.items()}


def _newest_by_task(read: Mapping[str, Reading]) -> Mapping[str, date]:
    newest: dict[str, date] = {}
    for reading in read.values():
        for task in reading.benchmark.tasks:
            newest[task] = max(newest.get(task, reading.newest), reading.newest)
    return newest


def _best_scores(reading: Reading) -> Mapping[str, tuple[float, ScoreTable, date]]:
    """Return each model's best score in a test, the table it stands in, and the model's newest table."""
    best: dict[str, tuple[float, ScoreTable, date]] = {}
    for table in reading.tables:
        for model, score in table.scores.items():
            known = best.get(model)
            latest = table.dated if known is None else max(known[2], table.dated)
            best[model] = (score, table, latest) if known is None or score > known[0] else (*known[:2], latest)
    return best


def _line(
    reading: Reading, score: float, table: ScoreTable, latest: date, strength: float, newest: date, on: date
) -> EvidenceLine:
    rules, test = method(), reading.benchmark
    weight = strength * 0.5 ** (_years(latest, on) / rules.half_life_years)
    weight *= rules.vendor_weight if test.reporting == "vendor" else 1.0
    weight *= rules.saturated_weight if test.saturated else 1.0
    level = drifted(reading.position(score), _years(reading.newest, newest))
    return EvidenceLine(
        test.id, test.title, score, table.dated, table.source, table.confidence, test.reporting, level, weight,
        reading.frontier, reading.best_model, test.note,
    )  # fmt: skip


def drifted(level: float, years: float) -> float:
    """Return a level after the frontier has moved on for some years; moderate work stays what it was."""
    return max(min(level, 1.0), level - method().frontier_drift_per_year * years)


def _years(since: date, until: date) -> float:
    return max((until - since).days, 0) / DAYS_PER_YEAR


@cache
def evidence_on(on: date) -> Mapping[tuple[str, str], tuple[EvidenceLine, ...]]:
    """Return all evidence known on a day, by model and task; cached, for a whole assessment uses one day."""
    return levels_by_model(readings(on), on)
