"""Fixtures of the faces' tests: the command line in this process, on a data home of its own and without a model."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ui.cli import main

Weigh = Callable[..., Result]


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guidance index, built once by the product's own command."""
    home = tmp_path_factory.mktemp("built")
    result = CliRunner().invoke(main, ["knowledge", "build"], env={"WEIGHBRIDGE_HOME": str(home)})
    assert result.exit_code == 0, result.output
    return home / "index"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings that every command here runs with."""
    cleared = {name: "" for name in os.environ if name.startswith(("WEIGHBRIDGE_", "ANTHROPIC_"))}
    own = {"WEIGHBRIDGE_HOME": str(tmp_path / "home"), "WEIGHBRIDGE_MODEL": "none", "WEIGHBRIDGE_AS_OF": "2026-11-22"}
    return {**cleared, **own}


@pytest.fixture
def home_with_index(environment: dict[str, str], index_folder: Path) -> Path:
    """The data home, with the guidance index in it."""
    home = Path(environment["WEIGHBRIDGE_HOME"])
    home.mkdir()
    (home / "index").symlink_to(index_folder, target_is_directory=True)
    return home


@pytest.fixture
def weigh(environment: dict[str, str]) -> Weigh:
    """Run the command line: weigh("assess", file, NAME="value", stdin="...")."""

    def run(*words: object, stdin: str | bytes | None = None, **settings: str) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], input=stdin, env={**environment, **settings})

    return run
