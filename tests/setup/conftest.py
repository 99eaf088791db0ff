"""Lets the tests import the set-up, which lives beside the packages and is never installed."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from set_up.environment import Environment  # noqa: E402
from set_up.preflight import GB, Machine  # noqa: E402
from set_up.progress import Screen  # noqa: E402


@pytest.fixture
def root() -> Path:
    """The checkout under test."""
    return ROOT


@pytest.fixture
def screen() -> Screen:
    """A screen that is not a terminal; its text is in `screen.stream`."""
    return Screen(io.StringIO())


@pytest.fixture
def environment(tmp_path: Path, screen: Screen) -> Environment:
    """An environment that does not exist yet."""
    environ = {"PATH": "/usr/bin:/bin", "PIP_REQUIRE_VIRTUALENV": "1"}
    return Environment(tmp_path / ".venv", tmp_path / "set-up.log", environ, screen)


@pytest.fixture
def machine() -> Callable[..., Machine]:
    """A machine that has everything, but for what the test takes away."""

    def with_(**changes: object) -> Machine:
        parts: dict[str, object] = {
            "python_version": (3, 11),
            "has_module": lambda name: True,
            "compiles": lambda words, language, program: True,
            "environ": {},
            "free_bytes": lambda folder: (1, 100 * GB),
        }
        return Machine(**{**parts, **changes})  # type: ignore[arg-type]

    return with_
