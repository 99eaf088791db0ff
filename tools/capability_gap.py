"""How far the best open models are behind the best proprietary ones, in points and months. It knows no level."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tools.capability_evidence import lags, past_models
from tools.capability_levels import Reading, readings
from tools.catalogue.open_models import open_models
from tools.catalogue.proprietary import proprietary_models
from tools.errors import UnknownName
from tools.facts import fact_dictionary

_DAYS_PER_MONTH = 30.44
_LAG_MONTHS_KEPT = 12
_FRESHNESS_HALF_LIFE_DAYS = 180


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap in one test: the best proprietary less the best open score, in that test's points; and the lag in months.

    Months are None where nobody measured them; the range is over all estimates of the last twelve months.
    """

    task: str
    points: float
    best_open: str
    best_open_score: float
    best_closed: str
    best_closed_score: float
    benchmark: str
    dated: date
    source: str
    reporting: str
    months_behind: float | None
    months_range: tuple[float, float] | None
    months_sources: tuple[str, ...]


def gap_of(task: str, on: date) -> Gap | None:
    """Return the gap in the test that speaks most, and most freshly, for a task; None when none has both kinds."""
    known_tasks = fact_dictionary()["task"].values
    if task not in known_tasks:
        raise UnknownName.of("task", task, known_tasks)
    both = [pair for reading in readings(on).values() if (pair := _best_of_both(reading, task, on)) is not None]
    if not both:
        return None
    _, reading, bests = max(both, key=lambda pair: (pair[0], pair[1].benchmark.id))
    (open_score, open_name, open_dated, _), (closed_score, closed_name, dated, source) = bests[True], bests[False]
    low_high, sources = _months(task, on)
    return Gap(
        task, closed_score - open_score, open_name, open_score, closed_name, closed_score, reading.benchmark.title,
        max(dated, open_dated), source, reading.benchmark.reporting,
        sum(low_high) / 2 if low_high else None, low_high, sources,
    )  # fmt: skip


Best = tuple[float, str, date, str]


def _best_of_both(reading: Reading, task: str, on: date) -> tuple[float, Reading, Mapping[bool, Best]] | None:
    """Return how much a test says about a task, and its best open (True) and proprietary (False) rows."""
    strength = reading.benchmark.tasks.get(task)
    if strength is None:
        return None
    bests: dict[bool, Best] = {}
    for table in reading.tables:
        for name, score in table.scores.items():
            kind = is_open(name)
            if kind not in bests or score > bests[kind][0]:
                bests[kind] = (score, name, table.dated, table.source)
    if len(bests) < 2:
        return None
    freshness = 0.5 ** ((on - reading.newest).days / _FRESHNESS_HALF_LIFE_DAYS)
    trust = 1.0 if reading.benchmark.reporting == "independent" else 0.4
    return strength * trust * freshness * (0.5 if reading.benchmark.saturated else 1.0), reading, bests


def is_open(name: str) -> bool:
    """Say whether the weights of a model in the tables are open; a model in no catalogue is listed with the tables."""
    if name in open_models():
        return True
    bought = proprietary_models().get(name)
    return bought.open_model_id is not None if bought else past_models()[name]


def _months(task: str, on: date) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    found = [
        lag for lag in lags() if task in lag.tasks and 0 <= (on - lag.dated).days <= _LAG_MONTHS_KEPT * _DAYS_PER_MONTH
    ]
    if not found:
        return None, ()
    low = min(lag.months[0] for lag in found)
    high = max(lag.months[1] for lag in found)
    return (low, high), tuple(f"{lag.source} ({lag.dated:%Y-%m})" for lag in found)
