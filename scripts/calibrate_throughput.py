"""Fits the speed constants to the measured rows and tests them on model-accelerator pairs left out of the fit.

    .venv/bin/python scripts/calibrate_throughput.py            fit, validate, print tables
    .venv/bin/python scripts/calibrate_throughput.py --factors  also write tools/data/throughput_factors.csv

Nothing is written into roofline.yaml: copy the constants and the errors by hand, with the date.
"""

import argparse
import csv
import dataclasses
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from tools.catalogue.accelerators import accelerators
from tools.catalogue.open_models import open_models
from tools.measured import FACTORS_FILE, MeasuredRow, carried_factor, log_ratios, measured_rows
from tools.replica import Replica
from tools.roofline import roofline, speed_constants
from tools.sizing import request_bytes
from tools.speed_model import Floats, Shape, SpeedConstants, prompt_seconds, residence_seconds, step_seconds
from tools.throughput import throughput

# What is fitted: where it starts, and how far (in logarithms) it may go before the data must insist.
PRIORS = {
    "bandwidth_share": (0.80, 0.15),
    "decode_share": (0.50, 0.5),
    "layer_ms": (0.05, 0.5),
    "expert_layer_ms": (0.03, 0.7),
    "step_ms": (1.0, 0.7),
    "request_us": (15.0, 0.7),
    "prompt_share": (0.50, 0.3),
    "expert_prompt_share": (0.70, 0.5),
    "prompt_ms": (5.0, 0.7),
    "nvlink_us": (6.0, 0.5),
    "pcie_us": (30.0, 0.5),
    "nvlink_share": (0.50, 0.5),
    "pcie_share": (0.30, 0.7),
}
_STRENGTH = 0.3
_ROBUST = 0.2
_UNSTEADY = 0.4
# A pair's factor is drawn towards 1 as by so many rows, and cut off: rows further away have something else at work
# (prompts already cached, an engine's early version).
_FEW = 2.0
_FURTHEST = 1.5
_FAST_LINKS = ("nvlink", "fabric")


@dataclass(frozen=True)
class Bench:
    """All rows as arrays: shapes, loads and what was measured, each of shape (rows,)."""

    rows: Sequence[MeasuredRow]
    shape: Shape
    inputs: Floats
    outputs: Floats
    batch: Floats
    cache: Floats
    attention: Floats
    wired: Floats
    link: Floats
    measured: Floats

    def where(self, kept: Any) -> "Bench":
        """Return the rows that a mask keeps."""
        at = np.flatnonzero(kept)
        cut = {f.name: getattr(self.shape, f.name)[at] for f in dataclasses.fields(Shape)}
        arrays = ("inputs", "outputs", "batch", "cache", "attention", "wired", "link", "measured")
        return Bench(
            [self.rows[int(i)] for i in at], Shape(**cut), **{name: getattr(self, name)[at] for name in arrays}
        )

    @property
    def pairs(self) -> list[Hashable]:
        """The pair of each row: models of one architecture count as one."""
        return [(open_models()[row.model].architecture, row.gpu) for row in self.rows]


def load_bench() -> tuple[Bench, list[MeasuredRow]]:
    """Return the rows that the memory model has room for, and those it has not."""
    fitting, without, replicas, batches = [], [], [], []
    for row in (row for rows in measured_rows().values() for row in rows):
        replica = _replica(row)
        batch = float(throughput(replica, row.input_tokens, row.output_tokens, row.concurrency)[3])
        if batch <= 0:
            without.append(row)
            continue
        fitting.append(row)
        replicas.append(replica)
        batches.append(batch)
    shape = Shape(**{f.name: np.array([getattr(r.shape, f.name) for r in replicas]) for f in dataclasses.fields(Shape)})
    inputs = np.array([row.input_tokens for row in fitting])
    outputs = np.maximum(np.array([row.output_tokens for row in fitting]), 1.0)
    held = [request_bytes(r.model, t) * b for r, t, b in zip(replicas, inputs + outputs / 2, batches, strict=True)]
    attention = [float(r.attention_flops(t)) for r, t in zip(replicas, inputs, strict=True)]
    wired = np.array([r.accelerator.interconnect in _FAST_LINKS for r in replicas])
    measured = np.array([row.output_tokens_per_second for row in fitting])
    link = shape.link / [roofline().speed.link_share.value[r.accelerator.interconnect] for r in replicas]
    arrays = (inputs, outputs, np.array(batches), np.array(held), np.array(attention), wired, link, measured)
    return Bench(fitting, shape, *arrays), without


