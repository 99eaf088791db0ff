"""Sets the lines of the bills, or the next steps, as CSV for a spreadsheet. It computes nothing."""

import csv
import io
from collections.abc import Iterable, Sequence

from agent.wording import deployment_words
from tools.assessment import CostLine, WorkloadAssessment
from tools.report import Report, with_basis
from ui.render.clean import clean
from ui.render.options import chosen_option
from ui.render.steps import steps_of

# What a spreadsheet would run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COSTS = (
    "workload", "deployment", "model", "provider", "hardware", "line", "quantity", "unit", "unit_price_usd",
    "usd_a_month", "source",
)  # fmt: skip
_ACTIONS = (
    "workload", "number", "step", "when", "owner", "date", "deployment", "model", "provider", "source",
)  # fmt: skip
Cell = str | float | None


def costs_csv(report: Report) -> str:
    """Return one row per line of each recommended option's bill, and of the costs that workloads share."""
    rows: list[Sequence[Cell]] = []
    for workload in report.assessment.workloads:
        chosen = chosen_option(workload)
        for line in chosen.cost_lines if chosen else ():
            rows.append((*_whose(workload), *_line(line)))
    whole = report.assessment.portfolio
    for line in whole.plan.lines if whole.plan else whole.shared_costs:
        rows.append(("(plan for the whole)" if whole.plan else "(shared)", "", "", "", "", *_line(line)))
    return _table(_COSTS, rows)


def actions_csv(report: Report) -> str:
    """Return one row per next step and workload, and per date to check again; owners are to be filled in."""
    report = with_basis(report, with_curves=False)
    assert report.basis is not None
    rows: list[Sequence[Cell]] = []
    for workload, beside in zip(report.assessment.workloads, report.basis.workloads, strict=True):
        name, deployment, model, provider, _ = _whose(workload)
        for number, step in enumerate(steps_of(workload, beside), start=1):
            rows.append((name, float(number), step.text, step.phase, "", "", deployment, model, provider, ""))
        for found in beside.dates:
            text = f"Compute again: {found.text}"
            day = found.day.isoformat()
            rows.append((name, None, text, "on the date", "", day, deployment, model, provider, found.source))
    for found in report.basis.dates:
        text = f"Compute again: {found.text}"
        rows.append(("(all)", None, text, "by the date", "", found.day.isoformat(), "", "", "", found.source))
    return _table(_ACTIONS, rows)


def _whose(workload: WorkloadAssessment) -> tuple[str, str, str, str, str]:
    verdict = workload.verdict
    place = deployment_words(verdict.deployment) if chosen_option(workload) else "nothing passes"
    return workload.name, place, verdict.model, verdict.provider, verdict.hardware


def _line(line: CostLine) -> tuple[Cell, ...]:
    return line.name, line.quantity, line.unit, line.unit_price_usd, line.amount_usd, line.source


def _table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cell(value: Cell) -> str:
    """Write a figure with its digits, and a text so that no spreadsheet takes it for a formula."""
    if value is None:
        return ""
    if isinstance(value, float | int):
        return f"{value:.10g}"
    text = clean(value).strip()
    return f"'{text}" if text.startswith(_FORMULA) else text
