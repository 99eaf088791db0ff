"""`weighbridge report`: a session, or a report saved as JSON, as a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tools.errors import InvalidInput
from ui.cli import settings_of
from ui.commands.sessions import list_sessions
from ui.completion import session_ids
from ui.settings import Settings, build_adviser_with

if TYPE_CHECKING:
    from tools.report import Report

_KINDS = ("report", "madr", "costs", "actions")


@click.command("report")
@click.argument("session", required=False, shell_complete=session_ids)
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="The file to write: .md, .html, .pdf, .docx or .json."
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(_KINDS),
    default="report",
    show_default=True,
    help="madr: a decision record per workload, into the folder --to; costs, actions: a table, --to FILE.csv.",
)
@click.option("--no-transcript", "no_transcript", is_flag=True, help="Leave the conversation out.")
@click.option("--list", "list_them", is_flag=True, help="List the sessions, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="With --list: as JSON.")
@click.pass_context
def report_command(
    ctx: click.Context,
    session: str | None,
    target: Path | None,
    kind: str,
    no_transcript: bool,
    list_them: bool,
    as_json: bool,
) -> None:
    """Write the report of SESSION to a file.

    SESSION is an id, a title, or `last`; or a report that was saved as FILE.json, which gives the same report again.
    """
    settings = settings_of(ctx)
    if list_them:
        list_sessions(settings, as_json)
        return
    if session is None:
        raise InvalidInput(
            "SESSION: expected an id, a title, `last`, or a report's FILE.json; weighbridge report --list shows them"
        )
    if target is None:
        raise InvalidInput("--to: expected a file name that ends in .md, .html, .pdf, .docx or .json")
    _check(target, kind)
    report, name = _report_of(settings, session)
    if no_transcript or not settings.transcript:
        from tools.report import without_transcript

        report = without_transcript(report)
    for written in _write(report, target, kind):
        click.echo(f"Report of {name} written to {written}", err=True)


def _check(target: Path, kind: str) -> None:
    """Refuse a target that does not fit, before the work begins."""
    from ui.render import check_suffix

    if kind == "report":
        check_suffix(target)
    elif kind != "madr" and target.suffix.lower() != ".csv":
        raise InvalidInput(f"{target}: --as {kind} writes a table; expected a file name that ends in .csv")


def _report_of(settings: Settings, said: str) -> tuple["Report", str]:
    """Return the report and what to call it."""
    from ui.sessions import find_session, full_report

    if said.lower().endswith(".json"):
        from tools.report_json import report_from_text
        from ui.files import read_text

        report = report_from_text(read_text(Path(said)), said)
        return report, report.title or said
    if not settings.sessions_file.exists():
        find_session([], said)
    adviser = build_adviser_with(settings, None)
    try:
        found = find_session(adviser.sessions(), said)
        return full_report(adviser, found.id), found.title or found.id
    finally:
        adviser.close()


def _write(report: "Report", target: Path, kind: str) -> list[Path]:
    from ui.render import write_report
    from ui.render.csv import actions_csv, costs_csv
    from ui.render.records import write_records
    from ui.render.write import write_file

    if kind == "madr":
        return write_records(report, target)
    if kind == "report":
        write_report(report, target)
    else:
        # A spreadsheet reads the mark as UTF-8.
        write_file(target, "\ufeff" + (costs_csv(report) if kind == "costs" else actions_csv(report)))
    return [target]