def predict(bench: Bench, values: dict[str, float]) -> Floats:
    """Return the output tokens/s of every row under constants."""
    constants = constants_of(values)
    links = ("nvlink", "pcie")
    latency, share = (np.where(bench.wired, *(values[f"{link}_{what}"] for link in links)) for what in ("us", "share"))
    shape = dataclasses.replace(bench.shape, reduce_us=latency, link=bench.link * share)
    step = step_seconds(shape, constants, np.maximum(bench.batch, 1.0), bench.cache)
    prompt = prompt_seconds(shape, constants, bench.inputs, bench.attention)
    residence = residence_seconds(constants, step, prompt, bench.outputs, np.maximum(bench.batch, 1.0))
    return np.asarray(bench.batch * bench.outputs / residence)


def constants_of(values: dict[str, float]) -> SpeedConstants:
    """Return the speed constants with the fitted ones replaced."""
    own = {name: value for name, value in values.items() if not name.startswith(("nvlink_", "pcie_"))}
    return dataclasses.replace(speed_constants(), **own)


def fit(bench: Bench, near: dict[str, float] | None = None) -> dict[str, float]:
    """Return the constants that fit best; robust against outliers, each pair counting by the root of its rows.

    The search begins at `near`, where given (a saving of time only: what draws the constants are the priors).
    """
    names = list(PRIORS)
    prior = np.log([PRIORS[name][0] for name in names])
    spread = np.array([PRIORS[name][1] for name in names])
    _, which, counts = _numbered(bench.pairs)
    steady = np.array([1.0 if row.load == "steady" else _UNSTEADY for row in bench.rows])
    weight = np.sqrt(4.0 * steady / np.sqrt(counts[which]))

    def residuals(logs: Floats) -> Floats:
        values = dict(zip(names, np.exp(logs).tolist(), strict=True))
        off = np.log(predict(bench, values) / bench.measured) * weight
        tame = np.sign(off) * _ROBUST * np.sqrt(2.0 * (np.sqrt(1.0 + (off / _ROBUST) ** 2) - 1.0))
        return np.concatenate([tame, _STRENGTH * (logs - prior) / spread])

    start = prior if near is None else np.log([near[name] for name in names])
    found = least_squares(residuals, start, method="lm", xtol=1e-5, ftol=1e-7)  # MINPACK: no threads to wait for
    return dict(zip(names, np.exp(found.x).tolist(), strict=True))


def _numbered(keys: Iterable[Hashable]) -> tuple[list[Hashable], Any, Any]:
    """Return the distinct keys, the number of the key of each, and how often each occurs."""
    keys = list(keys)
    distinct = list(dict.fromkeys(keys))
    number = {key: i for i, key in enumerate(distinct)}
    which = np.array([number[key] for key in keys])
    return distinct, which, np.bincount(which)


def held_out(bench: Bench) -> Floats:
    """Return each row's prediction by constants fitted without any row of its pair."""
    distinct, which, _ = _numbered(bench.pairs)
    out = np.full(len(bench.rows), np.nan)
    whole = fit(bench)
    for i in range(len(distinct)):
        out[which == i] = predict(bench.where(which == i), fit(bench.where(which != i), whole))
    return out


def interpolated_out(bench: Bench) -> tuple[Floats, Floats]:
    """Return, per row with others of its pair and width, the error when carried from rows measured at other points."""
    errors, used = [], []
    groups = _by(bench.rows, lambda row: (row.model, row.gpu, row.precision))
    for (model, gpu, precision), at in groups.items():
        rows = [bench.rows[i] for i in at]
        replica = Replica(open_models()[model], accelerators()[gpu], 1, precision)
        ratios = log_ratios(replica, rows, throughput)
        for position, i in enumerate(at):
            row = rows[position]
            point = (row.count, row.input_tokens, row.output_tokens, row.concurrency)
            others = [k for k, r in enumerate(rows) if _elsewhere(r, row)]
            if not others or not np.isfinite(ratios[position]):
                continue
            factor = carried_factor([rows[k] for k in others], ratios[others], *point)
            errors.append(abs(factor * np.exp(-ratios[position]) - 1.0))
            used.append(i)
    return np.array(errors), np.array(used)


def _elsewhere(one: MeasuredRow, other: MeasuredRow) -> bool:
    """Say whether two rows are different points (not one point measured with two engines)."""
    return any(
        abs(np.log(a / b)) > 0.05
        for a, b in (
            (one.count, other.count),
            (one.input_tokens + 1, other.input_tokens + 1),
            (one.output_tokens, other.output_tokens),
            (one.concurrency, other.concurrency),
        )
    )


