"""`weighbridge assess`: the whole decision for a portfolio file, without a model."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tools.errors import InvalidInput
from tools.portfolio_file import portfolio_from_text, portfolio_notes, portfolio_to_plain
from ui.cli import print_json, settings_of
from ui.files import LARGEST_BYTES, read_text

if TYPE_CHECKING:
    from tools.report import Report

_FILE = click.Path(path_type=Path)


@click.command("assess")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the whole assessment as JSON.")
@click.option("--report", "report", type=_FILE, help="Write a report (.md, .html, .pdf, .docx or .json).")
@click.option("--since", "since", type=_FILE, metavar="OLD.json", help="Say what changed since a saved --json output.")
@click.option("--as-of", "as_of", metavar="YYYY-MM-DD", help="Assess on this date instead of today.")
@click.pass_context
def assess_command(
    ctx: click.Context, file: Path, as_json: bool, report: Path | None, since: Path | None, as_of: str | None
) -> None:
    """Assess the portfolio in FILE (YAML, JSON or CSV) and say where each workload should run."""
    from tools.assess import assess
    from tools.report import Report

    if report is not None:
        from ui.render import check_suffix, write_report  # brings Jinja, which JSON does not need

        check_suffix(report)
    day = _day(as_of) if as_of is not None else settings_of(ctx).today()
    portfolio = portfolio_from_text(read_text(file, LARGEST_BYTES), str(file))
    old = _read_saved(since) if since is not None else None
    for note in portfolio_notes(portfolio):
        click.echo(f"note: {note}", err=True)
    assessment = assess(portfolio, day, with_flips=True)
    document = Report(_title([workload.name for workload in portfolio.workloads]), day, portfolio, assessment)
    if report is not None:
        write_report(document, report)
        click.echo(f"Report written to {report}", err=True)
    if as_json:
        print_json(_plain(document, old, str(since)))
    elif old is not None:
        from tools.since import compare
        from tools.since_text import changes_text

        click.echo(changes_text(compare(old, _plain(document), str(since))), nl=False)
    elif report is None:
        from ui.render import render_summary

        click.echo(render_summary(document), nl=False)
        click.echo(
            "Options compared, sources and assumptions: --report report.html (or .md, .pdf, .docx, .json)", err=True
        )


def _plain(document: "Report", old: object = None, where: str = "") -> dict[str, Any]:
    """Return the assessment as JSON, with the inputs and data versions that a later comparison needs."""
    from tools.assessment import assessment_to_json, to_plain
    from tools.data_versions import data_versions

    plain = assessment_to_json(document.assessment)
    plain |= {"inputs": portfolio_to_plain(document.portfolio), "data": data_versions()}
    if old is not None:
        from tools.since import compare

        plain["since"] = to_plain(compare(old, plain, where))
    return plain


def _read_saved(path: Path) -> object:
    from tools.saved_assessment import read_saved

    text = read_text(path)
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"{path}: not JSON: {error}; expected what `weighbridge assess FILE --json` printed"
        ) from None
    read_saved(raw, str(path))  # refuse a foreign file before the work begins
    return raw


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"--as-of: {text!r} does not fit; expected a date like 2026-11-22") from None


def _title(names: list[str]) -> str:
    return f"Where to run {' and '.join(names)}" if len(names) <= 2 else f"Where to run {len(names)} workloads"
