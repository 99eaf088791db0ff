"""Makes, mends and fills the virtual environment with pip; does not know the product's data."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from set_up.locks import Pin, batches
from set_up.progress import Command, Screen, StepFailed, run_ticking

PINS_PER_RUN = 20
LLAMA = "llama-cpp-python"
PACKAGES = ("agent", "knowledge", "models", "tools", "ui")
_HALF_MADE = {"bin", "include", "lib", "lib64", "share", "pyvenv.cfg", ".gitignore"}
_COMPILED = re.compile(r"\[\s*(\d+/\d+|\d+%)\]")
_ABOUT = re.compile(r"^\s*(?:Collecting|Processing|Requirement already satisfied:) (\S+)")


@dataclass(frozen=True, slots=True)
class Environment:
    """The virtual environment of a checkout and how commands in it are run and logged."""

    folder: Path
    log: Path
    environ: Mapping[str, str]
    screen: Screen
    keep_open: tuple[int, ...] = ()

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def run(self, words: Sequence[str], doing: str, environ: Mapping[str, str] | None = None) -> None:
        """Run a silent command of the environment under the clock."""
        command = Command([str(self.python), *words], self.log, environ or self.environ, self.keep_open, spoken_line)
        run_ticking(command, self.screen, doing)


def spoken_line(line: str) -> str | None:
    """Turn a line of pip or of the compiler into a few words of progress, where it tells any."""
    found = _COMPILED.search(line)
    if found:
        return f"compiling {found[1]}"
    found = _ABOUT.match(line)
    return re.split(r"[=<>\[;]", Path(found[1]).name, maxsplit=1)[0] if found else None


def works(environment: Environment) -> bool:
    """Say whether this is a virtual environment, itself, with a Python that is new enough and with pip.

    Without its pyvenv.cfg the Python in the folder still starts, as the Python of the machine: what pip
    installed then would land there.
    """
    code = (
        "import os, sys; from pip._internal.cli.main import main; "
        "sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix "
        "or not os.path.samefile(sys.prefix, sys.argv[1]))"
    )
    if not (environment.folder / "pyvenv.cfg").is_file():
        return False
    words = [str(environment.python), "-c", code, str(environment.folder)]
    try:
        done = subprocess.run(words, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def make(environment: Environment, python: str) -> None:
    """Make the environment, in place of one that an interruption left unusable."""
    folder = environment.folder
    if folder.exists():
        strange = sorted({path.name for path in folder.iterdir()} - _HALF_MADE)
        if strange:
            raise StepFailed(
                f"{folder} is there but is no virtual environment ({strange[0]}). Move it away and run again."
            )
        shutil.rmtree(folder)
    words = [python, "-m", "venv", str(folder)]
    # Should this be killed, venv itself lives on: it keeps the lock, and the next set-up waits for it.
    command = Command(words, environment.log, environment.environ, environment.keep_open)
    run_ticking(command, environment.screen, "making the virtual environment")
    if not works(environment):
        raise StepFailed(f"{python} -m venv made no usable environment in {folder}.")


def packages_folder(environment: Environment) -> Path:
    """Return the folder where pip installs."""
    return next(environment.folder.glob("lib/python3.*/site-packages"))


def installed_version(environment: Environment, name: str) -> str | None:
    """Return the installed version of a package, read from the name of its folder."""
    wanted = re.sub(r"[-_.]+", "_", name).lower()
    for info in environment.folder.glob("lib/python3.*/site-packages/*.dist-info"):
        found, _, version = info.name.removesuffix(".dist-info").rpartition("-")
        if re.sub(r"[-_.]+", "_", found).lower() == wanted:
            return version
    return None


def mend(packages: Path) -> list[str]:
    """Forget half-installed packages, so that pip installs them again; return their names."""
    broken = list(_half_installed(packages))
    for info in broken:
        shutil.rmtree(info)
    return sorted(info.name.removesuffix(".dist-info") for info in broken)


def _half_installed(packages: Path) -> Iterator[Path]:
    for info in packages.glob("*.dist-info"):
        # pip writes INSTALLER after the files of a package and RECORD last of all.
        if not (info / "INSTALLER").is_file() or not _is_whole(packages, info / "RECORD"):
            yield info


def _is_whole(packages: Path, record: Path) -> bool:
    if not record.is_file():
        return False
    with record.open(encoding="utf-8", newline="") as file:
        for path, _, size in csv.reader(file):
            if path.endswith(".pyc") or not size:
                continue
            found = packages / path
            # Larger is whole: certificates are appended to certifi's file on some machines.
            if not found.is_file() or found.stat().st_size < int(size):
                return False
    return True


def install_pins(environment: Environment, pins: Sequence[Pin], folder: Path) -> None:
    """Install hashed pins in runs; what is installed already is passed over by pip."""
    folder.mkdir(parents=True, exist_ok=True)
    done = 0
    for run in batches(pins, PINS_PER_RUN):
        listed = folder / "installing.txt"
        listed.write_text("".join(pin.text for pin in run), encoding="utf-8")
        environment.run([*_pip_install(), "--require-hashes", "-r", str(listed)], f"packages {done} of {len(pins)}")
        done += len(run)
        listed.unlink()


def install_llama(environment: Environment, pin: Pin, build_lock: Path, folder: Path) -> None:
    """Install llama-cpp-python from its hashed source; pip keeps the wheel that this compiles."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / "llama.txt"
    listed.write_text(pin.text, encoding="utf-8")
    words = [
        *_pip_install(),
        "-v",
        "--require-hashes",
        "--build-constraint",
        str(build_lock),
        "-r",
        str(listed),
    ]
    if environment.environ.get("CMAKE_ARGS"):
        # A kept wheel was compiled with other settings: pip's cache does not look at CMAKE_ARGS.
        words += ["--no-cache-dir", "--force-reinstall"]
    environment.run(words, f"{LLAMA} {pin.version}")
    listed.unlink()


def install_llama_wheel(environment: Environment, pin: Pin, source: str) -> None:
    """Install the pinned llama-cpp-python from a place that the user named: folder, wheel or index."""
    wanted = f"{LLAMA}=={pin.version}"
    if source.endswith(".whl"):
        where = [source]
    elif "://" in source and not source.startswith("file:"):
        where = ["--index-url", source, wanted]
    else:
        where = ["--no-index", "--find-links", source, wanted]
    environment.run(
        [*_pip_install(), "--force-reinstall", "--only-binary", LLAMA, *where],
        f"{LLAMA} {pin.version} from {source}",
    )
    found = installed_version(environment, LLAMA)
    if found != pin.version:
        raise StepFailed(f"{source} gave {LLAMA} {found}, but the lock pins {pin.version}.")


def install_project(environment: Environment, root: Path) -> None:
    """Install the checkout itself in place, so that the command `weighbridge` is there."""
    words = [*_pip_install(), "--no-build-isolation", "--editable", str(root)]
    environment.run(words, "the command weighbridge")
    # Where PYTHONDONTWRITEBYTECODE is set, every start would compile every module anew.
    folders = [str(root / name) for name in PACKAGES if (root / name).is_dir()]
    environment.run(["-m", "compileall", "-q", *folders], "bytecode of the command")


def _pip_install() -> list[str]:
    return [
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-input",
        "--disable-pip-version-check",
        "--progress-bar",
        "off",
    ]