def repeated(rows: Sequence[MeasuredRow]) -> Floats:
    """Return how far rows of one point (other engines, other days) are from the row in their middle."""
    groups = _by(
        rows,
        lambda r: (r.model, r.gpu, r.precision, r.count, r.input_tokens, r.output_tokens, round(r.concurrency)),
    )
    off = []
    for at in groups.values():
        speeds = sorted(rows[i].output_tokens_per_second for i in at)
        middle = speeds[len(speeds) // 2]
        off += [abs(middle / speed - 1.0) for speed in speeds if len(speeds) > 1]
    return np.array(off)


def _by(rows: Sequence[MeasuredRow], key: Callable[[MeasuredRow], Any]) -> dict[Any, list[int]]:
    groups: dict[Any, list[int]] = {}
    for i, row in enumerate(rows):
        groups.setdefault(key(row), []).append(i)
    return groups


def table(title: str, bench: Bench, predicted: Floats, key: Callable[[MeasuredRow], Any]) -> None:
    """Print median and 90th percentile of the relative error, and the bias, per group."""
    ratio = predicted / bench.measured
    print(f"\n{title:<62} rows  median    p90   bias")
    for name, at in sorted(_by(bench.rows, key).items(), key=lambda item: str(item[0])):
        off = np.abs(ratio[at] - 1.0)
        bias = np.exp(np.mean(np.log(ratio[at])))
        print(f"  {name!s:<60} {len(at):>4}  {np.median(off):>6.1%} {np.quantile(off, 0.9):>6.1%}  {bias:>5.2f}")


def write_factors(bench: Bench) -> None:
    """Write measured ÷ estimated per pair and width: the median over steady rows, drawn towards 1."""
    path = Path(__file__).parents[1] / "tools" / "data" / FACTORS_FILE
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("model", "gpu", "bits", "factor", "rows"))
        for line in factors(bench):
            writer.writerow(line)


def factors(bench: Bench) -> list[tuple[str, str, float, float, int]]:
    """Return model, accelerator, bits, factor and rows for every architecture measured under a lasting load.

    Files of llama.cpp are left out: they run single streams.
    """
    lasting = [row for row in bench.rows if row.load in ("steady", "arrivals") and not _replica(row).spread]
    lines = []
    widths = _by(lasting, lambda row: (open_models()[row.model].architecture, row.gpu, _replica(row).bits))
    for (_, gpu, bits), at in widths.items():
        rows = [lasting[i] for i in at]
        ratios = log_ratios(_replica(rows[0]), rows, throughput)
        drawn = float(np.exp(np.median(ratios) * len(rows) / (len(rows) + _FEW)))
        lines.append((rows[0].model, gpu, bits, round(min(max(drawn, 1 / _FURTHEST), _FURTHEST), 3), len(rows)))
    return sorted(lines)


def _replica(row: MeasuredRow) -> Replica:
    return Replica(open_models()[row.model], accelerators()[row.gpu], row.count, row.precision)


def main() -> None:
    """Fit, validate and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--factors", action="store_true", help="write the factors of measured pairs")
    chosen = arguments.parse_args()
    bench, without = load_bench()
    print(f"{len(bench.rows)} rows fit into memory, {len(without)} do not:")
    for (model, gpu, count, precision), at in _by(without, lambda r: (r.model, r.gpu, r.count, r.precision)).items():
        print(f"  {model} on {count} x {gpu} at {precision}: {len(at)} rows")
    fitted = fit(bench)
    print("\nconstants: " + ", ".join(f"{name} {value:.3g}" for name, value in fitted.items()))
    everywhere: list[tuple[str, Callable[[MeasuredRow], Any]]] = [
        ("left out, all", lambda row: "all"),
        ("left out, per load", lambda row: row.load),
        ("left out, per accelerator, steady or not", lambda row: (row.gpu, row.load)),
        ("left out, per model", lambda row: (row.model, row.load)),
        ("left out, per pair", lambda row: (row.model, row.gpu, row.load)),
        ("left out, per engine and load", lambda row: (row.engine, row.load)),
    ]
    table("fitted on the same rows, per load", bench, predict(bench, fitted), lambda row: row.load)
    left_out = held_out(bench)
    for title, key in everywhere:
        table(title, bench, left_out, key)
    kept, _ = interpolated_out(bench)
    same = repeated([row for rows in measured_rows().values() for row in rows])
    print(f"\ninterpolated (point left out): median {np.median(kept):.1%}, p90 {np.quantile(kept, 0.9):.1%}")
    print(f"repeated points: median {np.median(same):.1%}, p90 {np.quantile(same, 0.9):.1%}, {len(same)} rows")
    print(f"errors on record: {roofline().errors.roofline.value}, {roofline().errors.interpolated.value}")
    if chosen.factors:
        write_factors(bench)


if __name__ == "__main__":
    main()
