"""The chapter of one workload: facts, options, gates, costs, licence, risks, evidence. It words nothing new."""

from collections.abc import Iterator

from ui.render.blocks import (
    Block,
    Card,
    CardFact,
    Column,
    Heading,
    Item,
    Items,
    Paragraph,
    Picture,
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
from ui.render.chapters.rows import fact_table, finding_items, line_table, money_runs
from ui.render.chapters.summary import change_texts
from ui.render.document import DutyRow, EvidenceRow, FigurePart, RuledOut, WorkloadPart

_BEST_IN = (
    "“Best in” is the share of cases in which this very option came out best; sums close to each other count as equal "
    "there, and control, capability and vendor risk decide. The recommendation is the option that does best over all "
    "cases, where a case in which an option breaks a rule or falls short counts against it several times over: one "
    "that is best in most cases and barred in some can lose to one that always passes."
)
_AVERAGES = (
    "Quantities and prices are averages over the cases; where hardware is both rented and bought, some cases do one "
    "and some the other."
)
_LEVELS = "Levels: 0 is routine work, 1 moderate, 2 the frontier of the day."


def workload_blocks(part: WorkloadPart, sources: Sources, *, own_page: bool = True) -> Iterator[Block]:
    """Yield everything about one workload."""
    yield Heading(2, part.name, part.anchor, page=own_page)
    yield _card(part)
    yield Heading(3, "Why")
    yield bullets(part.verdict.reasons)
    yield Heading(3, "What would change it")
    yield bullets(change_texts(part))
    yield Heading(3, "What you told us")
    if part.facts:
        yield fact_table(part.facts)
    else:
        yield Paragraph(plain("Nothing yet; everything here rests on assumptions."))
    yield from _options(part)
    yield from _ruled_out(part, sources)
    yield from _costs(part, sources)
    yield Heading(3, "Break-even")
    yield Paragraph(plain(part.break_even))
    yield from (picture(figure) for figure in part.figures[1:])
    yield from _licence(part, sources)
    yield from _risks(part, sources)
    yield from _evidence(part, sources)


def picture(figure: FigurePart) -> Picture:
    """Return a figure with its data."""
    columns = tuple(Column(title, right=number > 0) for number, title in enumerate(figure.head))
    data = Table(columns, tuple(cells(*row) for row in figure.rows))
    return Picture(figure.title, figure.about, figure.svg, data, figure.told)


def _card(part: WorkloadPart) -> Card:
    verdict = part.verdict
    sure = verdict.clarity_words
    if verdict.probability:
        sure += f"; {verdict.place} won in {verdict.probability} of the cases calculated"
    return Card(
        verdict.clarity,
        verdict.headline,
        (
            CardFact("A month, expected", money_runs(verdict.money, _costs_anchor(part)), big=True),
            CardFact("Range", plain(verdict.money.span)),
            CardFact("Volume", plain(f"about {part.volume}")),
            CardFact("How sure", plain(sure)),
            CardFact(
                "Fall-back to keep tested", plain(verdict.fallback or "none of another lineage passes your rules")
            ),
        ),
    )


def _costs_anchor(part: WorkloadPart) -> str:
    return f"{part.anchor}-costs" if part.cost_lines else ""


def _options(part: WorkloadPart) -> Iterator[Block]:
    yield Heading(3, "Options compared")
    yield Paragraph(plain(part.options_left_out))
    if part.options:
        columns = (
            Column("Where", share=5), Column("Model", share=6), Column("On", share=5),
            Column("A month", right=True, share=3), Column("Range", right=True, share=4), Column("Best in", right=True),
        )  # fmt: skip
        rows = []
        for row in part.options:
            note = (Run(f" {row.note}", "tag"),) if row.note else ()
            money = money_runs(row.money, _costs_anchor(part) if row.note == "recommended" else "")
            rows.append(
                Row(
                    (
                        (Run(row.kind), *note), strong(row.model), plain(row.place), money, plain(row.money.span),
                        plain(row.wins),
                    ),
                    "chosen" if row.note == "recommended" else "",
                )
            )  # fmt: skip
        yield Table(columns, tuple(rows), "options")
        yield Paragraph(plain(_BEST_IN), "note")
    yield from (picture(figure) for figure in part.figures[:1])


def _ruled_out(part: WorkloadPart, sources: Sources) -> Iterator[Block]:
    if part.ruled_out:
        yield Heading(3, "Ruled out, and by which rule")
        yield Items(tuple(Item(_rule(row, sources)) for row in part.ruled_out))


def _rule(row: RuledOut, sources: Sources) -> Runs:
    text = f" ({row.kinds}): {row.text}"
    text += f" You said: {row.because}." if row.because else ""
    text += f" Without this rule alone: {row.cheapest}." if row.cheapest else ""
    return (Run(row.count, "strong"), Run(f"{text} "), *sources.cite(row.source))


def _costs(part: WorkloadPart, sources: Sources) -> Iterator[Block]:
    if not part.cost_lines:
        return
    yield Heading(3, "What the recommended option costs", _costs_anchor(part))
    yield line_table(part.cost_lines, sources, part.verdict.money)
    yield Paragraph(plain(_AVERAGES), "note")
    if part.sizing:
        yield Heading(4, "How the servers were sized")
        columns = (Column("Figure", share=4), Column("Value", share=9))
        yield Table(columns, tuple(cells(strong(label), value) for label, value in part.sizing))
        yield Paragraph((Run("For the median case. "), *sources.cite(part.sizing_source)), "note")


def _licence(part: WorkloadPart, sources: Sources) -> Iterator[Block]:
    judged = {row.licence for row in part.duties}
    rest = [row for row in part.licence_findings if row.text.split(":")[0] not in judged]
    if not part.duties and not rest:
        return
    yield Heading(3, "Licence checklist" if part.duties else "Licence")
    for model in dict.fromkeys(row.model for row in part.duties):
        rows = [row for row in part.duties if row.model == model]
        yield Paragraph((Run(f"{model} ({rows[0].role})", "strong"), Run(f": {rows[0].licence}")))
        yield Items(tuple(Item(_duty(row, sources)) for row in rows), "checks")
    if rest:
        yield finding_items(rest, sources)


def _duty(row: DutyRow, sources: Sources) -> Runs:
    return (Run(f"{row.clause}: ", "strong"), Run(f"{row.text} "), *sources.cite(row.source))


def _risks(part: WorkloadPart, sources: Sources) -> Iterator[Block]:
    if part.findings:
        yield Heading(3, "Risks, and what can be done")
        yield finding_items(part.findings, sources)
    yield Heading(3, "Fall-back plan")
    if part.fallback is None:
        yield Paragraph(plain("No option of another lineage passes your rules, so there is none to keep tested."))
        return
    plan = part.fallback
    money = f"{plan.money.expected} a month ({plan.money.span})" if plan.money.is_known else "its price is not known"
    broken = f" It breaks a rule of yours: {' '.join(plan.breaks)}" if plan.breaks else ""
    yield Paragraph((Run(plan.name, "strong"), Run(f"; {money}.{broken} To be tested before you rely on it:")))
    yield Items(tuple(Item(plain(text)) for text in plan.tests), "checks")


def _evidence(part: WorkloadPart, sources: Sources) -> Iterator[Block]:
    if not part.evidence:
        return
    yield Heading(3, "Capability evidence")
    for row in part.evidence:
        yield from _model(row, sources)
    yield Paragraph(plain(_LEVELS), "note")


def _model(row: EvidenceRow, sources: Sources) -> Iterator[Block]:
    needed = f"; {row.needed}" if row.needed else ""
    yield Paragraph((Run(f"{row.model} ({row.role})", "strong"), Run(f": level {row.level}{needed}. {row.basis}")))
    if row.scores:
        columns = (
            Column("Test", share=7), Column("Score", right=True), Column("Dated", share=4),
            Column("Reported by", share=3), Column("Source", share=1),
        )  # fmt: skip
        yield Table(columns, tuple(cells(*score[:4], sources.cite(score[4])) for score in row.scores))
