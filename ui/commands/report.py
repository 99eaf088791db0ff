"""`weighbridge report`: a session as a file."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tools.errors import InvalidInput
from ui.cli import print_json, settings_of
from ui.settings import Settings, build_adviser_with

if TYPE_CHECKING:
    from agent.sessions import SessionInfo


@click.command("report")
@click.argument("session", required=False)
@click.option("--to", "target", type=click.Path(path_type=Path), help="The file to write: .md, .html or .json.")
@click.option("--list", "list_them", is_flag=True, help="List the sessions, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="With --list: as JSON.")
@click.pass_context
def report_command(
    ctx: click.Context, session: str | None, target: Path | None, list_them: bool, as_json: bool
) -> None:
    """Write the report of SESSION (an id, a title, or `last`) to a file."""
    from ui.render import check_suffix

    settings = settings_of(ctx)
    if list_them:
        _list(settings, as_json)
        return
    if session is None:
        raise InvalidInput("SESSION: expected an id, a title, or `last`; weighbridge report --list shows them")
    if target is None:
        raise InvalidInput("--to: expected a file name that ends in .md, .html or .json")
    check_suffix(target)
    _write(settings, session, target)


def _write(settings: Settings, said: str, target: Path) -> None:
    from ui.render import write_report
    from ui.sessions import find_session, full_report

    if not settings.sessions_file.exists():
        find_session([], said)
    adviser = build_adviser_with(settings, None)
    try:
        found = find_session(adviser.sessions(), said)
        write_report(full_report(adviser, found.id), target)
    finally:
        adviser.close()
    click.echo(f"Report of {found.title or found.id} written to {target}", err=True)


def _list(settings: Settings, as_json: bool) -> None:
    sessions = _sessions(settings)
    if as_json:
        print_json([asdict(info) for info in sessions])
        return
    width = max((len(info.id) for info in sessions), default=0)
    for info in sessions:
        click.echo(
            f"{info.id:<{width}}  {info.updated_at[:16].replace('T', ' ')}  {info.title or '(nothing said yet)'}"
        )
    if not sessions:
        click.echo("There are no sessions yet. Begin one: weighbridge chat", err=True)


def _sessions(settings: Settings) -> "list[SessionInfo]":
    if not settings.sessions_file.exists():
        return []
    adviser = build_adviser_with(settings, None)
    try:
        return adviser.sessions()
    finally:
        adviser.close()
