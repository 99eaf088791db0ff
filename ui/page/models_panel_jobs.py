"""Long work on language models, one at a time for all browsers: progress, cancel, how it ended. It knows no widget."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from models.fetching import Progress
from tools.errors import Cancelled, InvalidInput, WeighbridgeError

log = logging.getLogger(__name__)

# Speed is what came in over the last seconds, so that it follows the line and does not jump.
_SPEED_SECONDS = 5.0

# What is done: it tells how far it is, looks whether it is to stop, and returns the sentence that ends it.
Work = Callable[[Progress, threading.Event], str]


@dataclass(frozen=True, slots=True)
class Step:
    """How far a job is at one moment."""

    title: str
    stage: str
    done_bytes: int
    total_bytes: int | None
    bytes_per_second: float
    can_cancel: bool

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at this speed; None where that is not known."""
        if self.total_bytes is None or self.bytes_per_second <= 0:
            return None
        return max(0.0, (self.total_bytes - self.done_bytes) / self.bytes_per_second)


class Job:
    """One piece of work in a thread of its own."""

    def __init__(self, title: str, work: Work, *, can_cancel: bool) -> None:
        self.title = title
        self.outcome = ""
        self.failed = False
        self.seen = False
        self._work, self._can_cancel = work, can_cancel
        self._stage, self._done, self._total = "starting", 0, None  # type: str, int, int | None
        self._seen: list[tuple[float, int]] = []
        self._cancel, self._finished = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="model-job", daemon=True)

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self._finished.is_set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop at its next step; what has arrived is kept."""
        if self._can_cancel:
            self._cancel.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; false while it goes on."""
        return self._finished.wait(seconds)

    def step(self) -> Step:
        """Say how far it is."""
        stage = "stopping" if self._cancel.is_set() else self._stage
        return Step(self.title, stage, self._done, self._total, self._speed(), self._can_cancel)

    def _show(self, done_bytes: int, total_bytes: int | None, stage: str) -> None:
        if self._cancel.is_set():
            raise Cancelled("stopped")
        now = time.monotonic()
        if stage != self._stage:  # another source, or the check of the whole file: its speed is its own
            self._seen.clear()
        self._stage, self._done, self._total = stage, done_bytes, total_bytes
        self._seen = [(at, done) for at, done in self._seen if now - at < _SPEED_SECONDS]
        if not self._seen or now - self._seen[-1][0] > _SPEED_SECONDS / 20:
            self._seen.append((now, done_bytes))

    def _speed(self) -> float:
        seen = list(self._seen)
        if len(seen) < 2 or seen[-1][0] == seen[0][0]:
            return 0.0
        return max(0.0, (seen[-1][1] - seen[0][1]) / (seen[-1][0] - seen[0][0]))

    def _run(self) -> None:
        try:
            self.outcome = self._work(self._show, self._cancel)
        except Cancelled:
            self.outcome = f"{self.title}: stopped. What has arrived is kept."
        except WeighbridgeError as error:
            self.outcome, self.failed = str(error), True
        except Exception as error:  # a thread has no caller: the page has to say that it failed
            log.exception("%s failed", self.title)
            self.failed = True
            self.outcome = f"{self.title}: failed ({type(error).__name__}: {error}). Run: weighbridge doctor"
        finally:
            self._finished.set()


class Jobs:
    """The job of the moment, and the one before it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Job | None = None

    def start(self, title: str, work: Work, *, can_cancel: bool = True) -> Job:
        """Begin a job, unless one is running."""
        with self._lock:
            if self._last is not None and not self._last.finished:
                raise InvalidInput(f"{self._last.title} is still going on. Wait for its end, or cancel it.")
            self._last = Job(title, work, can_cancel=can_cancel)
            self._last.start()
            return self._last

    def running(self) -> Job | None:
        """Return the job that is going on, if there is one."""
        with self._lock:
            return self._last if self._last is not None and not self._last.finished else None

    def to_show(self) -> Job | None:
        """Return the job that is going on, or the last one while nobody has seen its end."""
        with self._lock:
            return self._last if self._last is not None and not self._last.seen else None

    def cancel(self) -> None:
        """Stop the job that is going on, if there is one."""
        job = self.running()
        if job is not None:
            job.cancel()
