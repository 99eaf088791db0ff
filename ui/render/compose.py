"""Composes the document of a report: picks, orders and words what the assessment holds. It computes no figure."""

from collections.abc import Iterable, Mapping, Sequence

from agent.wording import chance_words
from tools.assessment import AssumptionUsed, PortfolioAssessment, VendorShare
from tools.facts import fact_dictionary, spec_of
from tools.report import Report, with_basis
from tools.report_basis import Basis, DateToCheck
from ui.render.document import AssumptionRow, DateRow, Document, FigurePart, TableRow, Whole
from ui.render.figures import figures_of
from ui.render.plan import own_rows, plan_of
from ui.render.rows import fact_rows, finding_rows, line_rows
from ui.render.steps import step_rows, steps_of
from ui.render.words import assumed_words, day_words, money_words, short_name
from ui.render.workload import compose_workload

_NAMED = 3


def compose(report: Report, *, with_figures: bool = True) -> Document:
    """Return the text of a whole report."""
    report = with_basis(report, with_curves=with_figures)
    assert report.basis is not None
    assessed, basis = report.assessment.workloads, report.basis
    stated = {workload.name: workload for workload in report.portfolio.workloads}
    shared = report.portfolio.organization.facts
    drawn = figures_of(report) if with_figures else {}
    steps = [step for w, beside in zip(assessed, basis.workloads, strict=True) for step in steps_of(w, beside)]
    return Document(
        title=report.title or "Where to run your workloads",
        as_of=day_words(report.as_of),
        version=basis.weighbridge,
        workloads=tuple(
            compose_workload(
                number, workload, stated[workload.name].facts, shared, beside, drawn.get(workload.name, ())
            )
            for number, (workload, beside) in enumerate(zip(assessed, basis.workloads, strict=True), start=1)
        ),
        whole=_whole(report.assessment.portfolio, len(assessed), drawn.get("", ())),
        steps=step_rows(steps, len(assessed)),
        dates=_dates(basis, [workload.name for workload in assessed]),
        organization=fact_rows(shared),
        assumptions=_assumptions({workload.name: workload.assumptions for workload in assessed}),
        own=own_rows(report.portfolio.assumptions),
        transcript=report.transcript,
        sent_out=report.sent_out,
        prices=basis.prices,
        tables=tuple(
            TableRow(
                f"tools/data/{summary.file}", f"{summary.entries}", day_words(summary.oldest), f"{summary.unverified}"
            )
            for summary in basis.tables
        ),
        data_notes=report.data_notes,
    )


def _whole(portfolio: PortfolioAssessment, workloads: int, figures: tuple[FigurePart, ...]) -> Whole:
    up = portfolio.availability
    return Whole(
        money=money_words(portfolio.monthly_usd) if workloads > 1 else None,
        shared_costs=line_rows(portfolio.shared_costs),
        vendors=_vendors(portfolio.vendors) if workloads > 1 else "",
        availability=f"{up:.2%}" if up is not None else "",
        findings=finding_rows(portfolio.findings),
        plan=plan_of(portfolio.plan) if portfolio.plan else None,
        figures=figures,
    )


def _vendors(vendors: Sequence[VendorShare]) -> str:
    return ", ".join(f"{vendor.name} {chance_words(vendor.share)}" for vendor in vendors)


def _dates(basis: Basis, names: Sequence[str]) -> tuple[DateRow, ...]:
    """Return each day to check again once, the earliest first, with the workloads that it concerns."""
    concerns: dict[DateToCheck, list[str]] = {found: [] for found in basis.dates}
    for name, beside in zip(names, basis.workloads, strict=True):
        for found in beside.dates:
            concerns.setdefault(found, []).append(name)
    return tuple(
        DateRow(day_words(found.day), found.text, _among(concerns[found], len(names)), found.source)
        for found in sorted(concerns, key=lambda found: (found.day, found.text))
    )


def _among(named: Iterable[str], workloads: int) -> str:
    chosen = list(named)
    return "all" if len(chosen) in (0, workloads) else ", ".join(short_name(name) for name in chosen)


def _only_for(names: Sequence[str], among: Sequence[str]) -> str:
    """Name the workloads that something holds for, or the few that it does not; nothing where it holds for all."""
    others = [name for name in among if name not in names]
    if not others:
        return ""
    if len(others) < len(names) and len(others) <= _NAMED:
        return f"all but {', '.join(short_name(name) for name in others)}"
    return ", ".join(short_name(name) for name in names)


def _assumptions(by_workload: Mapping[str, Sequence[AssumptionUsed]]) -> tuple[AssumptionRow, ...]:
    """Return each assumption once, with the workloads that it was made for where not for all."""
    made_for: dict[AssumptionUsed, list[str]] = {}
    for name, assumptions in by_workload.items():
        for assumption in assumptions:
            made_for.setdefault(assumption, []).append(name)
    order = list(fact_dictionary())
    return tuple(
        AssumptionRow(
            label=spec_of(used.fact).label,
            value=assumed_words(used.value),
            why=used.why,
            workloads=_only_for(names, list(by_workload)),
        )
        for used, names in sorted(made_for.items(), key=lambda item: order.index(item[0].fact))
    )
