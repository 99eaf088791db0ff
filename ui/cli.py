"""The command line: which commands there are and how errors leave; their work is in `ui.commands`."""

import gc
import json
import logging
import os
import sys
from importlib import import_module
from typing import Any

import click

from tools.errors import WeighbridgeError
from ui.environment import quieten
from ui.lessons import teach
from ui.logs import set_up_logging
from ui.settings import Settings, read_said, read_settings

# section -> command -> module that holds it, in the order of use; a module is imported only when its command is
# called, so that `assess` starts in a second.
_SECTIONS = {
    "Start here": {"app": "ui.commands.app", "chat": "ui.commands.chat", "doctor": "ui.commands.doctor"},
    "Decide from files": {"assess": "ui.commands.assess", "tool": "ui.commands.tool"},
    "Knowledge": {
        "ask": "ui.commands.knowledge",
        "search": "ui.commands.knowledge",
        "knowledge": "ui.commands.knowledge",
    },
    "Sessions": {"sessions": "ui.commands.sessions", "report": "ui.commands.report"},
    "Upkeep": {"settings": "ui.commands.settings", "models": "ui.commands.models", "data": "ui.commands.data"},
    "For other programs": {
        "mcp": "ui.commands.mcp",
        "extract": "ui.commands.extract",
        "completion": "ui.commands.completion",
    },
}
_COMMANDS = {name: module for commands in _SECTIONS.values() for name, module in commands.items()}


# The tables and options are many small objects that stay: looking through them for cycles every 700 objects, as
# Python does by itself, took a twentieth of the time of `assess`.
_OBJECTS_BETWEEN_COLLECTIONS = 100_000


class _LazyGroup(click.Group):
    """A group whose commands are imported when called, and whose errors leave with their exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name]), f"{cmd_name}_command")
        teach(command, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section, each with its whole first sentence."""
        width = max(map(len, _COMMANDS))
        for section, commands in _SECTIONS.items():
            with formatter.section(section):
                found = [(name, self.get_command(ctx, name)) for name in commands]
                rows = [(f"{name:<{width}}", one.get_short_help_str()) for name, one in found if one]
                formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, read only now that they are shown."""
        teach(self, "weighbridge")
        super().format_epilog(ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except WeighbridgeError as error:
            click.echo(f"weighbridge: {error}", err=True)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:  # the reader had enough, as `head` has: click leaves quietly
            raise
        except Exception as error:  # the one place where everything is caught, and logged
            logging.getLogger("ui").debug("unexpected error", exc_info=True)
            click.echo(
                f"weighbridge: unexpected error: {type(error).__name__}: {error}. Run again with -vv for the "
                "trace; this is a defect, please report it.",
                err=True,
            )
            ctx.exit(1)


@click.group(
    "weighbridge", cls=_LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option("-v", "--verbose", count=True, help="Log more to standard error (-vv for everything).")
@click.option("--set", "said", multiple=True, metavar="KEY=VALUE", help="A setting for this run; see `settings`.")
@click.version_option(package_name="weighbridge")
@click.pass_context
def main(ctx: click.Context, verbose: int, said: tuple[str, ...]) -> None:
    """Weigh AI workloads: a proprietary API, a hosted open model or your own servers, for each of them.

    Without a command the page opens on 127.0.0.1:7860. Nothing leaves this machine.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 20)
    set_up_logging(verbose)
    quieten(os.environ)
    try:
        ctx.obj = read_settings(os.environ, read_said(said))
    except WeighbridgeError as error:
        click.echo(f"weighbridge: {error}", err=True)
        ctx.exit(error.exit_code)
    if ctx.invoked_subcommand is None:
        command = main.get_command(ctx, "app")
        if command is not None:
            ctx.invoke(command)


def settings_of(ctx: click.Context) -> Settings:
    """Return the settings read at start."""
    settings: Settings = ctx.find_root().obj
    return settings


def print_json(value: object, *, line: bool = False) -> None:
    """Write one JSON value to standard output, as one line where many follow."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=None if line else 2, allow_nan=False))
    if line:
        sys.stdout.flush()
