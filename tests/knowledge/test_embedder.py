"""The embedder is the pinned one, runs no foreign code, and puts like beside like."""

import hashlib
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedder import Embedder, _open_tokenizer, embedder_spec
from tools.data_files import parse_yaml
from tools.errors import Missing


def test_vectors_have_unit_length(embedder: Embedder) -> None:
    vectors = embedder.embed(["one", "", "a longer text " * 200])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_text_gives_no_vector(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_a_paraphrase_is_nearer_than_anything_else(embedder: Embedder) -> None:
    vectors = embedder.embed(
        ["Our data must not leave the building.", "We cannot send information outside.", "Bake it for an hour."]
    )
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_vector_does_not_depend_on_its_neighbours(embedder: Embedder) -> None:
    alone = embedder.embed(["is llama open source?"])[0]
    among = embedder.embed(["x " * 300, "is llama open source?", "short"])[1]
    assert np.array_equal(alone, among)


def test_the_tokenizer_agrees_with_the_original() -> None:
    """Ids as the model's own tokenizer.json gives them, for accents, marks, splits and unknown signs."""
    encoded = _open_tokenizer(embedder_spec()).encode("Naïve café: GGUF-quantisation, 700 million MAUs!")
    assert encoded.tokens == [
        "[CLS]", "naive", "cafe", ":", "g", "##gu", "##f", "-", "quan", "##tis", "##ation", ",", "700", "million",
        "ma", "##us", "!", "[SEP]",
    ]  # fmt: skip


def test_the_weights_are_the_pinned_ones(embedder: Embedder) -> None:
    embedder.verify()


def test_the_vocabulary_is_the_pinned_one() -> None:
    folder = files("knowledge").joinpath("data")
    pinned = parse_yaml(folder.joinpath("embedder.yaml").read_text(encoding="utf-8"), "embedder.yaml")
    found = hashlib.sha256(folder.joinpath("vocab.txt").read_bytes()).hexdigest()
    assert found == pinned["vocabulary"]["sha256"]


def test_another_file_is_refused(embedder: Embedder, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    impostor = tmp_path / "model.onnx"
    impostor.write_bytes(b"something else")
    monkeypatch.setattr(Embedder, "_weights_path", lambda self: impostor)
    with pytest.raises(Missing, match="not the pinned embedding model"):
        embedder.verify()


def test_onnxruntime_keeps_no_identity_and_no_outbox(tmp_path: Path) -> None:
    """With its telemetry on, onnxruntime leaves a device id and a queue of events in the user's cache folder."""
    code = "from knowledge.embedder import Embedder; Embedder().embed(['x'])"
    untold = {name: value for name, value in os.environ.items() if name not in ("ORT_DISABLE_TELEMETRY", "CI")}
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", code], check=True, env={**untold, **home})
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == []


def test_the_package_with_the_weights_is_never_imported() -> None:
    code = (
        "import sys; from knowledge.embedder import Embedder, embedder_spec; Embedder().embed(['x']);"
        "sys.exit(embedder_spec().package in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
