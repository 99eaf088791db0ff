"""Opens the adviser in the background, so that the page is there before the language model. It draws nothing."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from agent.adviser import Adviser
from tools.errors import WeighbridgeError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """An adviser that is ready; `model_line` names what answers, `warning` says what is missing and its remedy."""

    adviser: Adviser
    today: Callable[[], date]
    model_line: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """How far opening has come, in a sentence."""

    state: Literal["loading", "ready", "failed"]
    text: str


class Loader:
    """Calls `build` once, in a thread of its own."""

    def __init__(self, build: Callable[[], Opened]) -> None:
        self._build = build
        self._finished = threading.Event()
        self._opened: Opened | None = None
        self._problem = ""
        self._busy = ""
        self._thread = threading.Thread(target=self._run, name="open-adviser", daemon=True)

    def start(self) -> None:
        """Begin to open; starting twice is harmless."""
        if self._thread.ident is None:
            self._thread.start()

    def status(self) -> Status:
        """Say how far it is."""
        if not self._finished.is_set():
            return Status("loading", "Getting ready: loading the language model …")
        if self._opened is None:
            return Status("failed", self._problem)
        if self._busy:
            return Status("loading", self._busy)
        return Status("ready", self._opened.model_line)

    def wait(self, seconds: float) -> Opened | None:
        """Return what was opened; None while it is not there, or where opening failed."""
        self._finished.wait(seconds)
        return self._opened

    @contextmanager
    def busy(self, text: str) -> Iterator[None]:
        """Say that the model is being changed; what was opened stays open."""
        self._busy = text
        try:
            yield
        finally:
            self._busy = ""

    def renamed(self, model_line: str) -> None:
        """Note that another model answers now."""
        if self._opened is not None:
            self._opened = replace(self._opened, model_line=model_line, warning="")

    def close(self) -> None:
        """Close the adviser's file, if it was opened."""
        if self._opened is not None:
            self._opened.adviser.close()

    def _run(self) -> None:
        try:
            self._opened = self._build()
        except WeighbridgeError as error:
            self._problem = str(error)
        except Exception as error:  # a thread has no caller: the page has to say that it failed
            log.exception("the adviser could not be opened")
            self._problem = f"Weighbridge could not start ({type(error).__name__}: {error}). Run: weighbridge doctor"
        finally:
            self._finished.set()
