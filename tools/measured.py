"""Measured serving speeds and what they say about a point near them. It knows no roofline: that is passed in."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from tools.catalogue.open_models import open_models
from tools.replica import Replica
from tools.roofline import roofline
from tools.speed_model import Floats

ROWS_FILE = "throughput.csv"
FACTORS_FILE = "throughput_factors.csv"
Throughput = Callable[[Replica, Any, Any, Any], tuple[Floats, Floats, Floats, Floats]]

# A row counts as the same point up to these relative differences; published lengths are often nominal.
_SAME_LENGTH = 0.05
_SAME_LOAD = 0.05
# How far a row's comparison with the roofline carries, in logarithms of length, load and count (doublings).
_REACH = 1.0
# Rows of bursts and of a mean load say less about a steady one.
_WEIGHT = {"steady": 1.0, "single": 1.0, "batch": 0.5, "arrivals": 0.5, "burst": 0.3}
# So many rows' worth of doubt pull the local comparison towards that of the whole pair.
_DOUBT = 0.1


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """One published measurement of a replica under a load."""

    row_id: str
    model: str
    gpu: str
    count: int
    precision: str
    engine: str
    input_tokens: float
    output_tokens: float
    concurrency: float
    output_tokens_per_second: float
    first_token_ms: float | None
    per_token_ms: float | None
    load: str
    source: str
    as_of: str
    confidence: str
    note: str

    @property
    def bits(self) -> float:
        """Bits per weight of the precision as named."""
        return roofline().bits(self.precision)


@dataclass(frozen=True, slots=True)
class Nearby:
    """What measured rows say about a point: the row itself, or a factor on the roofline.

    `distance` is how far the nearest row is, in logarithms of lengths and load and in doublings of the count.
    """

    factor: float
    source: str
    distance: float = 0.0
    note: str = ""
    row: MeasuredRow | None = None


@cache
def measured_rows() -> Mapping[tuple[object, str], Sequence[MeasuredRow]]:
    """Load all rows, by architecture and accelerator."""
    found: dict[tuple[object, str], list[MeasuredRow]] = {}
    text = files("tools").joinpath("data", ROWS_FILE).read_text(encoding="utf-8")
    for cells in csv.DictReader(text.splitlines()):
        row = _row(cells)
        found.setdefault((open_models()[row.model].architecture, row.gpu), []).append(row)
    return found


def _row(cells: Mapping[str, str]) -> MeasuredRow:
    return MeasuredRow(
        row_id=cells["row_id"],
        model=cells["model"],
        gpu=cells["gpu"],
        count=int(cells["count"]),
        precision=cells["precision"],
        engine=cells["engine"],
        input_tokens=float(cells["input_len"]),
        output_tokens=float(cells["output_len"]),
        concurrency=float(cells["concurrency"]),
        output_tokens_per_second=float(cells["output_tok_s"]),
        first_token_ms=float(cells["ttft_ms"]) if cells["ttft_ms"] else None,
        per_token_ms=float(cells["tpot_ms"]) if cells["tpot_ms"] else None,
        load=cells["load"],
        source=cells["source"],
        as_of=cells["as_of"],
        confidence=cells["confidence"],
        note=cells["note"],
    )


def rows_of(replica: Replica) -> list[MeasuredRow]:
    """Return the rows of the same architecture and accelerator whose weights are as wide as the replica's."""
    rows = measured_rows().get((replica.model.architecture, replica.accelerator.id), ())
    return [row for row in rows if _as_wide(row, replica)]


def _as_wide(row: MeasuredRow, replica: Replica) -> bool:
    stored = Replica(replica.model, replica.accelerator, row.count, row.precision)
    return stored.bits == replica.bits and stored.spread == replica.spread


