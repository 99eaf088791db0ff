"""What a command's help teaches below its options: examples, what comes next, exit codes. It knows no command."""

from functools import cache
from importlib.resources import files
from typing import Any

import click

from tools.data_files import parse_yaml

_FILE = "ui/help.yaml"
_LONGEST_SENTENCE = 200  # a list of commands shows the whole first sentence; click would cut it to one line
_PARAGRAPH = "\n\n"
_AS_WRITTEN = "\b\n"  # click's mark for a paragraph that is not to be wrapped


def teach(command: click.Command, path: str) -> None:
    """Give a command its examples, what comes next and its exit codes, and the same to the commands below it."""
    command.short_help = command.get_short_help_str(_LONGEST_SENTENCE)
    lesson = lessons()["commands"].get(path)
    if lesson is not None:
        command.epilog = _epilog(lesson)
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            teach(below, f"{path} {name}")


@cache
def lessons() -> dict[str, Any]:
    """Load the texts."""
    table: dict[str, Any] = parse_yaml(files("ui").joinpath("help.yaml").read_text(encoding="utf-8"), _FILE)
    return table


def _exit_codes(own: dict[int, str] | None) -> str:
    """Say in one sentence what the exit codes mean; `own` replaces what differs."""
    meant = lessons()["exits"] | (own or {})
    return f"Exit codes: {'; '.join(f'{code} {meaning}' for code, meaning in meant.items())}."


def _epilog(lesson: dict[str, Any]) -> str:
    shown = [f"  {line}\n      {about}" for line, about in lesson["examples"].items()]
    parts = ["\n".join([f"{_AS_WRITTEN}Examples:", *shown])]
    if "next" in lesson:
        parts.append(f"Next: {lesson['next']}")
    return _PARAGRAPH.join([*parts, _exit_codes(lesson.get("exits"))])
