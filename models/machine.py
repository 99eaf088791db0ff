"""Whether this machine can run a model: memory, disk and accelerator against what its file needs. It loads none."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.accelerator import Accelerator
from models.catalogue import GgufEntry

Answer = Literal["yes", "tight", "no", "unknown"]

_MEMINFO = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")
# Below a tenth to spare other programs push the model out of memory, or it them.
_COMFORT = 1.1
_SPARE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Machine:
    """What is free at the moment; None where the system does not say."""

    memory_total_bytes: int | None
    memory_free_bytes: int | None
    disk_free_bytes: int
    accelerator: Accelerator | None


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a model runs here, and the sentences that say why."""

    answer: Answer
    reasons: tuple[str, ...]


def look_at_machine(folder: Path, describe: Callable[[], Accelerator]) -> Machine:
    """Look at memory, the disk that holds `folder`, and what the engine can use."""
    there = next(each for each in (folder, *folder.parents) if each.is_dir())
    try:
        accelerator = describe()
    except (ImportError, OSError, RuntimeError):  # `doctor` says how to mend an engine that cannot be loaded
        accelerator = None
    total, free = _memory()
    return Machine(total, free, shutil.disk_usage(there).free, accelerator)


def fit(entry: GgufEntry, machine: Machine, *, arrived_bytes: int | None, freed_gb: float = 0.0) -> Fit:
    """Say whether a model runs on a machine.

    Args:
        arrived_bytes: how much of its file is here so far; None where it is here whole.
        freed_gb: memory that the model in use gives back before this one is loaded.
    """
    parts = [_memory_fit(entry, machine, freed_gb)]
    if arrived_bytes is not None:
        # A file is never larger than the memory that it needs: the bound where its size is not known.
        parts.append(_disk_fit(machine, (entry.size_bytes or entry.memory_gb * 1e9) / 1e9 - arrived_bytes / 1e9))
    order: tuple[Answer, ...] = ("no", "unknown", "tight", "yes")
    return Fit(min((part.answer for part in parts), key=order.index), tuple(r for part in parts for r in part.reasons))


def _memory_fit(entry: GgufEntry, machine: Machine, freed_gb: float) -> Fit:
    needs = f"needs {entry.memory_gb:g} GB"
    card = _largest_card(machine.accelerator)
    if card is not None and card[1] >= entry.memory_gb:
        return Fit("yes", (f"{needs}; {card[0]} has {card[1]:.0f} GB",))
    if machine.memory_free_bytes is None or machine.memory_total_bytes is None:
        return Fit("unknown", (f"{needs} of memory; this system does not say how much is free",))
    free_gb, total_gb = machine.memory_free_bytes / 1e9 + freed_gb, machine.memory_total_bytes / 1e9
    free_gb = min(free_gb, total_gb)
    if entry.memory_gb > total_gb:
        return Fit("no", (f"{needs} of memory; this machine has {total_gb:.1f} GB in all",))
    has = f"{free_gb:.1f} GB of {total_gb:.1f} GB are free{' without the model in use' if freed_gb else ''}"
    if entry.memory_gb > free_gb:
        return Fit("no", (f"{needs} of memory; {has}. Close other programs first",))
    if entry.memory_gb * _COMFORT > free_gb:
        return Fit("tight", (f"{needs} of memory; {has}, so other programs may make it slow",))
    return Fit("yes", (f"{needs} of memory; {has}",))


def _disk_fit(machine: Machine, fetch_gb: float) -> Fit:
    free_gb = machine.disk_free_bytes / 1e9
    said = f"{fetch_gb:.2f} GB to download; the disk has {free_gb:.1f} GB free"
    return Fit("yes" if machine.disk_free_bytes >= fetch_gb * 1e9 + _SPARE_BYTES else "no", (said,))


def _largest_card(accelerator: Accelerator | None) -> tuple[str, float] | None:
    if accelerator is None or not accelerator.uses_gpu:
        return None
    card = max(accelerator.devices, key=lambda one: one.memory_gb)
    return card.description, card.memory_gb


def _memory() -> tuple[int | None, int | None]:
    """Return the memory of this machine and what of it is free, both cut to what a container may use."""
    total, free = _linux_memory() if _MEMINFO.exists() else (_pages("SC_PHYS_PAGES"), _pages("SC_AVPHYS_PAGES"))
    limit, used = _number(_GROUP / "memory.max"), _number(_GROUP / "memory.current")
    if limit is None or total is None or free is None:
        return total, free
    cached = _group_cache()
    return min(total, limit), max(0, min(free, limit - max(0, (used or 0) - cached)))


def _linux_memory() -> tuple[int | None, int | None]:
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
        kib = {line.split(":")[0]: int(line.split()[1]) for line in lines}
        return kib["MemTotal"] * 1024, kib["MemAvailable"] * 1024
    except (OSError, KeyError, ValueError, IndexError):
        return None, None


def _pages(name: str) -> int | None:
    try:
        return os.sysconf(name) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None


def _group_cache() -> int:
    """Pages of files that a container's count of used memory includes, and that make way when memory is wanted."""
    try:
        lines = (_GROUP / "memory.stat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(("inactive_file ", "active_file ")))


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