def nearby(replica: Replica, inputs: float, outputs: float, load: float, model: Throughput) -> Nearby | None:
    """Return what measured rows say about this point, or None where the pair was never measured at this width."""
    rows = rows_of(replica)
    if not rows:
        return None
    own = [row for row in rows if row.model == replica.model.id and row.count == replica.count]
    same = [row for row in own if _same_point(row, inputs, outputs, load)]
    if same:
        return _exact(same)
    ratios = log_ratios(replica, rows, model)
    known = np.flatnonzero(np.isfinite(ratios))
    if not len(known):
        return None
    point = (replica.count, inputs, outputs, load)
    kept = [rows[i] for i in known]
    distances = np.sqrt(_distances(kept, *point))
    closest = kept[int(np.argmin(distances))]
    like = "" if closest.model == replica.model.id else f" with {closest.model}, of the same architecture"
    return Nearby(
        factor=carried_factor(kept, ratios[known], *point),
        source=f"{len(kept)} rows measured on this accelerator at this precision{like}, nearest: "
        f"{closest.engine}, {closest.source}, {closest.as_of}, row {closest.row_id}",
        distance=float(distances.min()),
    )


def _same_point(row: MeasuredRow, inputs: float, outputs: float, load: float) -> bool:
    return (
        abs(row.input_tokens - inputs) <= _SAME_LENGTH * max(inputs, 1.0)
        and abs(row.output_tokens - outputs) <= _SAME_LENGTH * outputs
        and abs(row.concurrency - load) <= _SAME_LOAD * load
    )


def _exact(rows: Sequence[MeasuredRow]) -> Nearby:
    """Return the row in the middle of those measured at this point (by different engines or on different days)."""
    ranked = sorted(rows, key=lambda row: row.output_tokens_per_second)
    row = ranked[len(ranked) // 2]
    others = f"; the middle of {len(rows)} such rows" if len(rows) > 1 else ""
    return Nearby(
        factor=1.0,
        source=f"{row.engine}, {row.source}, {row.as_of}, row {row.row_id}{others} [{row.confidence}]",
        note=row.note,
        row=row,
    )


def _distances(rows: Sequence[MeasuredRow], count: int, inputs: float, outputs: float, load: float) -> Floats:
    """Return the squared distances of rows in logarithms; a doubling of the count counts like an e-fold."""
    points = np.array([[r.input_tokens, r.output_tokens, r.concurrency, r.count] for r in rows]).T
    lengths = np.log((points[0] + 16.0) / (inputs + 16.0)) ** 2 + np.log(points[1] / outputs) ** 2
    return np.asarray(lengths + np.log(points[2] / load) ** 2 + np.log2(points[3] / count) ** 2)


def carried_factor(
    rows: Sequence[MeasuredRow], ratios: Floats, count: int, inputs: float, outputs: float, load: float
) -> float:
    """Return measured ÷ roofline at a point from the `ratios` (logarithms) of rows, the near ones counting most.

    Near is near in load, lengths and count; where nothing is near, the pair as a whole speaks.
    """
    weight = np.asarray([_WEIGHT[row.load] for row in rows])
    near = weight * np.exp(-_distances(rows, count, inputs, outputs, load) / (2.0 * _REACH**2))
    overall = np.average(ratios, weights=weight)
    return float(np.exp(((near * ratios).sum() + _DOUBT * overall) / (near.sum() + _DOUBT)))


def log_ratios(replica: Replica, rows: Sequence[MeasuredRow], model: Throughput) -> Floats:
    """Return ln(measured ÷ roofline) per row, NaN where the roofline finds no room."""
    ratios = np.full(len(rows), np.nan)
    for key in {(row.count, row.precision) for row in rows}:
        at = [i for i, row in enumerate(rows) if (row.count, row.precision) == key]
        points = np.array([[rows[i].input_tokens, rows[i].output_tokens, rows[i].concurrency] for i in at]).T
        rate, _, _, batch = model(Replica(replica.model, replica.accelerator, *key), *points)
        measured = np.array([rows[i].output_tokens_per_second for i in at])
        ratios[at] = np.where(batch > 0, np.log(measured / np.where(batch > 0, rate, 1.0)), np.nan)
    return ratios


def pair_factor(replica: Replica) -> float:
    """Return measured ÷ estimated speed over a pair's steady rows; 1 where none is measured at this width."""
    return _factors().get((replica.model.architecture, replica.accelerator.id, replica.bits), 1.0)


@cache
def _factors() -> Mapping[tuple[object, str, float], float]:
    text = files("tools").joinpath("data", FACTORS_FILE).read_text(encoding="utf-8")
    models = open_models()
    return {
        (models[row["model"]].architecture, row["gpu"], float(row["bits"])): float(row["factor"])
        for row in csv.DictReader(text.splitlines())
    }
