"""Turns texts into vectors with a small sentence model on the processor. It knows no article, index or query.

The weights are a data file of an installed package. The file is found without importing that package, so none
of its code runs.
"""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tools.data_files import parse_yaml
from tools.errors import Missing

if TYPE_CHECKING:
    from tokenizers.implementations import BertWordPieceTokenizer

Vectors = NDArray[np.float32]

# Two threads at most: the language model beside us needs the cores, and more bring nothing at this size.
_THREADS = 2


class TextEmbedder(Protocol):
    """What the index and the retriever need of an embedder."""

    @property
    def name(self) -> str: ...

    @property
    def sha256(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class EmbedderSpec:
    """Where the embedding model comes from and what it must be."""

    name: str
    package: str
    distribution: str
    file: str
    sha256: str
    dimensions: int
    max_tokens: int
    vocabulary: str


@lru_cache(maxsize=1)
def embedder_spec() -> EmbedderSpec:
    """Read `knowledge/data/embedder.yaml`."""
    text = files("knowledge").joinpath("data", "embedder.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = parse_yaml(text, "knowledge/data/embedder.yaml")
    keys = ("name", "package", "distribution", "file", "sha256", "dimensions", "max_tokens")
    return EmbedderSpec(**{key: raw[key] for key in keys}, vocabulary=raw["vocabulary"]["file"])


class Embedder:
    """The packaged all-MiniLM-L6-v2: 384 dimensions, unit length, at most 256 tokens of each text."""

    def __init__(self) -> None:
        self._spec = embedder_spec()
        self._loaded: tuple[Any, BertWordPieceTokenizer] | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._spec.name

    @property
    def sha256(self) -> str:
        return self._spec.sha256

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, shape (len(texts), 384).

        Texts run one by one: the model quantises its activations over a whole batch, so that a batch would
        make a text's vector depend on its neighbours.
        """
        session, tokenizer = self._model()
        vectors = np.zeros((len(texts), self._spec.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = _embed_one(session, tokenizer, text)
        return vectors

    def verify(self) -> None:
        """Check that the weights are the pinned ones; builders call this once, readers trust the index."""
        path = self._weights_path()
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != self._spec.sha256:
            raise Missing(
                f"{path} is not the pinned embedding model (sha256 {found[:12]}…, expected "
                f"{self._spec.sha256[:12]}…). Reinstall {self._spec.distribution}."
            )

    def _model(self) -> tuple[Any, "BertWordPieceTokenizer"]:
        with self._lock:
            if self._loaded is None:
                self._loaded = (_open_session(self._weights_path()), _open_tokenizer(self._spec))
            return self._loaded

    def _weights_path(self) -> Path:
        found = importlib.util.find_spec(self._spec.package)
        folders = found.submodule_search_locations if found else None
        path = Path(folders[0]) / self._spec.file if folders else None
        if path is None or not path.is_file():
            raise Missing(
                f"The embedding model is not installed. Install {self._spec.distribution}, or run `make run` again."
            )
        return path


def _open_session(weights: Path) -> Any:
    # Since 1.29, official builds of onnxruntime send usage data to Microsoft from Linux and macOS too, seconds
    # after the import. Only this switch, set before the import, stops all of it; disable_telemetry_events() comes
    # too late. The composition root sets it as well; here it holds for every other way in.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    # Spinning threads starve the language model that shares the cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])


def _open_tokenizer(spec: EmbedderSpec) -> "BertWordPieceTokenizer":
    from tokenizers.implementations import BertWordPieceTokenizer

    words = files("knowledge").joinpath("data", spec.vocabulary).read_text(encoding="utf-8").split("\n")
    vocabulary = {word: number for number, word in enumerate(words) if word}
    tokenizer = BertWordPieceTokenizer(vocab=vocabulary, lowercase=True)
    tokenizer.enable_truncation(max_length=spec.max_tokens)
    return tokenizer


def _embed_one(session: Any, tokenizer: "BertWordPieceTokenizer", text: str) -> NDArray[np.float32]:
    # A terminal can hand over half a surrogate pair, which the tokenizer refuses.
    encoded = tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8"))
    ids = np.array([encoded.ids], dtype=np.int64)
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    hidden = np.asarray(session.run(None, feed)[0][0], dtype=np.float32)
    # One text at a time carries no padding, so the masked mean is the plain mean.
    mean: NDArray[np.float32] = hidden.mean(axis=0)
    length = float(np.linalg.norm(mean))
    return mean / length if length > 0 else mean
