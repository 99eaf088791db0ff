"""`weighbridge assess`: the whole decision for a portfolio file, without a model."""

from pathlib import Path

import click

from tools.portfolio_file import portfolio_from_text, portfolio_notes
from ui.cli import print_json, settings_of
from ui.files import LARGEST_BYTES, read_text


@click.command("assess")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the whole assessment as JSON.")
@click.option("--report", "report", type=click.Path(path_type=Path), help="Write a report (.md, .html or .json).")
@click.pass_context
def assess_command(ctx: click.Context, file: Path, as_json: bool, report: Path | None) -> None:
    """Assess the portfolio in FILE (YAML or JSON) and say where each workload should run."""
    from tools.assess import assess
    from tools.assessment import assessment_to_json
    from tools.report import Report
    from ui.render import check_suffix, render_summary, write_report

    if report is not None:
        check_suffix(report)
    portfolio = portfolio_from_text(read_text(file, LARGEST_BYTES), str(file))
    for note in portfolio_notes(portfolio):
        click.echo(f"note: {note}", err=True)
    as_of = settings_of(ctx).today()
    assessment = assess(portfolio, as_of, with_flips=True)
    document = Report(_title([workload.name for workload in portfolio.workloads]), as_of, portfolio, assessment)
    if report is not None:
        write_report(document, report)
        click.echo(f"Report written to {report}", err=True)
    if as_json:
        print_json(assessment_to_json(assessment))
    elif report is None:
        click.echo(render_summary(document), nl=False)
        click.echo("Options compared, sources and assumptions: --report report.html (or .md, .json)", err=True)


def _title(names: list[str]) -> str:
    return f"Where to run {' and '.join(names)}" if len(names) <= 2 else f"Where to run {len(names)} workloads"
