"""Composes the document of a report: picks, orders and words what the assessment holds. It computes no figure."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from agent.wording import chance_words
from tools.assessment import AssumptionUsed, PortfolioAssessment, VendorShare
from tools.data_check import table_summaries
from tools.facts import fact_dictionary, spec_of
from tools.report import Report
from tools.token_prices import data_version
from ui.render.document import AssumptionRow, Document, TableRow, Whole
from ui.render.plan import own_rows, plan_of
from ui.render.rows import fact_rows, finding_rows, line_rows
from ui.render.words import assumed_words, day_words, money_words
from ui.render.workload import compose_workload


def compose(report: Report) -> Document:
    """Return the text of a whole report."""
    assessed = report.assessment.workloads
    stated = {workload.name: workload for workload in report.portfolio.workloads}
    shared = report.portfolio.organization.facts
    return Document(
        title=report.title or "Where to run your workloads",
        as_of=day_words(report.as_of),
        version=_own_version(),
        workloads=tuple(
            compose_workload(number, workload, stated[workload.name].facts, shared)
            for number, workload in enumerate(assessed, start=1)
        ),
        whole=_whole(report.assessment.portfolio, len(assessed)),
        organization=fact_rows(shared),
        assumptions=_assumptions({workload.name: workload.assumptions for workload in assessed}),
        own=own_rows(report.portfolio.assumptions),
        transcript=report.transcript,
        sent_out=report.sent_out,
        prices=data_version(),
        tables=tuple(
            TableRow(
                f"tools/data/{summary.file}", f"{summary.entries}", day_words(summary.oldest), f"{summary.unverified}"
            )
            for summary in table_summaries()
        ),
        data_notes=report.data_notes,
    )


def _whole(portfolio: PortfolioAssessment, workloads: int) -> Whole:
    up = portfolio.availability
    return Whole(
        money=money_words(portfolio.monthly_usd) if workloads > 1 else None,
        shared_costs=line_rows(portfolio.shared_costs),
        vendors=_vendors(portfolio.vendors) if workloads > 1 else "",
        availability=f"{up:.2%}".replace("%", " %") if up is not None else "",
        findings=finding_rows(portfolio.findings),
        plan=plan_of(portfolio.plan) if portfolio.plan else None,
    )


def _vendors(vendors: Sequence[VendorShare]) -> str:
    return ", ".join(f"{vendor.name} {chance_words(vendor.share)}" for vendor in vendors)


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
            workloads="" if len(names) == len(by_workload) else ", ".join(names),
        )
        for used, names in sorted(made_for.items(), key=lambda item: order.index(item[0].fact))
    )


def _own_version() -> str:
    try:
        return version("weighbridge")
    except PackageNotFoundError:
        return "not installed"
