"""Asks for the figures of a report and gives them their place. It draws nothing."""

from collections.abc import Iterator, Mapping

from tools.assessment import WorkloadAssessment
from tools.report import Report
from tools.report_basis import MOST_DRAWN, WorkloadBasis
from ui.render.document import FigurePart

_RANGE = "Mean, and the range that holds nine cases in ten."
# The column of the sensitivity's rows that holds how many times today's value it takes.
_TIMES = 3
Figures = tuple[FigurePart, ...]


def figures_of(report: Report) -> Mapping[str, Figures]:
    """Return the figures of each workload by its name, that of the options first; those of the whole under ''."""
    assert report.basis is not None
    workloads = report.assessment.workloads
    found: dict[str, Figures] = {}
    if len(workloads) <= MOST_DRAWN:
        beside = zip(workloads, report.basis.workloads, strict=True)
        found = {workload.name: tuple(_workload(workload, basis)) for workload, basis in beside}
    if len(workloads) > 1:
        found[""] = (_whole(report),)
    return found


def _workload(workload: WorkloadAssessment, basis: WorkloadBasis) -> Iterator[FigurePart]:
    from ui.figures import break_even, options, sensitivity

    head, rows = options.options_rows(workload)
    yield FigurePart(options.TITLE, _RANGE, options.options_svg(workload), head, rows, told=True)
    if basis.curves is not None and basis.curves.curves:
        curves = basis.curves
        head, rows = break_even.break_even_rows(curves)
        about = break_even.break_even_about(curves)
        yield FigurePart(break_even.TITLE, about, break_even.break_even_svg(curves), head, rows)
    head, rows = sensitivity.sensitivity_rows(workload)
    if any(row[_TIMES] for row in rows):  # changes that are not of a number are told in words
        about = "How far a single fact is from moving the choice."
        yield FigurePart(sensitivity.TITLE, about, sensitivity.sensitivity_svg(workload), head, rows, told=True)


def _whole(report: Report) -> FigurePart:
    from ui.figures import portfolio

    head, rows = portfolio.portfolio_rows(report.assessment)
    return FigurePart(portfolio.TITLE, "", portfolio.portfolio_svg(report.assessment), head, rows, told=True)
