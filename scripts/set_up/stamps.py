"""Holds what a finished step leaves behind, so that it is not done twice; does not know what the steps do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a step was done from (key) and what it left: paths, with their size where the size matters."""

    key: str
    outputs: Mapping[str, int | None]

    def holds(self, keys: Iterable[str]) -> bool:
        """Say whether the step was done from one of these keys and everything it left is still there."""
        return self.key in set(keys) and all(_is_there(path, size) for path, size in self.outputs.items())


def _is_there(path: str, size: int | None) -> bool:
    try:
        found = Path(path).stat()
    except OSError:
        return False
    return size is None or found.st_size == size


def digest(*parts: Path | str) -> str:
    """Return one hash over texts and the contents of files; a missing file counts as such."""
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else _content(part)
        total.update(f"{len(content)}:".encode() + content)
    return total.hexdigest()


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b"(missing)"


def outputs_of(paths: Iterable[Path], *, sized: bool = False) -> dict[str, int | None]:
    """Describe the paths for a stamp."""
    return {str(path): path.stat().st_size if sized else None for path in sorted(paths)}


def read_stamp(file: Path) -> Stamp | None:
    """Return the stamp in a file; None where there is none or where it is damaged."""
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return Stamp(str(raw["key"]), dict(raw["outputs"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_stamp(file: Path, stamp: Stamp) -> None:
    """Write a stamp in one move, so that an interruption leaves the old one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps({"key": stamp.key, "outputs": dict(stamp.outputs)}), encoding="utf-8")
    draft.replace(file)
