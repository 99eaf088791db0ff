"""Fixtures of the reader's tests: one encoder for all of them."""

import pytest

from agent.reading.pipeline import Reader


@pytest.fixture(scope="session")
def reader() -> Reader:
    """A reader with recognisers and encoder, without a language model."""
    made = Reader(None)
    made.prepare()
    return made
