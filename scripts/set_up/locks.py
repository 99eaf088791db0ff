"""Reads the hashed lock files; knows their text, not how to install what they pin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")


@dataclass(frozen=True, slots=True)
class Pin:
    """One pinned package: its name, version, and the lines of the lock file that pin it, hashes included."""

    name: str
    version: str
    text: str


def read_lock(file: Path) -> tuple[Pin, ...]:
    """Return the pins of a lock file in its order; a name may come twice with different markers."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", file.read_text(encoding="utf-8"))
    pins = []
    for block in blocks:
        found = _PIN.match(block)
        if found:
            pins.append(Pin(found[1], found[2], block.rstrip().rstrip("\\") + "\n"))
    return tuple(pins)


def find_pin(pins: Sequence[Pin], name: str) -> Pin:
    """Return the pin of a package that the lock must have."""
    return next(pin for pin in pins if pin.name == name)


def batches(pins: Sequence[Pin], size: int) -> Iterator[tuple[Pin, ...]]:
    """Cut the pins into runs, so that an interruption loses one run and not everything."""
    for start in range(0, len(pins), size):
        yield tuple(pins[start : start + size])
