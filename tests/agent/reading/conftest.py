"""Fixtures of the reader's tests: one trained example bank for all of them."""

from pathlib import Path

import pytest

from agent.reading.pipeline import Reader
from knowledge.embedder import Embedder


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A reader with recognisers and example bank, without a language model."""
    cache: Path = tmp_path_factory.mktemp("reading")
    made = Reader(None, Embedder(), cache=cache)
    made.prepare()
    return made
