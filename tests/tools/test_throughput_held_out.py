"""The speed constants against measured rows: fitted without a pair of architecture and accelerator, tested on it."""

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tools.catalogue.accelerators import accelerators
from tools.catalogue.open_models import open_models
from tools.measured import measured_rows
from tools.roofline import roofline, speed_constants

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def calibrate() -> ModuleType:
    """Load scripts/calibrate_throughput.py, which is no package."""
    spec = importlib.util.spec_from_file_location("calibrate", ROOT / "scripts" / "calibrate_throughput.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["calibrate"] = module
    spec.loader.exec_module(module)
    return module


def test_unseen_pairs_meet_the_target_and_the_error_on_record(calibrate: ModuleType) -> None:
    bench, without = calibrate.load_bench()
    assert not without, "measured configurations must have room in the memory model"
    off = np.abs(calibrate.held_out(bench) / bench.measured - 1.0)
    steady = off[[row.load == "steady" for row in bench.rows]]
    assert np.median(off) <= 0.20
    assert np.quantile(off, 0.9) <= 0.60
    assert np.median(steady) <= 0.15
    assert np.quantile(steady, 0.9) <= 0.45
    errors = roofline().errors
    assert errors.roofline.value == pytest.approx(np.quantile(off, 0.9), abs=0.02)
    assert errors.roofline_median.value == pytest.approx(np.median(off), abs=0.01)


def test_the_constants_are_those_that_fit_all_rows(calibrate: ModuleType) -> None:
    fitted = calibrate.fit(calibrate.load_bench()[0])
    speed = roofline().speed
    links = {"nvlink_us": speed.reduce_us, "pcie_us": speed.reduce_us}
    links |= {"nvlink_share": speed.link_share, "pcie_share": speed.link_share}
    for name, value in fitted.items():
        kept = links[name].value[name.split("_")[0]] if name in links else getattr(speed_constants(), name)
        assert kept == pytest.approx(value, rel=0.05), name


def test_rows_carried_to_another_point_of_their_pair_are_within_the_error_on_record(calibrate: ModuleType) -> None:
    off, _ = calibrate.interpolated_out(calibrate.load_bench()[0])
    errors = roofline().errors
    assert len(off) > 1000
    assert errors.interpolated.value == pytest.approx(np.quantile(off, 0.9), abs=0.02)
    assert errors.interpolated_median.value == pytest.approx(np.median(off), abs=0.01)


def test_the_factors_on_record_are_those_of_the_rows(calibrate: ModuleType) -> None:
    path = ROOT / "tools" / "data" / "throughput_factors.csv"
    with path.open(encoding="utf-8", newline="") as file:
        kept = [tuple(row.values()) for row in csv.DictReader(file)]
    made = [tuple(str(cell) for cell in line) for line in calibrate.factors(calibrate.load_bench()[0])]
    assert kept == made, "run scripts/calibrate_throughput.py --factors"


def test_measured_rows_are_sourced_dated_and_of_the_catalogues() -> None:
    rows = [row for rows in measured_rows().values() for row in rows]
    assert len({row.row_id for row in rows}) == len(rows) > 1400
    for row in rows:
        assert row.model in open_models()
        assert row.gpu in accelerators()
        assert row.source
        assert row.as_of.startswith("202")
        assert row.confidence in ("read-in-source", "secondary")
        assert min(row.output_tokens_per_second, row.concurrency, row.output_tokens) > 0
        assert 1 <= row.count <= 8
        assert row.load in ("steady", "single", "batch", "arrivals", "burst")
