"""Turns the downtime that is allowed into the share of time a service is up. It knows no wording but downtime's own."""

import re

from agent.recognise.clauses import Clauses
from agent.recognise.values import Quantity, upper
from agent.recognise.words import factor
from tools.facts import Range

_DOWN = re.compile(r"\b(?:down(?:-?time)?|outages?|offline|unavailab\w+|dark|off air)\b", re.I)
_HOURS = {"seconds": 1 / 3600, "minutes": 1 / 60, "hours": 1.0, "days": 24.0}


def up_share(item: Quantity, clauses: Clauses) -> float | None:
    """Read "4 hours down a month" and "half a percent downtime" as a share of time, or return None."""
    around = f"{clauses.left(item.start)[-40:]} {item.quote} {clauses.right(item.end)[:40]}"
    if not _DOWN.search(around) or isinstance(item.value, Range):
        return None
    if item.kind == "share" and 0 < item.value < 0.2:
        return 1 - item.value
    if item.kind != "duration" or item.unit not in _HOURS:
        return None
    days = {"month": factor("days_per_month"), "year": factor("days_per_year"), "week": 7.0, "day": 1.0,
            "quarter": factor("days_per_quarter")}.get(item.per or "")  # fmt: skip
    return None if days is None else max(0.0, 1 - upper(item.value) * _HOURS[item.unit] / (24 * days))
