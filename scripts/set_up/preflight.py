"""Names what this machine lacks before anything is started; changes nothing."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MB = 10**6
GB = 10**9
OLDEST_PYTHON = (3, 11)
COMPILERS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "C": ("CC", ("cc", "gcc", "clang"), "#include <stdio.h>\nint main(void) { return 0; }\n"),
    "C++": ("CXX", ("c++", "g++", "clang++"), "#include <cstdio>\nint main() { return 0; }\n"),
}


@dataclass(frozen=True, slots=True)
class Room:
    """Disk space that a part of the set-up takes, and the folder it takes it in."""

    folder: Path
    byte_count: int
    what: str


@dataclass(frozen=True, slots=True)
class Machine:
    """The questions that the checks ask of the machine, so that tests can answer them."""

    python_version: tuple[int, int]
    has_module: Callable[[str], bool]
    compiles: Callable[[Sequence[str], str, str], bool]
    environ: Mapping[str, str]
    free_bytes: Callable[[Path], tuple[int, int]]


def this_machine(environ: Mapping[str, str]) -> Machine:
    """Return the real machine."""
    return Machine(
        python_version=(sys.version_info[0], sys.version_info[1]),
        has_module=lambda name: importlib.util.find_spec(name) is not None,
        compiles=_compiles,
        environ=environ,
        free_bytes=_free_bytes,
    )


def python_problems(machine: Machine) -> list[str]:
    """Say what the Python that runs the set-up lacks."""
    if machine.python_version < OLDEST_PYTHON:
        found = ".".join(map(str, machine.python_version))
        return [f"Python 3.11 or newer; this is {found}. Install one, or name it: make run PYTHON=python3.11"]
    missing = [name for name in ("venv", "ensurepip") if not machine.has_module(name)]
    if missing:
        return [f"the Python module {missing[0]} (on Debian and Ubuntu: apt-get install python3-venv)"]
    return []


def compiler_problems(machine: Machine) -> list[str]:
    """Say which compiler is missing; llama-cpp-python comes as source and is compiled here."""
    missing = []
    for language, (variable, names, program) in COMPILERS.items():
        named = machine.environ.get(variable, "")
        tried = [shlex.split(named)] if named else [[name] for name in names]
        if not any(machine.compiles(words, language, program) for words in tried):
            missing.append(f"{language} ({', '.join(' '.join(words) for words in tried)})")
    if not missing:
        return []
    advice = (
        "On Debian and Ubuntu: apt-get install build-essential; on Fedora: dnf install gcc-c++; "
        "on macOS: xcode-select --install. Or give a prebuilt wheel: "
        "make run LLAMA_WHEELS=<folder, wheel or index address>"
    )
    return [f"a working compiler for {' and '.join(missing)}: llama-cpp-python is compiled here. {advice}"]


def disk_problems(machine: Machine, rooms: Sequence[Room]) -> list[str]:
    """Say on which disk there is too little room, adding up what goes to the same disk."""
    by_disk: dict[int, list[Room]] = defaultdict(list)
    free: dict[int, int] = {}
    for room in rooms:
        disk, free[disk] = machine.free_bytes(room.folder)
        by_disk[disk].append(room)
    problems = []
    for disk, on_it in by_disk.items():
        needed = sum(room.byte_count for room in on_it)
        if free[disk] < needed:
            parts = ", ".join(f"{room.what} {_spoken_size(room.byte_count)}" for room in on_it)
            problems.append(
                f"disk space at {on_it[0].folder}: {_spoken_size(needed)} needed ({parts}), "
                f"{_spoken_size(free[disk])} free. Free some, or move the data: WEIGHBRIDGE_HOME=<folder>"
            )
    return problems


def _spoken_size(byte_count: int) -> str:
    return f"{byte_count / GB:.1f} GB" if byte_count >= 100 * MB else f"{byte_count / MB:.0f} MB"


def _compiles(words: Sequence[str], language: str, program: str) -> bool:
    if not words or shutil.which(words[0]) is None:
        return False
    kind = "c++" if language == "C++" else "c"
    try:
        done = subprocess.run(
            [*words, "-x", kind, "-", "-o", os.devnull],
            input=program,
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _free_bytes(folder: Path) -> tuple[int, int]:
    """Return the disk that a folder is or will be on, and the bytes free there."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return existing.stat().st_dev, shutil.disk_usage(existing).free
