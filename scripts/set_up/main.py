"""Runs the set-up: one at a time, checks first, then each undone step; does not know what a step does."""

from __future__ import annotations

import argparse
import fcntl
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from set_up import preflight
from set_up.environment import Environment
from set_up.progress import Screen, StepFailed, spoken_time
from set_up.site import Site, Step, Wish
from set_up.steps import all_steps

ROOT = Path(__file__).resolve().parents[2]
EXIT_MISSING = 3
EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Set up what the arguments ask for and return the exit code."""
    wish = read_wish(arguments)
    screen = Screen(sys.stdout)
    try:
        with only_one(ROOT / ".setup" / "lock", screen) as lock:
            return set_up(site_of(ROOT, wish, screen, lock))
    except KeyboardInterrupt:
        screen.say("Interrupted. Run the same command again: it goes on where it stopped.")
        return EXIT_INTERRUPTED
    except (StepFailed, OSError) as problem:
        screen.say(f"Set-up stopped: {problem}\nRun the same command again: it goes on where it stopped.")
        return EXIT_FAILED


def read_wish(arguments: Sequence[str]) -> Wish:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bootstrap.py", description="Set up Weighbridge.")
    parser.add_argument("goal", choices=("run", "check", "test"))
    parser.add_argument("--claude", action="store_true", help="with the extra for escalation to Claude")
    parser.add_argument("--llama-wheels", help="folder, wheel or index address of a prebuilt llama-cpp-python")
    read = parser.parse_args(arguments)
    return Wish(read.goal, read.claude, read.llama_wheels or None)


def site_of(root: Path, wish: Wish, screen: Screen, lock: int) -> Site:
    """Describe the checkout and its environment."""
    # pip refuses to run outside a virtual environment, so that no mistake here reaches the machine's Python.
    environ = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_REQUIRE_VIRTUALENV": "1"}
    for foreign in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_PYTHON"):
        environ.pop(foreign, None)
    environ.setdefault("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count() or 1))
    there = Environment(root / ".venv", root / ".setup" / "set-up.log", environ, screen, (lock,))
    return Site(root, sys.executable, wish, there, preflight.this_machine(environ))


def set_up(site: Site) -> int:
    """Do what is not done, after naming all that is missing."""
    started = time.monotonic()
    screen = site.environment.screen
    steps = all_steps(site)
    todo = [step for step in steps if not step.is_done()]
    if not todo:
        screen.say(f"Set-up: all {len(steps)} parts are in place.")
        return 0
    problems = find_problems(site, todo)
    if problems:
        screen.say("Set-up cannot start. Missing:\n" + "\n".join(f"  - {problem}" for problem in problems))
        return EXIT_MISSING
    screen.say(f"Set-up: {len(todo)} of {len(steps)} parts to do. The details go to {site.environment.log}.")
    for number, step in enumerate(steps, start=1):
        do_step(step, f"[{number}/{len(steps)}]", screen)
    screen.say(f"Set-up done in {spoken_time(time.monotonic() - started)}.")
    return 0


def do_step(step: Step, number: str, screen: Screen) -> None:
    """Do one step, unless it is done, and say how long it took."""
    if step.is_done():
        screen.say(f"{number} {step.title}: already there")
        return
    screen.say(f"{number} {step.title} …")
    started = time.monotonic()
    step.do()
    screen.say(f"      done in {spoken_time(time.monotonic() - started)}")


def find_problems(site: Site, todo: Sequence[Step]) -> list[str]:
    """Return everything that would stop these steps, before any of them starts."""
    problems = [problem for step in todo for problem in step.problems()]
    return problems + preflight.disk_problems(site.machine, [room for step in todo for room in step.rooms])


@contextmanager
def only_one(file: Path, screen: Screen) -> Iterator[int]:
    """Hold the lock of this checkout's set-up; wait, and say so, while another one holds it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode() or "unknown"
            screen.say(f"Another set-up is at work here (process {holder}); waiting for it. Ctrl-C stops waiting.")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)
