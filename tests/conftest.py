"""Fixtures that all tests share: the quiet environment, and one real model for the whole session."""

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from ui.environment import quieten

if TYPE_CHECKING:
    from models.local import LocalModel

quieten(os.environ)

# CI tries the same examples every time, so that a submission is judged by its change; by hand they are new each time.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")

TODAY = date(2026, 11, 22)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew instead of comparing")
    parser.addoption("--heldout", action="store_true", help="decide the held-out cases too; nobody tunes on them")


def pytest_unconfigure() -> None:
    """Close what llama_cpp opens at import and never closes: its warning would follow pytest's own last lines."""
    module = sys.modules.get("llama_cpp._utils")
    for name in ("outnull_file", "errnull_file"):
        if module is not None and hasattr(module, name):
            getattr(module, name).close()


@pytest.fixture(scope="session")
def today() -> date:
    """The date that tests assess on, so that prices do not move under them."""
    return TODAY


@pytest.fixture(scope="session")
def gguf_path() -> Path:
    """The default GGUF, pulled if it is not there yet."""
    from models.catalogue import DEFAULT_MODEL
    from ui.settings import build_store, read_settings

    store = build_store(read_settings(os.environ))
    store.pull(DEFAULT_MODEL)
    return store.path_of(DEFAULT_MODEL)


@pytest.fixture(scope="session")
def local_model(gguf_path: Path) -> Iterator["LocalModel"]:
    """The default model, loaded once: two llama.cpp processes would slow each other down twentyfold."""
    from models.local import LocalModel

    model = LocalModel(gguf_path, context_tokens=4096)
    yield model
    model.close()
