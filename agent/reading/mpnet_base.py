"""Reads all-mpnet-base-v2 out of its safetensors file as plain arrays. It knows no message and no fact.

The file's vocabulary is that of the small sentence model with four tokens before it, so that one tokenizer serves
both; only the marks of beginning and end differ.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.reading.encoder_base import MATRICES, Array, BaseWeights

LAYERS = 12
_NAMES = {
    "query": "attention.attn.q",
    "key": "attention.attn.k",
    "value": "attention.attn.v",
    "attention": "attention.attn.o",
    "intermediate": "intermediate.dense",
    "output": "output.dense",
}
_NORMS = {"attention_norm": "attention.LayerNorm", "output_norm": "output.LayerNorm"}
# Where the vocabulary of the small model begins, and the tokens that stand for its [CLS] (101) and [SEP] (102).
_SHIFT, _MARKS = 4, {101: 0, 102: 2}
_FIRST_PLACE = 2
_BUCKETS, _FARTHEST = 32, 128


@dataclass(frozen=True, slots=True)
class Words:
    """Embeddings of words, looked up by the ids of the small model's vocabulary."""

    rows: Array

    def __getitem__(self, ids: NDArray[np.int64]) -> Array:
        """Return the embeddings of the ids, shape (len(ids), 768)."""
        own = ids + _SHIFT
        for mark, row in _MARKS.items():
            own = np.where(ids == mark, row, own)
        found: Array = self.rows[own]
        return found


@dataclass(frozen=True, slots=True)
class Places:
    """Embeddings of places; the first two rows of the file are not for words."""

    rows: Array

    def __getitem__(self, places: NDArray[np.int64]) -> Array:
        """Return the embeddings of the places, shape (len(places), 768)."""
        found: Array = self.rows[places + _FIRST_PLACE]
        return found


@cache
def load_mpnet(path: Path) -> BaseWeights:
    """Map the file into memory; nothing is copied until it is used."""
    arrays = _arrays(path)
    width = arrays["embeddings.LayerNorm.weight"].shape[0]
    return BaseWeights(
        words=Words(arrays["embeddings.word_embeddings.weight"]),
        places=Places(arrays["embeddings.position_embeddings.weight"]),
        kinds=np.zeros((2, width), dtype=np.float32),
        norm=(arrays["embeddings.LayerNorm.weight"], arrays["embeddings.LayerNorm.bias"]),
        layers=tuple(_layers(arrays)),
        epsilon=1e-5,
        near=arrays["encoder.relative_attention_bias.weight"],
    )


def distances(length: int) -> NDArray[np.int64]:
    """Return the bucket of the way from each token to each other one, (length, length): exact near by, then coarser."""
    way = np.arange(length)[None, :] - np.arange(length)[:, None]
    half, exact = _BUCKETS // 2, _BUCKETS // 4
    far = np.abs(way)
    scale = (half - exact) / np.log(_FARTHEST / exact)
    coarse = exact + (np.log(np.maximum(far, 1) / exact) * scale).astype(np.int64)
    found: NDArray[np.int64] = np.where(way > 0, half, 0) + np.where(far < exact, far, np.minimum(coarse, half - 1))
    return found


def _layers(arrays: Mapping[str, Array]) -> Iterator[Mapping[str, Array]]:
    for number in range(LAYERS):
        prefix = f"encoder.layer.{number}."
        layer: dict[str, Array] = {}
        for name in MATRICES:
            layer[name] = arrays[f"{prefix}{_NAMES[name]}.weight"].T
            layer[f"{name}_bias"] = arrays[f"{prefix}{_NAMES[name]}.bias"]
        for name, norm in _NORMS.items():
            layer[f"{name}_scale"] = arrays[f"{prefix}{norm}.weight"]
            layer[f"{name}_bias"] = arrays[f"{prefix}{norm}.bias"]
        yield layer


def _arrays(path: Path) -> dict[str, Array]:
    """Return views of the file's arrays, all float32 in this file but one that is not used."""
    data = np.memmap(path, dtype=np.uint8, mode="r")
    size = int.from_bytes(data[:8].tobytes(), "little")
    header = json.loads(data[8 : 8 + size].tobytes())
    body = data[8 + size :]
    found: dict[str, Array] = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            found[name] = body[first:last].view(np.float32).reshape(entry["shape"])
    return found
