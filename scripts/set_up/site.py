"""Holds what a set-up is about: the wish, the checkout, a step; does not know which steps there are."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from set_up import preflight
from set_up.environment import Environment
from set_up.progress import StepFailed
from set_up.stamps import read_stamp

HOME_VARIABLES = ("WEIGHBRIDGE_HOME", "WEIGHBRIDGE_MODEL", "XDG_DATA_HOME", "HOME")
PRINT_HOME = "import os; from ui.settings import read_settings as read; print(read(os.environ).home)"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for: a goal (run, check, test), the Claude extra, and where prebuilt wheels are."""

    goal: str
    claude: bool = False
    llama_wheels: str | None = None

    @property
    def profile(self) -> str:
        if self.goal in ("check", "test"):
            return "dev"
        return "claude" if self.claude else "run"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its title, whether it is done, how to do it, the room it takes, what would stop it."""

    title: str
    is_done: Callable[[], bool]
    do: Callable[[], None]
    rooms: tuple[preflight.Room, ...] = ()
    problems: Callable[[], list[str]] = list


@dataclass(frozen=True, slots=True)
class Site:
    """The checkout being set up, and how to reach its environment and its stamps."""

    root: Path
    python: str
    wish: Wish
    environment: Environment
    machine: preflight.Machine

    @property
    def notes(self) -> Path:
        return self.root / ".setup"

    def lock(self, name: str) -> Path:
        return self.root / "requirements" / f"{name}.lock"

    def stamp(self, name: str) -> Path:
        return self.notes / f"{name}.json"

    def is_stamped(self, name: str, *keys: str) -> bool:
        stamp = read_stamp(self.stamp(name))
        return stamp is not None and stamp.holds(keys)

    def home_key(self) -> str:
        environ = self.environment.environ
        return "\n".join(f"{name}={environ.get(name, '')}" for name in HOME_VARIABLES)


def run_weighbridge(site: Site, *words: str) -> None:
    """Run a command of the product with its own progress on the screen."""
    there = site.environment
    command = [str(there.folder / "bin" / "weighbridge"), *words]
    done = subprocess.run(command, env=dict(there.environ), pass_fds=there.keep_open, check=False)
    if done.returncode != 0:
        raise StepFailed(f"`weighbridge {' '.join(words)}` failed; what it said is above.")


def data_home(site: Site) -> Path:
    command = [str(site.environment.python), "-c", PRINT_HOME]
    said = subprocess.run(command, env=dict(site.environment.environ), capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise StepFailed(f"The data folder is unknown: {said.stderr.strip()}")
    return Path(said.stdout.strip())


def likely_home(site: Site) -> Path:
    """Return a folder on the disk that will hold the data; the package, not yet installed, decides."""
    named = site.environment.environ.get("WEIGHBRIDGE_HOME")
    return Path(named) if named else Path.home()
