"""The interview as JSON lines: a message per line in, events out. It knows no terminal and no settings."""

from collections.abc import Callable, Iterable
from typing import Any

from agent.adviser import Adviser
from agent.events import Event, Signal, Token, TurnEnd
from tools.errors import WeighbridgeError

Write = Callable[[dict[str, Any]], None]

_NO_WORK = TurnEnd(0.0, 0, 0, 0)


def talk_in_lines(adviser: Adviser, session: str, messages: Iterable[str], write: Write) -> None:
    """Open the session, take every message, and close with `done`; a turn that fails says so and ends like others."""
    written = _Written(write)
    for event in adviser.open(session):
        written(event)
    for message in messages:
        _take(adviser, session, message, written)
    if not written.done:
        written(Signal("done"))


def _take(adviser: Adviser, session: str, message: str, written: "_Written") -> None:
    try:
        adviser.turn(session, message, emit=written)
    except WeighbridgeError as error:
        written.error(str(error))
        written(_NO_WORK)


class _Written:
    """Writes events and remembers whether the interview has been closed."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self.done = False

    def __call__(self, event: Event) -> None:
        if isinstance(event, Token):
            return
        self.done = self.done or event == Signal("done")
        self._write(event.to_json())

    def error(self, text: str) -> None:
        """Write the line of a turn that failed."""
        self._write({"event": "error", "text": text})
