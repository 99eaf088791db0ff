"""The index is built once, rebuilt only where something changed, and never half."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge import store
from knowledge.articles import load_guidance
from knowledge.embedder import Embedder
from knowledge.index import build_index
from knowledge.manifest import MANIFEST, read_manifest
from knowledge.passages import split_articles
from knowledge.retrieve import Retriever
from tools.errors import IndexMissing

ARTICLES = load_guidance()[:2]
TEXTS = sum(len(entry.texts()) for entry in split_articles(ARTICLES))


class CountingEmbedder:
    """Makes vectors from letters, and counts the texts it was given."""

    sha256 = "0" * 64

    def __init__(self, name: str = "letters") -> None:
        self.name = name
        self.count = 0

    def embed(self, texts):
        self.count += len(texts)
        vectors = np.array([[1.0 + text.count(letter) for letter in "etaoin"] for text in texts], dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_second_build_does_nothing(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    first = build_index(tmp_path, embedder, articles=ARTICLES)
    folder = read_manifest(tmp_path).folder
    second = build_index(tmp_path, embedder, articles=ARTICLES)
    assert first.rebuilt
    assert first.embedded == embedder.count == TEXTS
    assert (second.rebuilt, second.embedded, second.passages) == (False, 0, first.passages)
    assert read_manifest(tmp_path).folder == folder


def test_the_check_for_changes_opens_no_database(index_folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from knowledge.embedder import Embedder;"
        "from knowledge.index import build_index; report = build_index(Path(sys.argv[1]), Embedder());"
        "sys.exit(report.rebuilt or 'chromadb' in sys.modules or 'onnxruntime' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(index_folder)], check=False).returncode == 0


def test_only_what_changed_is_embedded_again(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    build_index(tmp_path, embedder, articles=ARTICLES)
    changed = (ARTICLES[0], replace(ARTICLES[1], body=ARTICLES[1].body + "\n\n## New\n\nA new passage of text."))
    report = build_index(tmp_path, embedder, articles=changed)
    assert (report.rebuilt, report.embedded, report.reused) == (True, 1, TEXTS)


def test_another_embedder_means_a_new_index(tmp_path: Path) -> None:
    build_index(tmp_path, CountingEmbedder(), articles=ARTICLES)
    report = build_index(tmp_path, CountingEmbedder("other letters"), articles=ARTICLES)
    assert (report.rebuilt, report.embedded, report.reused) == (True, TEXTS, 0)


def test_progress_counts_up_to_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    build_index(tmp_path, CountingEmbedder(), lambda done, total: seen.append((done, total)), ARTICLES)
    assert seen == [(done, TEXTS) for done in range(1, TEXTS + 1)]


def test_a_build_that_fails_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(tmp_path, CountingEmbedder(), articles=ARTICLES[:1])
    before = read_manifest(tmp_path)

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(store, "write", fail)
    with pytest.raises(OSError, match="no space"):
        build_index(tmp_path, CountingEmbedder(), articles=ARTICLES)
    assert read_manifest(tmp_path) == before
    assert (tmp_path / before.folder).is_dir()


def test_the_collection_names_its_embedder(index_folder: Path, embedder: Embedder) -> None:
    folder = index_folder / read_manifest(index_folder).folder
    with store.opened(folder) as client:
        collection = store.collection_of(client)
        about, stored = collection.metadata, store.read(collection)
    assert (about["embedder"], about["embedder_sha256"]) == (embedder.name, embedder.sha256)
    assert {entry.passage for entry in stored.entries} == {entry.passage for entry in split_articles(load_guidance())}
    assert stored.vectors.shape == (len(stored.texts), 384)
    row = int(stored.firsts[3])
    assert np.allclose(stored.vectors[row], embedder.embed([stored.texts[row]])[0], atol=1e-5)


def test_a_missing_index_says_how_to_build_it(tmp_path: Path, embedder: Embedder) -> None:
    with pytest.raises(IndexMissing, match="weighbridge knowledge build"):
        Retriever(tmp_path / "nowhere", embedder).search("is llama open source?")


def test_a_stale_index_says_how_to_build_it(tmp_path: Path, embedder: Embedder) -> None:
    build_index(tmp_path, CountingEmbedder(), articles=ARTICLES)
    with pytest.raises(IndexMissing, match="weighbridge knowledge build"):
        Retriever(tmp_path, embedder).search("is llama open source?")


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"format": 1}', '{"format": 1, "unknown": 2}'])
def test_a_broken_manifest_counts_as_missing(tmp_path: Path, broken: str) -> None:
    (tmp_path / MANIFEST).write_text(broken, encoding="utf-8")
    assert read_manifest(tmp_path) is None
