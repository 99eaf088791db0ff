"""The chapter on all workloads together: the plan, shared costs, the organization, all steps and dates."""

from collections.abc import Iterator

from ui.render.blocks import Block, Column, Heading, Paragraph, Row, Sources, Table, cells, plain, strong
from ui.render.chapters.rows import date_table, fact_table, finding_items, line_table, step_table
from ui.render.chapters.workload import picture
from ui.render.document import Document, Money, Plan


def whole_blocks(doc: Document, sources: Sources) -> Iterator[Block]:
    """Yield what holds for all workloads."""
    many = len(doc.workloads) > 1
    if many:
        yield Heading(2, "All workloads together", "whole", page=True)
        yield from (picture(figure) for figure in doc.whole.figures)
    if doc.whole.availability:
        yield Paragraph(plain(f"Promised availability of all vendors together: {doc.whole.availability}."))
    if doc.whole.findings:
        yield finding_items(doc.whole.findings, sources)
    if doc.whole.plan is not None:
        yield from _plan(doc.whole.plan, sources)
    elif doc.whole.shared_costs:
        yield Heading(3, "Costs that workloads share")
        yield line_table(doc.whole.shared_costs, sources)
    if doc.organization:
        yield Heading(2, "About the organization")
        yield fact_table(doc.organization)
    if doc.steps:
        yield Heading(2, "Next steps", "steps")
        yield step_table(doc.steps, many)
    if doc.dates:
        yield Heading(3, "Dates to check again", "dates")
        yield date_table(doc.dates, sources, many)


def _plan(plan: Plan, sources: Sources) -> Iterator[Block]:
    yield Heading(3, "The plan for the whole", "plan")
    yield Paragraph(plain(plan.summary))
    columns = (
        Column("Workload", share=4), Column("Where", share=5), Column("Model", share=5), Column("On", share=5),
        Column("", share=3),
    )  # fmt: skip
    rows: list[Row] = [
        cells(strong(row.name), row.place, row.model or "–", row.where or "–", row.differs) for row in plan.rows
    ]
    yield Table(columns, tuple(rows))
    yield line_table(plan.lines, sources, Money(plan.total, ""))
