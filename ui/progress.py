"""Shows on standard error how far a long job is: a bar on a terminal, a line now and then in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from models.fetching import Progress as ByteProgress

CountProgress = Callable[[int, int], None]

# In a log a line every so many seconds is enough to see that it goes on.
_LOG_SECONDS = 10.0


@contextmanager
def byte_progress(title: str) -> Iterator[ByteProgress]:
    """Show a job that counts bytes and has stages."""
    if not sys.stderr.isatty():
        yield _logged_bytes(title)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        last = [""]

        def show(done_bytes: int, total_bytes: int | None, stage: str) -> None:
            if stage != last[0]:  # a new stage has its own speed
                bar.reset(task, total=total_bytes, description=f"{title}: {stage}")
                last[0] = stage
            bar.update(task, completed=done_bytes, total=total_bytes)

        yield show


@contextmanager
def count_progress(title: str) -> Iterator[CountProgress]:
    """Show a job that counts things."""
    if not sys.stderr.isatty():
        yield _logged_counts(title)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _logged_bytes(title: str) -> ByteProgress:
    due = _Due()

    def show(done_bytes: int, total_bytes: int | None, stage: str) -> None:
        if due(stage):
            of_all = f" of {total_bytes / 1e6:,.0f}" if total_bytes else ""
            click.echo(f"{title}: {stage}: {done_bytes / 1e6:,.0f}{of_all} MB", err=True)

    return show


def _logged_counts(title: str) -> CountProgress:
    due = _Due()

    def show(done: int, total: int) -> None:
        if due(""):
            click.echo(f"{title}: {done} of {total}", err=True)

    return show


class _Due:
    """Says when the next line may be written: at a new stage, and every few seconds."""

    def __init__(self) -> None:
        self._stage: str | None = None
        self._last = 0.0

    def __call__(self, stage: str) -> bool:
        now = time.monotonic()
        if stage == self._stage and now - self._last < _LOG_SECONDS:
            return False
        self._stage, self._last = stage, now
        return True
