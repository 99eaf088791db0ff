"""The wheel holds everything that the packages need, and works outside the repository."""

import json
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.setup

PACKAGES = ("agent", "knowledge", "models", "tools", "ui")
PORTFOLIO = """\
organization:
  platform_team: in_place
workloads:
  - name: support tickets
    facts:
      task: classification
      requests_per_day: 40000
      input_tokens: 350
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of what git tracks, so that a file that somebody forgot to add is missing here too."""
    root = Path(__file__).resolve().parents[2]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    copy = tmp_path_factory.mktemp("tree")
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(tree):
    """The wheel built from that copy, without the network."""
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist"]
    built = subprocess.run(words, cwd=tree, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout[-800:] + built.stderr[-800:]
    (file,) = (tree / "dist").glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of an environment that has the wheel and borrows this one's dependencies."""
    folder = tmp_path_factory.mktemp("installed") / "env"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    words = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index"]
    done = subprocess.run([*words, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (packages,) = folder.glob("lib/python3.*/site-packages")
    # A path that comes from a .pth file is searched last, and the .pth files in it are not read:
    # the checkout itself, installed in place, stays out of reach.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_the_wheel_holds_every_tracked_file_of_the_packages_and_nothing_else(tree, wheel):
    wanted = {str(f.relative_to(tree)) for p in PACKAGES for f in (tree / p).rglob("*") if f.is_file()}
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    of_packages = {name for name in names if ".dist-info/" not in name}
    assert wanted - of_packages == set()
    assert of_packages - wanted == set()
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    assert any(name.startswith("tools/data/") and name.endswith(".yaml") for name in names)
    assert any(name.startswith("knowledge/guidance/") and name.endswith(".md") for name in names)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def run_outside(installed, folder, *words):
    environ = {"PATH": "/usr/bin:/bin", "WEIGHBRIDGE_HOME": str(folder / "home"), "HOME": str(folder)}
    return subprocess.run(words, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def test_the_installed_packages_are_the_wheels_own(installed, tmp_path):
    code = "import agent, knowledge, models, tools, ui; print(tools.__file__)"
    done = run_outside(installed, tmp_path, str(installed / "bin" / "python"), "-c", code)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(installed)


def test_assess_runs_from_the_wheel_outside_the_repository(installed, tmp_path):
    (tmp_path / "portfolio.yaml").write_text(PORTFOLIO)
    command = str(installed / "bin" / "weighbridge")
    done = run_outside(installed, tmp_path, command, "assess", "portfolio.yaml", "--json")
    assert done.returncode == 0, done.stderr
    (workload,) = json.loads(done.stdout)["workloads"]
    assert workload["name"] == "support tickets"
    assert workload["verdict"]["deployment"]
    assert workload["options"]
