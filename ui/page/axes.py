"""Makes the card of the axes: what was found on each, the gravest first. It scores nothing and weighs nothing."""

from typing import Any, get_args

from agent.view import SessionView
from tools.assessment import Axis, Finding, WorkloadAssessment
from ui.page.cards import card, is_known, result_of

# The four axes of every verdict; the others are shown where something was found.
_FOUR = {
    "capability": "Can it do the work?",
    "control": "Who holds the data and the off switch?",
    "cost": "What moves the bill?",
    "vendor_risk": "What if the vendor changes course?",
}
_GRAVEST_FIRST = ("critical", "warning", "advice", "info")
_WORDS = {"critical": "critical", "warning": "warning", "advice": "advice", "info": "note", "": "nothing found"}


def axes_card(view: SessionView, name: str) -> str:
    """Return the axes of a workload's verdict, or nothing while there is none."""
    if not is_known(view, name):
        return ""
    result = result_of(view, name)
    return card("axes", rows=[_row(result, axis) for axis in get_args(Axis) if axis in _FOUR or _found(result, axis)])


def _row(result: WorkloadAssessment, axis: str) -> dict[str, Any]:
    found = _found(result, axis)
    severity = found[0].severity if found else ""
    return {
        "name": axis.replace("_", " ").capitalize(),
        "asks": _FOUR.get(axis, ""),
        "severity": severity or "none",
        "words": _WORDS[severity],
        "findings": [{"severity": f.severity, "text": f.text, "source": f.source} for f in found],
    }


def _found(result: WorkloadAssessment, axis: str) -> list[Finding]:
    mine = (finding for finding in result.findings if finding.axis == axis)
    return sorted(mine, key=lambda finding: _GRAVEST_FIRST.index(finding.severity))
