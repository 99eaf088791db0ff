"""Sets the rows that several chapters share: facts, lines of a bill, findings, steps, dates. It words nothing."""

from collections.abc import Sequence

from ui.render.blocks import Column, Item, Items, Row, Run, Runs, Sources, Table, cells, plain, strong
from ui.render.document import DateRow, FactRow, FindingRow, LineRow, Money, StepRow

BLANK = "\u2026\u2026\u2026\u2026\u2026\u2026"


def money_runs(money: Money, to: str = "") -> Runs:
    """Return what is expected, which leads to the lines that it is made of."""
    return strong(money.expected, to if money.is_known else "")


def fact_table(rows: Sequence[FactRow]) -> Table:
    """Return facts with the words that state them."""
    quoted = any(row.quote for row in rows)
    columns = [Column("Fact", share=3), Column("Value", share=4)]
    columns += [Column("In your words", share=5)] if quoted else []
    columns += [Column("How known", share=1 if quoted else 2)]
    return Table(tuple(columns), tuple(_fact(row, quoted) for row in rows))


def _fact(row: FactRow, quoted: bool) -> Row:
    quote = (Run(row.quote, "quote"),) if row.quote else plain("–")
    return cells(strong(row.label), row.value, *((quote,) if quoted else ()), row.state)


def line_table(rows: Sequence[LineRow], sources: Sources, total: Money | None = None) -> Table:
    """Return the lines of a bill, each with its source, and their sum."""
    columns = (
        Column("Line", share=5), Column("Quantity", right=True), Column("Unit", share=4),
        Column("Unit price", right=True), Column("A month", right=True), Column("Source", share=1),
    )  # fmt: skip
    body = [
        cells(strong(row.name), row.quantity, row.unit, row.unit_price, row.amount, sources.cite(row.source))
        for row in rows
    ]
    if total is not None:
        body.append(cells(strong("Sum"), "", total.span, "", strong(total.expected), "", mark="sum"))
    return Table(columns, tuple(body), "bill")


def finding_items(rows: Sequence[FindingRow], sources: Sources) -> Items:
    """Return findings, each with its source and what can be done about it."""
    return Items(tuple(_finding(row, sources) for row in rows), "findings")


def _finding(row: FindingRow, sources: Sources) -> Item:
    runs = (Run(f"{row.severity_words} · {row.axis}", "tag"), Run(f" {row.text} "), *sources.cite(row.source))
    more = ((Run("What can be done: ", "strong"), Run(row.mitigation)),) if row.mitigation else ()
    return Item(runs, mark=row.severity, more=more)


def step_table(rows: Sequence[StepRow], many: bool) -> Table:
    """Return next steps with room for an owner and a date."""
    columns = [Column("", share=1), Column("Step", share=9), Column("When", share=3)]
    columns += [Column("For", share=3)] if many else []
    columns += [Column("Owner", share=2), Column("Date", share=2)]
    return Table(
        tuple(columns),
        tuple(
            cells(str(row.number), row.text, row.phase, *((row.workloads,) if many else ()), BLANK, BLANK)
            for row in rows
        ),
        "steps",
    )


def date_table(rows: Sequence[DateRow], sources: Sources, many: bool) -> Table:
    """Return the days on which something is to be checked again."""
    columns = [Column("Day", share=3), Column("What changes", share=9)]
    columns += [Column("For", share=3)] if many else []
    columns += [Column("Source", share=1)]
    return Table(
        tuple(columns),
        tuple(
            cells(strong(row.day), row.text, *((row.workloads,) if many else ()), sources.cite(row.source))
            for row in rows
        ),
    )
