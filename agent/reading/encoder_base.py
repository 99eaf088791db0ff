"""Reads the sentence model's weights out of its ONNX file as plain arrays. It knows no message and no fact.

The file holds every matrix as 8-bit integers with one scale per column (per row for the embeddings), so that the
arrays are exactly what onnxruntime computes with. Only the few fields of the format that hold weights are read.
"""

import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.embedder import embedder_spec
from tools.errors import Missing

Array = NDArray[np.float32]

LAYERS = 6
# The six matrices of a layer, in the order in which the graph uses them.
MATRICES = ("query", "key", "value", "attention", "intermediate", "output")
_GRAPH, _INITIALIZER = 7, 5
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_TYPES: Mapping[int, np.dtype[Any]] = {1: np.dtype("<f4"), 3: np.dtype("int8"), 7: np.dtype("<i8"), 9: np.dtype("bool")}
_BIASES = {
    "query": "attention.self.query.bias",
    "key": "attention.self.key.bias",
    "value": "attention.self.value.bias",
    "attention": "attention.output.dense.bias",
    "intermediate": "intermediate.dense.bias",
    "output": "output.dense.bias",
}
_NORMS = {"attention_norm": "attention.output.LayerNorm", "output_norm": "output.LayerNorm"}


class Embeddings(Protocol):
    """A table of vectors that are looked up by number."""

    def __getitem__(self, ids: NDArray[np.int64], /) -> Array: ...


@dataclass(frozen=True, slots=True)
class WordTable:
    """Embeddings of words or places: one row of 8-bit integers and one scale each."""

    rows: NDArray[np.int8]
    scales: Array

    def __getitem__(self, ids: NDArray[np.int64]) -> Array:
        """Return the embeddings of the ids, shape (len(ids), 384)."""
        return self.rows[ids].astype(np.float32) * self.scales[ids]


@dataclass(frozen=True, slots=True)
class BaseWeights:
    """A sentence model: embeddings, and per layer the arrays `layers[n][name]`; matrices map input to output.

    `near` holds what the attention adds for a token's distance, (buckets, heads), where the model does so.
    """

    words: Embeddings
    places: Embeddings
    kinds: Array
    norm: tuple[Array, Array]
    layers: tuple[Mapping[str, Array], ...]
    epsilon: float = 1e-12
    near: Array | None = None

    @property
    def width(self) -> int:
        """The length of a token's state."""
        return len(self.norm[0])


def base_path() -> Path:
    """Return the model's file inside its package, without importing the package; raise Missing without it."""
    spec = embedder_spec()
    found = importlib.util.find_spec(spec.package)
    folders = found.submodule_search_locations if found else None
    path = Path(folders[0]) / spec.file if folders else None
    if path is None or not path.is_file():
        raise Missing(f"The sentence model is not installed. Install {spec.distribution}, or run `make run` again.")
    return path


@cache
def load_base(path: Path | None = None) -> BaseWeights:
    """Read the weights; the matrices are float32, the embeddings stay 8-bit until they are looked up."""
    arrays = dict(_initializers((path or base_path()).read_bytes()))
    prefix = "inner.embeddings."
    return BaseWeights(
        words=_table(arrays, f"{prefix}word_embeddings"),
        places=_table(arrays, f"{prefix}position_embeddings"),
        kinds=_real(arrays[f"{prefix}token_type_embeddings.weight"]),
        norm=(_real(arrays[f"{prefix}LayerNorm.weight"]), _real(arrays[f"{prefix}LayerNorm.bias"])),
        layers=tuple(_layers(arrays)),
    )


def _layers(arrays: Mapping[str, NDArray[np.generic]]) -> Iterator[Mapping[str, Array]]:
    """The graph names the matrices by their place in it ("val_49"), so that their order tells which they are."""
    names = [name.removesuffix("_q") for name in arrays if name.startswith("val_") and name.endswith("_q")]
    for number in range(LAYERS):
        layer: dict[str, Array] = {}
        for place, name in enumerate(MATRICES):
            matrix = names[number * len(MATRICES) + place]
            layer[name] = arrays[f"{matrix}_q"].astype(np.float32) * _real(arrays[f"{matrix}_scale"])
            layer[f"{name}_bias"] = _real(arrays[f"inner.encoder.layer.{number}.{_BIASES[name]}"])
        for name, norm in _NORMS.items():
            layer[f"{name}_scale"] = _real(arrays[f"inner.encoder.layer.{number}.{norm}.weight"])
            layer[f"{name}_bias"] = _real(arrays[f"inner.encoder.layer.{number}.{norm}.bias"])
        yield layer


def _table(arrays: Mapping[str, NDArray[np.generic]], name: str) -> WordTable:
    return WordTable(arrays[f"{name}.weight_q"].astype(np.int8, copy=False), _real(arrays[f"{name}.weight_scale"]))


def _real(array: NDArray[np.generic]) -> Array:
    return array.astype(np.float32)


def _initializers(data: bytes) -> Iterator[tuple[str, NDArray[np.generic]]]:
    view = memoryview(data)
    for number, graph in _fields(view):
        if number == _GRAPH and isinstance(graph, memoryview):
            for field, tensor in _fields(graph):
                if field == _INITIALIZER and isinstance(tensor, memoryview):
                    yield _tensor(tensor)


def _tensor(data: memoryview) -> tuple[str, NDArray[np.generic]]:
    shape: list[int] = []
    kind, name, raw = 1, "", memoryview(b"")
    for number, value in _fields(data):
        if number == _DIMS:
            shape += [value] if isinstance(value, int) else _packed(value)
        elif number == _TYPE and isinstance(value, int):
            kind = value
        elif number == _NAME and isinstance(value, memoryview):
            name = bytes(value).decode("utf-8")
        elif number == _RAW and isinstance(value, memoryview):
            raw = value
    found: NDArray[np.generic] = np.frombuffer(raw, dtype=_TYPES[kind]).reshape(shape)
    return name, found


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Walk the fields of one protobuf message: varints as numbers, everything else as its bytes."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        match tag & 7:
            case 0:
                value, at = _varint(data, at)
                yield tag >> 3, value
                continue
            case 1:
                size = 8
            case 5:
                size = 4
            case _:
                size, at = _varint(data, at)
        yield tag >> 3, data[at : at + size]
        at += size


def _packed(data: memoryview) -> list[int]:
    values: list[int] = []
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        values.append(value)
    return values


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
