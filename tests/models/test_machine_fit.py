"""Whether a model runs here: memory, a container's limit, the disk, an accelerator; what is not known is said."""

from dataclasses import replace
from pathlib import Path

import pytest
from tiny_model import FROM_HUB, entry

from models import machine
from models.accelerator import Accelerator, Device
from models.machine import Machine, fit, look_at_machine

GB = 10**9
CPU = Accelerator("engine", False, (), 2)
ROOMY = Machine(16 * GB, 8 * GB, 50 * GB, CPU)
SIX = replace(entry(FROM_HUB, size_bytes=5 * GB), memory_gb=6.0)


def nothing() -> Accelerator:
    raise OSError("no engine")


def test_a_model_that_fits_is_a_yes_with_the_figures() -> None:
    found = fit(SIX, ROOMY, arrived_bytes=0)
    assert found.answer == "yes"
    assert found.reasons == (
        "needs 6 GB of memory; 8.0 GB of 16.0 GB are free",
        "5.00 GB to download; the disk has 50.0 GB free",
    )


@pytest.mark.parametrize(
    ("free", "answer", "told"),
    [(6.3, "tight", "may make it slow"), (5.9, "no", "Close other programs first"), (6.7, "yes", "6.7 GB of 16.0 GB")],
)
def test_memory_that_is_free_decides(free: float, answer: str, told: str) -> None:
    found = fit(SIX, replace(ROOMY, memory_free_bytes=int(free * GB)), arrived_bytes=None)
    assert found.answer == answer
    assert told in found.reasons[0]


def test_what_the_model_in_use_gives_back_counts() -> None:
    crowded = replace(ROOMY, memory_free_bytes=5 * GB)
    assert fit(SIX, crowded, arrived_bytes=None).answer == "no"
    found = fit(SIX, crowded, arrived_bytes=None, freed_gb=2.0)
    assert found.answer == "yes"
    assert "without the model in use" in found.reasons[0]


def test_more_than_the_machine_has_is_a_no_whatever_is_free() -> None:
    small = Machine(4 * GB, 4 * GB, 50 * GB, CPU)
    assert "has 4.0 GB in all" in fit(SIX, small, arrived_bytes=None, freed_gb=9.0).reasons[0]


def test_an_accelerator_with_room_takes_the_model() -> None:
    card = Accelerator("engine", True, (Device("CUDA0", "A card", 24.0),), 2)
    found = fit(SIX, Machine(4 * GB, GB, 50 * GB, card), arrived_bytes=None)
    assert (found.answer, found.reasons) == ("yes", ("needs 6 GB; A card has 24 GB",))
    unusable = replace(card, build_has_gpu=False)
    assert fit(SIX, Machine(4 * GB, GB, 50 * GB, unusable), arrived_bytes=None).answer == "no"


def test_the_disk_must_hold_what_is_still_to_come() -> None:
    full = replace(ROOMY, disk_free_bytes=2 * GB)
    assert fit(SIX, full, arrived_bytes=0).answer == "no"
    assert fit(SIX, full, arrived_bytes=4 * GB).answer == "yes"
    assert fit(replace(SIX, size_bytes=None), full, arrived_bytes=0).answer == "no"


def test_a_system_that_does_not_say_is_not_guessed_at() -> None:
    found = fit(SIX, Machine(None, None, 50 * GB, None), arrived_bytes=None)
    assert found.answer == "unknown"
    assert "does not say" in found.reasons[0]


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of 16 GiB of which 8 are free, in a container without a limit."""
    (tmp_path / "meminfo").write_text(f"MemTotal: {16 << 20} kB\nMemFree: 5 kB\nMemAvailable: {8 << 20} kB\n")
    monkeypatch.setattr(machine, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(machine, "_GROUP", tmp_path)
    return tmp_path


def test_what_is_free_is_read_from_the_system(system: Path) -> None:
    found = look_at_machine(system / "not" / "yet", nothing)
    assert (found.memory_total_bytes, found.memory_free_bytes) == (16 << 30, 8 << 30)
    assert found.disk_free_bytes > 0
    assert found.accelerator is None


def test_a_container_gets_no_more_than_its_limit(system: Path) -> None:
    (system / "memory.max").write_text(f"{4 << 30}\n")
    (system / "memory.current").write_text(f"{3 << 30}\n")
    (system / "memory.stat").write_text(f"anon 5\ninactive_file {1 << 30}\nactive_file 0\n")
    found = look_at_machine(system, nothing)
    assert (found.memory_total_bytes, found.memory_free_bytes) == (4 << 30, 2 << 30)
    (system / "memory.max").write_text("max\n")
    assert look_at_machine(system, nothing).memory_total_bytes == 16 << 30


def test_a_system_without_either_says_nothing(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (system / "meminfo").write_text("nothing of the kind\n")
    assert look_at_machine(system, nothing).memory_free_bytes is None
