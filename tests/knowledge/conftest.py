"""The real embedder and the real index, made once for all tests of the guidance."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.embedder import Embedder
from knowledge.index import build_index
from knowledge.retrieve import Retriever


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    folder = tmp_path_factory.mktemp("guidance-index")
    build_index(folder, embedder)
    return folder


@pytest.fixture(scope="session")
def retriever(index_folder: Path, embedder: Embedder) -> Iterator[Retriever]:
    reader = Retriever(index_folder, embedder)
    yield reader
    reader.close()
