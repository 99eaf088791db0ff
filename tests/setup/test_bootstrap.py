"""The starter finds a Python that is new enough, or says in one line that there is none."""

import importlib.util
import os
import subprocess
import sys

import pytest


@pytest.fixture
def bootstrap(root):
    spec = importlib.util.spec_from_file_location("bootstrap", root / "scripts" / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fake_python(folder, name, exit_code):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\nexit {exit_code}\n")
    (folder / name).chmod(0o755)


def test_the_first_capable_python_on_the_path_is_taken(bootstrap, tmp_path, monkeypatch):
    fake_python(tmp_path, "python3", 1)
    fake_python(tmp_path, "python3.12", 0)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert bootstrap.better_python(("python3.19", "python3", "python3.12")) == "python3.12"
    assert bootstrap.better_python(("python3.19", "python3")) is None


def test_an_old_python_without_a_newer_one_says_so_in_one_line(bootstrap, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    monkeypatch.setattr(bootstrap, "better_python", lambda: None)
    assert bootstrap.main(["run"]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "needs Python 3.11 or newer" in said
    assert "make run PYTHON=" in said


def test_an_old_python_hands_over_to_a_newer_one(bootstrap, monkeypatch):
    handed = []
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    monkeypatch.setattr(bootstrap, "better_python", lambda: "python3.13")
    monkeypatch.setattr(os, "execvp", lambda name, words: handed.append((name, words[2:])) or sys.exit(0))
    monkeypatch.delenv(bootstrap.CHOSEN, raising=False)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    with pytest.raises(SystemExit):
        bootstrap.main(["test", "--claude"])
    assert handed == [("python3.13", ["test", "--claude"])]


def test_old_pythons_can_read_the_starter(root):
    """Nothing newer than Python 3.6 in its syntax, or an old one shows a SyntaxError instead of the line."""
    code = "import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 7))"
    starter = root / "scripts" / "bootstrap.py"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code, str(starter)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
