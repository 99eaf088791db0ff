"""`weighbridge tool`: runs one deterministic tool, the same that the agent uses."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tools.errors import InvalidInput, UnknownName, WeighbridgeError
from ui.cli import print_json, settings_of
from ui.completion import tool_names
from ui.files import read_json_lines


@click.command("tool")
@click.argument("name", required=False, shell_complete=tool_names)
@click.argument("arguments", metavar="[ARGS-JSON]", required=False)
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    help="JSON lines of arguments; one JSON line each comes out.",
)
@click.pass_context
def tool_command(ctx: click.Context, name: str | None, arguments: str | None, file: Path | None) -> None:
    """Run the deterministic tool NAME on a JSON object; without NAME, list the tools with their schemas."""
    from tools.registry import list_tools

    if name is None:
        print_json(list_tools())
    elif file is not None:
        _run_lines(ctx, name, file)
    else:
        print_json(_run(ctx, name, _parse(arguments or "{}")))


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"ARGS-JSON: not JSON: {error.msg} at character {error.pos}") from None


def _run(ctx: click.Context, name: str, arguments: Any) -> dict[str, Any]:
    from tools.registry import run_tool

    if not isinstance(arguments, Mapping):
        raise InvalidInput(f"tool {name}: arguments: expected a JSON object, got {type(arguments).__name__}")
    return run_tool(name, arguments, settings_of(ctx).today())


def _run_lines(ctx: click.Context, name: str, file: Path) -> None:
    from tools.registry import tools

    if name not in tools():  # an unknown tool is one error, not one per line
        raise UnknownName.of("tool", name, tools())
    for _, arguments in read_json_lines(file):
        try:
            if isinstance(arguments, InvalidInput):
                raise arguments
            print_json(_run(ctx, name, arguments), line=True)
        except WeighbridgeError as error:
            print_json({"error": str(error)}, line=True)
