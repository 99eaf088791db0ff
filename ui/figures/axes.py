"""Draws the findings of a workload by axis and severity. It scores nothing: it shows what was found."""

from typing import get_args

from tools.assessment import Axis, Finding, Severity, WorkloadAssessment
from ui.figures.drawing import INKS, Rows, Theme, dress, new_figure, to_svg

TITLE = "Findings on each axis"
_FOUR = ("capability", "control", "cost", "vendor_risk")
# The gravest first; each with a colour, a marker and words, so that no reader depends on the colour.
_SEVERITIES: dict[str, tuple[str, str, str]] = {
    "critical": ("#D55E00", "X", "critical"),
    "warning": ("#E69F00", "^", "warning"),
    "advice": ("#0072B2", "s", "advice"),
    "info": ("#7b8794", "o", "note"),
}
_ROW_INCHES, _MOST = 0.32, 14


def axes_svg(workload: WorkloadAssessment, theme: Theme = "light") -> str:
    """Draw a mark per finding, the gravest first; the four axes are always there."""
    shown = _shown(workload)
    height = 0.25 + _ROW_INCHES * len(shown)
    figure, ink = new_figure(height), INKS[theme]
    axes = figure.add_axes((0.16, 0.02, 0.42, 0.96))
    dress(axes, theme, grid="y")
    axes.spines["bottom"].set_visible(False)
    axes.set(xticks=[], xlim=(-0.7, _MOST), ylim=(len(shown) - 0.5, -0.5))
    axes.set_yticks(range(len(shown)), [axis_words(axis) for axis in shown], fontsize=9, color=ink.text)
    for row, axis in enumerate(shown):
        found = _of(workload, axis)
        for place, finding in enumerate(found[:_MOST]):
            colour, marker, _ = _SEVERITIES[finding.severity]
            axes.plot([place], [row], marker=marker, color=colour, markersize=8, markeredgecolor=ink.paper)
        axes.text(1.03, row, _told(found), transform=axes.get_yaxis_transform(), fontsize=8.5, color=ink.text,
                  va="center")  # fmt: skip
    return to_svg(figure, TITLE, axes_about(workload))


def axes_about(workload: WorkloadAssessment) -> str:
    """Say in words what the figure shows."""
    return " ".join(f"{axis_words(axis)}: {_told(_of(workload, axis))}." for axis in _shown(workload))


def axes_rows(workload: WorkloadAssessment) -> tuple[tuple[str, ...], Rows]:
    """Return how many findings of each severity there are on each axis."""
    head = ("Axis", *(words.capitalize() for _, _, words in _SEVERITIES.values()))
    rows = []
    for axis in _shown(workload):
        severities = [finding.severity for finding in _of(workload, axis)]
        rows.append((axis_words(axis), *(str(severities.count(severity)) for severity in get_args(Severity)[::-1])))
    return head, tuple(rows)


def axis_words(axis: str) -> str:
    """Name an axis."""
    return axis.replace("_", " ").capitalize()


def _shown(workload: WorkloadAssessment) -> list[str]:
    found = {finding.axis for finding in workload.findings}
    return [axis for axis in get_args(Axis) if axis in found or axis in _FOUR]


def _of(workload: WorkloadAssessment, axis: str) -> list[Finding]:
    order = list(_SEVERITIES)
    mine = (finding for finding in workload.findings if finding.axis == axis)
    return sorted(mine, key=lambda finding: order.index(finding.severity))


def _told(found: list[Finding]) -> str:
    severities: list[str] = [finding.severity for finding in found]
    parts = [
        f"{severities.count(severity)} {words}{'s' if severities.count(severity) > 1 and words != 'advice' else ''}"
        for severity, (_, _, words) in _SEVERITIES.items()
        if severity in severities and words != "critical"
    ]
    critical = severities.count("critical")
    return ", ".join(([f"{critical} critical"] if critical else []) + parts) or "nothing found"
