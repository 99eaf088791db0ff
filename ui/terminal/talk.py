"""The interview with a person: reads lines, runs turns, and lets Ctrl-C stop an answer. It draws nothing itself."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from agent.adviser import Adviser
from tools.errors import Cancelled, WeighbridgeError
from ui.terminal.screen import Screen

# Returns the next message; raises EOFError at the end and KeyboardInterrupt on Ctrl-C.
ReadLine = Callable[[], str]


def talk(adviser: Adviser, session: str, read_line: ReadLine, screen: Screen) -> None:
    """Talk until the input ends, or until Ctrl-C is pressed twice."""
    for event in adviser.open(session):
        screen.show(event)
    warned = False
    while True:
        try:
            message = read_line()
        except EOFError:
            return
        except KeyboardInterrupt:
            if warned:
                return
            warned = True
            screen.notice("\nCtrl-C again to quit; everything is kept.")
            continue
        warned = False
        if message.strip() and not _take(adviser, session, message, screen):
            return


def _take(adviser: Adviser, session: str, message: str, screen: Screen) -> bool:
    """Run one turn; return False when the user wants to leave."""
    cancel = threading.Event()
    try:
        with _interrupts_cancel(cancel, screen):
            adviser.turn(session, message, emit=screen.show, cancel=cancel)
    except KeyboardInterrupt:
        screen.settle()
        return False
    except Cancelled:
        screen.notice("Stopped; nothing was noted from that message.")
    except WeighbridgeError as error:
        screen.problem(str(error))
    finally:
        screen.settle()
    return True


@contextmanager
def _interrupts_cancel(cancel: threading.Event, screen: Screen) -> Iterator[None]:
    """Let the first Ctrl-C stop the answer and the second one the program."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
