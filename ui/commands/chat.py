"""`weighbridge chat`: the interview in a terminal, or as JSON lines."""

import importlib
import io
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from ui.cli import print_json, settings_of
from ui.completion import session_ids
from ui.settings import build_adviser_with, build_model

if TYPE_CHECKING:
    from agent.adviser import Adviser


@click.command("chat")
@click.option("--json", "as_json", is_flag=True, help="One message per input line, JSON lines out.")
@click.option("--session", shell_complete=session_ids, help="Resume this session, or begin one with this id.")
@click.pass_context
def chat_command(ctx: click.Context, as_json: bool, session: str | None) -> None:
    """Be interviewed in the terminal; everything said is kept on this machine and can be resumed."""
    settings = settings_of(ctx)
    if not as_json:
        click.echo("Loading …", err=True)
    model = build_model(settings)
    try:
        adviser = build_adviser_with(settings, model)
        try:
            name = model.capabilities.name if model else "no language model"
            mode = f"{'Escalation on' if settings.escalation else 'Offline'} · {name}"
            _talk(adviser, mode, session or secrets.token_hex(4), as_json)
        finally:
            adviser.close()
    finally:
        if model is not None:
            model.close()


def _talk(adviser: "Adviser", mode: str, session: str, as_json: bool) -> None:
    if as_json:
        from ui.terminal.lines import talk_in_lines

        talk_in_lines(adviser, session, _lines(), lambda plain: print_json(plain, line=True))
        return
    from rich.console import Console

    from ui.terminal.screen import Screen
    from ui.terminal.talk import talk

    console = Console(highlight=False)
    screen = Screen(console)
    screen.notice(f"{mode} · session {session} · Ctrl-C stops an answer, Ctrl-D ends")
    talk(adviser, session, _line_reader(console.is_terminal), screen)
    screen.notice(f"\nKept. Go on: weighbridge chat --session {session}")
    screen.notice(f"Report: weighbridge report {session} --to report.html")


def _lines() -> Iterator[str]:
    """Yield the input line by line as it comes; bytes that are not UTF-8 are replaced, not fatal."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    while line := sys.stdin.readline():
        yield line.rstrip("\r\n")


def _line_reader(is_terminal: bool) -> Callable[[], str]:
    """Return what reads the next message: with line editing at a terminal, plainly from a pipe."""
    if is_terminal and sys.stdin.isatty():
        with suppress(ImportError):  # not on every system
            importlib.import_module("readline")
        return lambda: input("\n> ")
    lines = _lines()

    def read() -> str:
        line = next(lines, None)
        if line is None:
            raise EOFError
        click.echo(f"\n> {line}")
        return line

    return read
