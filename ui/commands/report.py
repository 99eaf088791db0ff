"""`weighbridge report`: a session as a file."""

from pathlib import Path

import click

from tools.errors import InvalidInput
from ui.cli import settings_of
from ui.commands.sessions import list_sessions
from ui.settings import Settings, build_adviser_with


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
        list_sessions(settings, as_json)
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
