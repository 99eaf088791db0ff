"""What every way of fetching a GGUF shares: progress, the error of one source, room on the disk. It knows no source."""

import json
import shutil
from pathlib import Path
from typing import Any, Protocol

from tools.errors import ModelMissing, WeighbridgeError

CHUNK_BYTES = 1 << 20
_SPARE_BYTES = 64 << 20


class Progress(Protocol):
    """Told often while a pull or a check runs; `total_bytes` is None until it is known."""

    def __call__(self, done_bytes: int, total_bytes: int | None, stage: str) -> None:
        """Show how far it is."""


def silent(done_bytes: int, total_bytes: int | None, stage: str) -> None:
    """Show nothing."""


class SourceFailed(WeighbridgeError):
    """One source could not give the file; the store goes on to the next."""


def require_space(folder: Path, needed_bytes: int) -> None:
    """Refuse to start writing what will not fit."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes + _SPARE_BYTES:
        raise no_space(folder, needed_bytes, free)


def no_space(folder: Path, needed_bytes: int, free_bytes: int) -> ModelMissing:
    """Build the error of a full disk."""
    return ModelMissing(
        f"no space: {needed_bytes / 1e9:.2f} GB still to write, {free_bytes / 1e9:.2f} GB free in {folder}. "
        "Free some, or set WEIGHBRIDGE_HOME to a folder on a larger disk. What has arrived is kept."
    )


def sidecar_of(part: Path) -> Path:
    """The note beside a part file that says what it can be resumed from."""
    return part.with_name(part.name + ".json")


def read_note(path: Path) -> dict[str, Any]:
    """Read a small JSON object; a missing or torn file reads as empty."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def write_note(path: Path, note: dict[str, Any]) -> None:
    """Write a small JSON object so that a crash leaves the old one or the new one."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(note, indent=1, sort_keys=True), encoding="utf-8")
    fresh.replace(path)


def discard(part: Path) -> None:
    """Delete a part file and its note."""
    part.unlink(missing_ok=True)
    sidecar_of(part).unlink(missing_ok=True)
