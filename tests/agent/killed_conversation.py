"""A process that talks to the adviser and is killed by SIGKILL at a given point. Run by test_survival.py."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from interview_fakes import MarkedReader, decide, fake_adviser

from agent.adviser import Adviser
from agent.assessing import Assessor
from agent.events import Event
from models.scripted import ScriptedModel

SESSION = "test"


def die() -> None:
    """Die as in a power cut of the process: no handler, no clean-up."""
    os.kill(os.getpid(), signal.SIGKILL)
    threading.Event().wait()


def kill_before(target: Any, name: str) -> None:
    """Have a method kill the process when it is called."""
    setattr(target, name, lambda *args, **kwargs: die())


def kill_after(target: Any, name: str) -> None:
    """Have a method kill the process when it has done its work."""
    work: Callable[..., Any] = getattr(target, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        work(*args, **kwargs)
        die()

    setattr(target, name, wrapped)


def arm(adviser: Adviser, reader: MarkedReader, assessor: Assessor, point: str) -> Callable[[Event], None]:
    """Set the trap, and return the callback that gets the events of the fatal turn."""
    match point:
        case "before the message is written down":
            kill_before(adviser._file, "keep_inbox")
        case "after the message is written down":
            kill_after(adviser._file, "keep_inbox")
        case "while the message is read":
            kill_before(reader, "read")
        case "before the books are closed":
            kill_before(adviser, "_settle")
        case "after old checkpoints are deleted":
            kill_after(adviser._file, "prune")
        case "while the verdict is computed":
            assessor._decide = lambda portfolio, day: die()  # type: ignore[assignment,return-value]
    return lambda event: die() if event.to_json()["event"] == point else None


def main(folder: str, point: str, message: str) -> None:
    """Have one quiet turn, then one that kills."""
    reader = MarkedReader()
    model = ScriptedModel(["It is not open source. [1]"])
    adviser = fake_adviser(Path(folder), model=model, reader=reader)
    adviser.open(SESSION)
    adviser.turn(SESSION, "task=classification", emit=lambda event: None)
    assert adviser._assess._decide is decide
    emit = arm(adviser, reader, adviser._assess, point)
    adviser.turn(SESSION, message, emit=emit)


if __name__ == "__main__":
    main(*sys.argv[1:])
