"""Shows how far the set-up is and runs silent commands under a ticking clock; does not know the steps."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TextIO

LAST_LINES_SHOWN = 25
QUIET_SECONDS_BETWEEN_LINES = 30.0


class StepFailed(Exception):
    """A step could not be done; the message says what happened and what to do."""


def spoken_time(seconds: float) -> str:
    """Return a duration as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


@dataclass(slots=True)
class Screen:
    """Where progress goes: a terminal gets one line that changes, a log gets a line now and then."""

    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    _last: float = 0.0
    _open: bool = False

    def say(self, text: str) -> None:
        """Print one line that stays."""
        self.stream.write(f"{self._cleared()}{text}\n")
        self.stream.flush()
        self._last = self.clock()

    def tick(self, text: str) -> None:
        """Show a line that the next one may replace."""
        if self.stream.isatty():
            width = max(20, _columns() - 1)
            self.stream.write(f"{self._cleared()}{('      ' + text)[:width]}")
            self.stream.flush()
            self._open = True
        elif self.clock() - self._last >= QUIET_SECONDS_BETWEEN_LINES:
            self.say("      " + text)

    def _cleared(self) -> str:
        was_open, self._open = self._open, False
        return "\r\x1b[K" if was_open else ""


def _columns() -> int:
    try:
        return os.get_terminal_size().columns
    except OSError:
        return 80


@dataclass(slots=True)
class Command:
    """A command to run under the clock, with its log and a reader that turns its lines into progress."""

    words: Sequence[str]
    log: Path
    environ: Mapping[str, str]
    keep_open: tuple[int, ...] = ()
    describe: Callable[[str], str | None] = field(default=lambda line: None)


def run_ticking(command: Command, screen: Screen, doing: str) -> None:
    """Run a command, its output to the log, a ticking line to the screen; StepFailed with the log's end."""
    command.log.parent.mkdir(parents=True, exist_ok=True)
    started = screen.clock()
    with command.log.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(command.words)}\n")
        log.flush()
        process = subprocess.Popen(
            command.words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=dict(command.environ),
            pass_fds=command.keep_open,
        )
        _follow(process, command, log, lambda note: screen.tick(_line(doing, note, screen, started)))
    if process.returncode != 0:
        raise StepFailed(f"{doing} failed. {_end_of(command.log)}")


def _line(doing: str, note: str, screen: Screen, started: float) -> str:
    return f"{doing}{': ' + note if note else ''} · {spoken_time(screen.clock() - started)}"


def _follow(process: subprocess.Popen[str], command: Command, log: IO[str], tick: Callable[[str], None]) -> None:
    latest = [""]

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            log.flush()
            latest[0] = command.describe(line) or latest[0]

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        while reader.is_alive():
            reader.join(timeout=0.5)
            if reader.is_alive():
                tick(latest[0])
        process.wait()
    finally:
        _end(process)
        reader.join(timeout=5)
        if process.stdout is not None and not reader.is_alive():
            process.stdout.close()


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_of(log: Path) -> str:
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    shown = "\n".join(f"  | {line}" for line in lines[-LAST_LINES_SHOWN:])
    return f"The end of {log}:\n{shown}"
