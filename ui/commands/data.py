"""`weighbridge data`: age, sources and consistency of the data tables."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ui.cli import print_json, settings_of

if TYPE_CHECKING:
    from tools.data_check import DataProblem, TableSummary


@click.group("data")
def data_command() -> None:
    """Look after the data tables."""


@data_command.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print problems and tables as JSON.")
@click.pass_context
def check_command(ctx: click.Context, as_json: bool) -> None:
    """Report entries without a source, too old, given twice or pointing nowhere; exit 1 when there are any."""
    from tools.assessment import to_plain
    from tools.data_check import check_tables, table_summaries

    day = settings_of(ctx).today()
    problems, tables = check_tables(day), table_summaries()
    if as_json:
        print_json({"as_of": day.isoformat(), "problems": to_plain(problems), "tables": to_plain(tables)})
    else:
        for line in _lines(problems, tables):
            click.echo(line)
    ctx.exit(1 if problems else 0)


def _lines(problems: "Sequence[DataProblem]", tables: "Sequence[TableSummary]") -> list[str]:
    width = max(len(table.file) for table in tables)
    lines = [f"{'table':<{width}}  entries  oldest      how sure"]
    for table in tables:
        sure = ", ".join(f"{count} {word}" for word, count in table.confidence.items())
        lines.append(f"{table.file:<{width}}  {table.entries:>7}  {table.oldest.isoformat()}  {sure}")
    oldest = min(tables, key=lambda table: table.oldest)
    lines.append(f"Oldest entry: {oldest.oldest.isoformat()}, {oldest.oldest_entry} in {oldest.file}")
    lines += [str(problem) for problem in problems]
    return [*lines, f"{len(problems)} problems" if problems else "All tables are sourced, current and consistent."]
