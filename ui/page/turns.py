"""Runs turns in threads of their own and lets any number of pages follow them. It knows no widget.

A turn belongs to its session, not to the page that began it: a page that is reloaded in the middle follows on
from the first event, and a page that is closed stops nothing.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from agent.events import Event
from tools.errors import InvalidInput, WeighbridgeError
from ui.page.bubbles import Bubble

log = logging.getLogger(__name__)

Emit = Callable[[Event], None]
Work = Callable[[Emit, threading.Event], object]


class Turn:
    """One running turn: the conversation before it, what the user said, the events so far, and how it ended."""

    def __init__(self, before: Sequence[Bubble], said: str, work: Work) -> None:
        self.before = tuple(before)
        self.said = said
        self.problem = ""
        self._work = work
        self._cancel = threading.Event()
        self._events: list[Event] = []
        self._changed = threading.Condition()
        self._finished = False
        self._thread = threading.Thread(target=self._run, name="turn", daemon=True)

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self._finished

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop at the next word."""
        self._cancel.set()

    def follow(self) -> Iterator[list[Event]]:
        """Yield the events from the first on, as many at a time as there are, until the turn ends."""
        seen = 0
        while new := self._after(seen):
            seen += len(new)
            yield new

    def _after(self, seen: int) -> list[Event]:
        """Wait for events after the first `seen`; an empty list means that the turn has ended."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._events) > seen or self._finished)
            return self._events[seen:]

    def _emit(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def _run(self) -> None:
        try:
            self._work(self._emit, self._cancel)
        except WeighbridgeError as error:
            self.problem = str(error)
        except Exception as error:  # the edge of the page: the user is told, the log has the trace
            log.exception("a turn failed")
            self.problem = (
                f"Something went wrong ({type(error).__name__}). Nothing of this message was kept; try again."
            )
        finally:
            with self._changed:
                self._finished = True
                self._changed.notify_all()


class Turns:
    """The running turn of each session; one at a time."""

    def __init__(self) -> None:
        self._running: dict[str, Turn] = {}
        self._lock = threading.Lock()
        self._held = ""

    @contextmanager
    def held(self, why: str) -> Iterator[None]:
        """Let no turn begin, in any session; refused while one runs."""
        with self._lock:
            if self._held or any(not turn.finished for turn in self._running.values()):
                raise InvalidInput("I am still answering. Wait for the end, or press Stop; then try again.")
            self._held = why
        try:
            yield
        finally:
            self._held = ""

    def start(self, session: str, before: Sequence[Bubble], said: str, work: Work) -> Turn:
        """Begin a turn, unless one is running."""
        with self._lock:
            if self._held:
                raise InvalidInput(self._held)
            running = self._running.get(session)
            if running is not None and not running.finished:
                raise InvalidInput("I am still answering. Wait for the end, or press Stop.")
            turn = self._running[session] = Turn(before, said, work)
            turn.start()
            return turn

    def running(self, session: str) -> Turn | None:
        """Return the turn that is in progress, if there is one."""
        with self._lock:
            turn = self._running.get(session)
        return turn if turn is not None and not turn.finished else None

    def cancel(self, session: str) -> None:
        """Stop the turn in progress, if there is one."""
        turn = self.running(session)
        if turn is not None:
            turn.cancel()
