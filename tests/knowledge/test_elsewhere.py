"""Questions about other things are kept with our index and with no other, and copy none of the test questions."""

from pathlib import Path

from knowledge.elsewhere import elsewhere_texts, read_elsewhere
from knowledge.manifest import read_manifest
from tests.knowledge.test_retrieve import CASES, HELD_OUT


def test_the_vectors_lie_beside_the_collection(index_folder: Path, tmp_path: Path) -> None:
    manifest = read_manifest(index_folder)
    assert manifest is not None
    vectors = read_elsewhere(index_folder / manifest.folder)
    assert vectors is not None
    assert vectors.shape == (len(elsewhere_texts()), 384)
    assert read_elsewhere(tmp_path) is None


def test_no_test_question_stands_among_them() -> None:
    asked = {*CASES["unanswerable"], *HELD_OUT["unanswerable"]}
    assert not asked & set(elsewhere_texts())
