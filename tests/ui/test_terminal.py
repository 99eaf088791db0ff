"""The terminal's interview: streaming, Ctrl-C during an answer and at the prompt, and errors that do not end it."""

import io
import os
import signal
import threading
from collections.abc import Callable
from typing import Any, cast

import pytest
from rich.console import Console

from agent.adviser import Adviser
from agent.events import Answer, Event, FactsNoted, Noted, QuestionAsked, Token, TurnEnd
from tools.errors import Cancelled, InvalidInput
from ui.terminal.screen import Screen
from ui.terminal.talk import talk

OPENING = QuestionAsked("W", None, "What is it?", "", None)
Turn = Callable[[str, Callable[[Event], None], threading.Event], None]


class FakeAdviser:
    """Opens with a question and hands every message to a function of the test."""

    def __init__(self, turn: Turn) -> None:
        self.turns: list[str] = []
        self._turn = turn

    def open(self, session: str) -> list[Event]:
        return [OPENING]

    def turn(self, session: str, text: str, *, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        self.turns.append(text)
        self._turn(text, emit, cancel)


def _talk(turn: Turn, lines: list[Any], terminal: bool = False) -> tuple[str, list[str]]:
    """Run a conversation over these lines; an exception among them is raised where it stands."""
    output, waiting = io.StringIO(), iter(lines)

    def read_line() -> str:
        line = next(waiting, None)
        if line is None:
            raise EOFError
        if isinstance(line, type):
            raise line
        return cast(str, line)

    adviser = FakeAdviser(turn)
    screen = Screen(Console(file=output, force_terminal=terminal, width=100, highlight=False))
    talk(cast(Adviser, adviser), "s", read_line, screen)
    return output.getvalue(), adviser.turns


def _nothing(text: str, emit: Callable[[Event], None], cancel: threading.Event) -> None:
    emit(TurnEnd(0.1, 0, 0, 0))


def test_facts_and_citations_are_shown_with_their_words() -> None:
    def turn(text: str, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        emit(FactsNoted((Noted("requests_per_day", 40.0, "forty [bold]a day"),), (Noted("task", "x", "q", "no fit"),)))
        emit(Answer("No.", ()))

    text, _ = _talk(turn, ["hello"])
    assert "Requests per day  “forty [bold]a day”" in text
    assert "no fit" in text


@pytest.mark.parametrize("terminal", [True, False])
def test_a_streamed_answer_ends_as_its_final_text(terminal: bool) -> None:
    def turn(text: str, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        for piece in ("raw ", "draft"):
            emit(Token(piece))
        emit(Answer("The final answer.", ()))

    text, _ = _talk(turn, ["why?"], terminal)
    assert text.rstrip().removesuffix("\x1b[0m").endswith("The final answer.")
    assert ("draft" in text) == terminal


def test_ctrl_c_cancels_the_answer_and_the_conversation_goes_on() -> None:
    def turn(text: str, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        if text == "long":
            os.kill(os.getpid(), signal.SIGINT)
            assert cancel.wait(5)
            raise Cancelled("the user stopped the answer")

    before = signal.getsignal(signal.SIGINT)
    text, turns = _talk(turn, ["long", "short"])
    assert turns == ["long", "short"]
    assert "Stopped" in text
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_twice_during_an_answer_leaves() -> None:
    def turn(text: str, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert cancel.wait(5)
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(5)
        pytest.fail("the second interrupt was not delivered")

    _, turns = _talk(turn, ["long", "never read"])
    assert turns == ["long"]


def test_ctrl_c_at_the_prompt_warns_once_and_then_leaves() -> None:
    text, turns = _talk(_nothing, [KeyboardInterrupt, "go on", KeyboardInterrupt, KeyboardInterrupt, "never read"])
    assert turns == ["go on"]
    assert text.count("Ctrl-C again") == 2


def test_an_error_is_said_and_blank_lines_are_no_messages() -> None:
    def turn(text: str, emit: Callable[[Event], None], cancel: threading.Event) -> None:
        if text == "bad":
            raise InvalidInput("that does not fit")

    text, turns = _talk(turn, ["bad", "  ", "good"])
    assert turns == ["bad", "good"]
    assert "that does not fit" in text
