"""`weighbridge sessions`: list, rename, delete, export and import conversations."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tools.errors import InvalidInput
from ui.cli import print_json, settings_of
from ui.completion import session_ids
from ui.files import LARGEST_BYTES, read_text
from ui.sessions import find_session
from ui.settings import Settings, build_adviser_with

if TYPE_CHECKING:
    from agent.adviser import Adviser
    from agent.sessions import SessionInfo


@click.group("sessions", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="The list as JSON.")
@click.pass_context
def sessions_command(ctx: click.Context, as_json: bool) -> None:
    """List the conversations kept on this machine, the newest first; SESSION is an id, a title, or `last`."""
    if ctx.invoked_subcommand is None:
        list_sessions(settings_of(ctx), as_json)


@sessions_command.command("rename")
@click.argument("session", shell_complete=session_ids)
@click.argument("title")
@click.pass_context
def rename_command(ctx: click.Context, session: str, title: str) -> None:
    """Give SESSION a title."""
    with _found(settings_of(ctx), session) as (adviser, info):
        adviser.rename(info.id, title)
    click.echo(f"{info.id} is now called {title.strip()!r}", err=True)


@sessions_command.command("delete")
@click.argument("session", shell_complete=session_ids)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def delete_command(ctx: click.Context, session: str, yes: bool) -> None:
    """Delete SESSION and everything said in it, for good."""
    with _found(settings_of(ctx), session) as (adviser, info):
        if not yes:
            click.confirm(f"Delete {info.title or info.id!r} and everything in it?", abort=True, err=True)
        adviser.delete(info.id)
    click.echo(f"Deleted {info.title or info.id}", err=True)


@sessions_command.command("export")
@click.argument("session", shell_complete=session_ids)
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The JSON file to write.")
@click.pass_context
def export_command(ctx: click.Context, session: str, target: Path) -> None:
    """Write SESSION to a file that `import` takes back, here or on another machine."""
    with _found(settings_of(ctx), session) as (adviser, info):
        text = json.dumps(adviser.export(info.id), ensure_ascii=False, indent=2)
    try:
        target.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{target}: cannot be written: {error.strerror}; name another file with --to") from error
    click.echo(f"{info.title or info.id} written to {target}", err=True)


@sessions_command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def import_command(ctx: click.Context, file: Path) -> None:
    """Add the conversation in FILE, made by `export`, as a new session."""
    plain = _read(file)
    adviser = build_adviser_with(settings_of(ctx), None)
    try:
        info = adviser.take_in(plain, str(file))
    finally:
        adviser.close()
    click.echo(f"{info.title or 'The conversation'} is now session {info.id}", err=True)
    click.echo(f"Go on: weighbridge chat --session {info.id}", err=True)


def list_sessions(settings: Settings, as_json: bool) -> None:
    """Print all sessions."""
    sessions = _sessions(settings)
    if as_json:
        print_json([asdict(info) for info in sessions])
        return
    width = max((len(info.id) for info in sessions), default=0)
    for info in sessions:
        day = info.updated_at[:16].replace("T", " ")
        click.echo(f"{info.id:<{width}}  {day}  {info.title or '(nothing said yet)'}")
    if not sessions:
        click.echo("There are no sessions yet. Begin one: weighbridge chat", err=True)


def _read(file: Path) -> object:
    text = read_text(file, LARGEST_BYTES)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"{file}:{error.lineno}: not JSON: {error.msg}; expected a `sessions export` file"
        ) from error


@contextmanager
def _found(settings: Settings, said: str) -> "Iterator[tuple[Adviser, SessionInfo]]":
    if not settings.sessions_file.exists():
        find_session([], said)
    adviser = build_adviser_with(settings, None)
    try:
        yield adviser, find_session(adviser.sessions(), said)
    finally:
        adviser.close()


def _sessions(settings: Settings) -> "list[SessionInfo]":
    if not settings.sessions_file.exists():
        return []
    adviser = build_adviser_with(settings, None)
    try:
        return adviser.sessions()
    finally:
        adviser.close()
