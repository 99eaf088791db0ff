"""Keeps vectors of questions about other things, so that a search can tell when it is not asked for the guidance.

They lie in a file beside the collection that they belong to. An index of other texts has none.
"""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from knowledge.embedder import TextEmbedder, Vectors

_FILE = "elsewhere.npy"


@lru_cache(maxsize=1)
def elsewhere_texts() -> tuple[str, ...]:
    """Read `knowledge/data/elsewhere.txt`, one question a line."""
    lines = files("knowledge").joinpath("data", "elsewhere.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def write_elsewhere(folder: Path, embedder: TextEmbedder) -> None:
    """Embed the questions and keep their vectors in an index's folder."""
    np.save(folder / _FILE, embedder.embed(elsewhere_texts()))


def read_elsewhere(folder: Path) -> Vectors | None:
    """Return the vectors of an index's folder, or None where it has none."""
    path = folder / _FILE
    if not path.is_file():
        return None
    vectors: Vectors = np.load(path, allow_pickle=False)
    return vectors
