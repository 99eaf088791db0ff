"""Every command's help teaches: a sentence, examples that parse, what comes next, exit codes. And it opens at once."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.conftest import TODAY
from tools.registry import run_tool
from ui.cli import main
from ui.lessons import lessons

ROOT = Path(__file__).parents[2]


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the words that call it."""

    def below(path: list[str], command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield " ".join(path), command
        if isinstance(command, click.Group):
            with click.Context(command) as ctx:
                for name in command.list_commands(ctx):
                    found = command.get_command(ctx, name)
                    assert found is not None
                    yield from below([*path, name], found)

    for path, command in below([], main):
        yield path or "weighbridge", command


ALL = dict(commands())
# Their examples show other commands too.
OVERVIEWS = ("weighbridge", "app", "settings")
EXAMPLES = [(path, line) for path in ALL for line in lessons()["commands"][path]["examples"]]


def test_the_commands_of_the_contract_are_there() -> None:
    promised = {"chat", "extract", "assess", "tool", "search", "ask", "report", "models", "data check", "doctor", "mcp"}
    assert promised <= set(ALL)


def test_what_is_taught_is_what_there_is() -> None:
    assert set(lessons()["commands"]) == set(ALL)


@pytest.mark.parametrize("path", ALL)
def test_help_says_what_how_and_what_the_exit_code_means(path: str) -> None:
    words = [] if path == "weighbridge" else path.split()
    result = CliRunner().invoke(main, [*words, "--help"], terminal_width=100)
    assert result.exit_code == 0
    shown = result.output
    sentence = ALL[path].get_short_help_str(500)
    assert sentence.endswith((".", ")")), sentence
    assert not sentence.endswith("..."), sentence
    assert "Examples:" in shown
    assert re.search(r"Exit codes: 0 [a-z]", shown)
    for line, about in lessons()["commands"][path]["examples"].items():
        assert f"  {line}\n" in shown
        assert f"      {about}\n" in shown


def parse(line: str) -> str:
    """Parse a command line down to its last command, run nothing, and return the words that call it."""
    words = shlex.split(line.split(" > ")[0])
    assert words.pop(0) == "weighbridge"
    command: click.Command = main
    ctx, path = main.make_context("weighbridge", list(words)), []
    while isinstance(command, click.Group):
        rest = [*ctx._protected_args, *ctx.args]
        if not rest:
            assert command.invoke_without_command, line
            break
        name, found, left = command.resolve_command(ctx, rest)
        assert name is not None
        assert found is not None
        path.append(name)
        command, ctx = found, found.make_context(name, left, parent=ctx)
    return " ".join(path)


@pytest.mark.parametrize(("path", "line"), EXAMPLES)
def test_the_examples_parse(path: str, line: str) -> None:
    if line.startswith("eval"):
        line = line.removeprefix('eval "$(').removesuffix(')"')
    called = parse(line)
    assert called.startswith(path) or path in OVERVIEWS


def test_the_examples_of_tools_run_and_their_files_are_there() -> None:
    ran = 0
    for _, line in EXAMPLES:
        words = shlex.split(line)
        if words[1:2] == ["tool"] and len(words) > 3 and words[3] != "--file":
            assert run_tool(words[2], json.loads(words[3]), TODAY)
            ran += 1
        for word in words:
            if word.startswith("examples/"):
                assert (ROOT / word).is_file(), word
    assert ran >= 2


def test_the_first_page_lists_every_command_once_and_in_full() -> None:
    shown = CliRunner().invoke(main, ["--help"], terminal_width=80).output
    for path in ALL:
        if " " not in path and path != "weighbridge":
            assert len(re.findall(rf"^  {path} ", shown, re.MULTILINE)) == 1, path
    assert "..." not in shown.replace("[ARGS]...", "")
    assert shown.index("Start here") < shown.index("Decide from files") < shown.index("For other programs")
