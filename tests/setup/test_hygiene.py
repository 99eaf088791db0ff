"""What must never be committed, and what importing a package must never do."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = ("agent", "knowledge", "models", "tools", "ui")
MAX_FILE_KIB = 3000
# Put together here, so that this file does not hold what it forbids.
HOSTS = tuple(
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
    ]
)
MACHINE_PATHS = re.compile(r"(?<![\w.$}])/(?:root|work|home/\w+|Users/\w+|opt/pypi|opt/wheels)/")
IGNORED_FOREVER = {"models", "tools", "data"}


@pytest.fixture(scope="module")
def committed() -> list[Path]:
    """Every file that git tracks, as it is in the work tree."""
    root = Path(__file__).resolve().parents[2]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := root / name).is_file()]


def found_in(files, pattern):
    return [
        f"{file.name}:{number}: {line.strip()[:100]}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="ignore").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_registry_is_named_in_a_committed_file(committed):
    assert found_in(committed, re.compile("|".join(map(re.escape, HOSTS)), re.IGNORECASE)) == []


def test_no_committed_file_holds_a_path_of_one_machine(committed):
    mine = Path(__file__).resolve()
    assert found_in([file for file in committed if file != mine], MACHINE_PATHS) == []


def test_the_patterns_find_what_they_are_meant_to():
    assert MACHINE_PATHS.search("see /" + "root/.venv")
    assert MACHINE_PATHS.search('open("/' + 'home/ann/x")')
    assert not MACHINE_PATHS.search("a://host/" + "root/x and ./work/x".replace("/root", "/tree"))


def test_no_committed_file_is_larger_than_3000_kib(committed):
    large = [file for file in committed if file.stat().st_size > MAX_FILE_KIB * 1024]
    # What was trained on the large sentence model is 12 layers of two thin matrices each.
    assert [file.parts[-3:] for file in large] in ([], [("weights", "large", "reader.npz")])
    assert all(file.stat().st_size < 2 * MAX_FILE_KIB * 1024 for file in large)


def test_nothing_that_the_wheel_needs_is_ignored(root):
    ignored = {line.strip().strip("/") for line in (root / ".gitignore").read_text().splitlines()}
    assert not ignored & IGNORED_FOREVER
    names = [f"{package}/data/x.yaml" for package in PACKAGES] + ["tools/x.py", "models/x.py"]
    seen = subprocess.run(["git", "check-ignore", *names], cwd=root, capture_output=True, text=True, check=False)
    assert seen.stdout == ""


def test_every_direct_requirement_is_pinned_within_its_bounds(root):
    import tomllib

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name
    from set_up.locks import read_lock

    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    lists = {"run": project["dependencies"], **project["optional-dependencies"]}
    for lock, requirements in lists.items():
        pins = {}
        for pin in read_lock(root / "requirements" / f"{lock}.lock"):
            pins.setdefault(canonicalize_name(pin.name), []).append(pin.version)
        for requirement in map(Requirement, requirements):
            if requirement.name == "weighbridge":
                continue
            versions = pins.get(canonicalize_name(requirement.name), [])
            assert versions, f"{lock}.lock lacks {requirement}: make lock"
            assert all(v in requirement.specifier for v in versions), f"{lock}.lock: {requirement}: make lock"


IMPORT_ALL = """
import importlib, pkgutil, sys, threading

def watch(event, args):
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if writes or event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "sqlite3.connect"):
        if args[0] != "/dev/null":
            raise RuntimeError(f"import does {event} {args[:2]}")

name, heavy = sys.argv[1], set(sys.argv[2:])
sys.addaudithook(watch)
package = importlib.import_module(name)
for module in pkgutil.walk_packages(package.__path__, name + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
        loaded = heavy & set(sys.modules)
        assert not loaded, f"{module.name} loads {sorted(loaded)}"
assert threading.active_count() == 1, threading.enumerate()
"""
HEAVY = {
    "tools": ("gradio", "chromadb", "llama_cpp", "langgraph", "anthropic", "onnxruntime", "scipy.optimize"),
    "models": ("gradio", "chromadb", "llama_cpp", "langgraph", "anthropic", "onnxruntime"),
    "knowledge": ("gradio", "chromadb", "llama_cpp", "langgraph", "anthropic"),
    "agent": ("gradio", "chromadb", "llama_cpp", "anthropic"),
    "ui": ("chromadb", "llama_cpp", "anthropic"),
    "ui.commands": ("gradio", "chromadb", "llama_cpp", "langgraph", "anthropic"),
}


@pytest.mark.parametrize("package", HEAVY)
def test_importing_a_package_starts_nothing_and_loads_nothing_heavy(root, package):
    words = [sys.executable, "-B", "-W", "error", "-c", IMPORT_ALL, package, *HEAVY[package]]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1500:]
    assert done.stdout == ""
