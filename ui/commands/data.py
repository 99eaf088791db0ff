"""`weighbridge data`: age, sources and consistency of the data tables."""

import click

from ui.cli import print_json, settings_of


@click.group("data")
def data_command() -> None:
    """Look after the data tables."""


@data_command.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_context
def check_command(ctx: click.Context, as_json: bool) -> None:
    """Report entries without a source, too old, or pointing nowhere; exit 1 when there are any."""
    from tools.data_check import check_tables

    problems = check_tables(settings_of(ctx).today())
    if as_json:
        print_json([str(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{len(problems)} problems" if problems else "All tables are sourced, current and consistent.")
    ctx.exit(1 if problems else 0)
