"""The first page: what to do, what it costs, why, what would change it, what comes next. It words nothing new."""

from collections.abc import Callable, Iterator

from ui.render.blocks import (
    Block,
    Column,
    Heading,
    Item,
    Items,
    Paragraph,
    Row,
    Run,
    Runs,
    Sources,
    Table,
    bullets,
    cells,
    plain,
    strong,
)
from ui.render.chapters.rows import date_table, finding_items, money_runs, step_table
from ui.render.document import Document, Plan, PlannedRow, WorkloadPart
from ui.render.words import first_up

_REASONS, _CHANGES, _STEPS, _DATES = 3, 3, 5, 3
# With several workloads the first page has room for less of each.
_OF_EACH, _STEPS_OF_MANY = 2, 4
_STEPS_OF_TOLD = 3
# With more workloads than this, each gets one line.
_TOLD = 3


def summary_blocks(doc: Document, sources: Sources) -> Iterator[Block]:
    """Yield the summary for a decision-maker."""
    many = len(doc.workloads) > 1
    yield Heading(2, "Summary", "summary")
    yield _table(doc)
    over = [part for part in doc.workloads if part.verdict.budget]
    if over:
        yield Items(tuple(_over_budget(part, many) for part in over), "findings")
    if doc.whole.vendors:
        yield Paragraph(plain(f"Who the money goes to{_alone(doc)}: {doc.whole.vendors}."))
    if doc.whole.plan is not None:
        plan = doc.whole.plan
        yield Paragraph((Run(f"{plan.summary} {_moved(plan)}"), Run("The plan", "", "plan"), Run(".")))
    grave = [row for row in doc.whole.findings if row.severity in ("critical", "warning")]
    if grave:
        yield finding_items(grave, sources)
    if len(doc.workloads) > _TOLD:
        yield from _next(doc, sources, many)
        yield Heading(3, "Why, and what would change it")
        yield _short(doc)
        return
    yield Heading(3, "Why")
    yield _list(doc, _reasons)
    yield Heading(3, "What would change it")
    yield _list(doc, change_texts)
    yield from _next(doc, sources, many)


def _next(doc: Document, sources: Sources, many: bool) -> Iterator[Block]:
    shown = doc.steps[: _room(len(doc.workloads))]
    if shown:
        yield Heading(3, "Next steps")
        yield step_table(shown, many)
    if len(doc.steps) > len(shown):
        rest = f"{len(doc.steps) - len(shown)} more are in "
        yield Paragraph((Run(rest), Run("the list of steps", "", "steps"), Run(".")), "note")
    if doc.dates:
        yield Heading(3, "Dates to check again")
        yield date_table(doc.dates[:_DATES], sources, many)


def _room(workloads: int) -> int:
    """Return how many steps fit on the first page beside the reasons of so many workloads."""
    return _STEPS if workloads == 1 else _STEPS_OF_TOLD if workloads == _TOLD else _STEPS_OF_MANY


def _table(doc: Document) -> Table:
    columns = (
        Column("Workload", share=4), Column("Where to run it", share=6), Column("A month", right=True, share=3),
        Column("Range", right=True, share=4), Column("How sure", share=4),
    )  # fmt: skip
    rows = [_row(part) for part in doc.workloads]
    if doc.whole.money is not None:
        whole = doc.whole.money
        if doc.whole.plan is not None and doc.whole.plan.saved:
            rows.append(cells("Saved by planning together", "", (Run(f"−{doc.whole.plan.saved}", "", "plan"),), "", ""))
        rows.append(cells(strong("All together"), "", strong(whole.expected), whole.span, "", mark="sum"))
    return Table(columns, tuple(rows), "verdicts")


def _over_budget(part: WorkloadPart, many: bool) -> Item:
    name = f"{part.name}: " if many else ""
    return Item((Run("Over budget", "tag"), Run(f" {name}{part.verdict.budget}")), mark="warning")


def _alone(doc: Document) -> str:
    """Say that the choices alone are meant, where the plan puts a workload elsewhere."""
    return ", each workload on its own" if doc.whole.plan is not None and _elsewhere(doc.whole.plan) else ""


def _elsewhere(plan: Plan) -> list[PlannedRow]:
    return [row for row in plan.rows if row.differs]


def _moved(plan: Plan) -> str:
    """Say where the plan puts what it puts elsewhere; of many, how many."""
    moved = _elsewhere(plan)
    if len(moved) > _TOLD:
        return f"It puts {len(moved)} workloads elsewhere than the table. "
    places = (f"{row.name} on {row.place}" + (f" with {row.model}" if row.model else "") for row in moved)
    return f"Unlike the table, it puts {'; '.join(places)}. " if moved else ""


def _row(part: WorkloadPart) -> Row:
    verdict = part.verdict
    place: Runs = plain(first_up(verdict.place))
    place += (Run(f": {verdict.model}", "soft"),) if verdict.model else ()
    sure: Runs = (Run(verdict.clarity_words, "strong"),)
    sure += (Run(f"; best in {verdict.probability} of the cases", "soft"),) if verdict.probability else ()
    money = money_runs(verdict.money, f"{part.anchor}-costs" if part.cost_lines else "")
    return cells((Run(part.name, "strong", part.anchor),), place, money, verdict.money.span, sure)


def _list(doc: Document, texts: Callable[[WorkloadPart], list[str]]) -> Items:
    if len(doc.workloads) == 1:
        return bullets(texts(doc.workloads[0]))
    return Items(
        tuple(Item((Run(f"{part.name}: ", "strong"), Run(" ".join(texts(part)[:_OF_EACH])))) for part in doc.workloads)
    )


def _reasons(part: WorkloadPart) -> list[str]:
    return list(part.verdict.reasons[:_REASONS])


def change_texts(part: WorkloadPart) -> list[str]:
    """Return what would change the verdict, as sentences."""
    told = [
        f"{flip.fact}: with “{flip.then}” instead of “{flip.now}” it would be {flip.deployment}." for flip in part.flips
    ][:_CHANGES]
    if part.question:
        told.append(f"Still open: “{part.question}” The answer has a {part.question_chance} chance of changing it.")
    return told or ["No change of a single fact that you stated was found to move it."]


def _short(doc: Document) -> Table:
    columns = (Column("Workload", share=3), Column("First reason", share=6), Column("What would change it", share=6))
    return Table(
        columns,
        tuple(
            cells(
                (Run(part.name, "strong", part.anchor),),
                _reasons(part)[0] if _reasons(part) else "–",
                change_texts(part)[0],
            )
            for part in doc.workloads
        ),
    )
