"""What is worth something inside the close-call band: control, simplicity, known vendors, bearable vendor risk."""

from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np

from tools.assumptions import assumption
from tools.catalogue.vendors import vendors
from tools.draws import Draws, Floats
from tools.levels import needed_levels
from tools.options import Option
from tools.vendor_risk import vendor_risk_score


def preferences(options: Sequence[Option], levels: Floats, draws: Draws, on: date) -> Floats:
    """Return 0 to 1 per option and draw: the share of the band by which an option may be dearer than the cheapest.

    Args:
        levels: capability per option and task, shape (options, tasks).
    """
    weights = assumption("preferences").value
    critical = np.atleast_1d(draws.is_value("criticality", "mission_critical")) * 1.0
    core = np.atleast_1d(draws.is_value("core_differentiator", "true")) * 1.0
    depends = critical * weights["mission_critical"] + core * weights["core_differentiator"]
    control = _column([weights["control"].get(option.deployment, 0.0) for option in options])
    simple = _column([weights["simplicity"].get(option.deployment, 0.0) for option in options])
    risk = _column([_risk(option, on) for option in options]) * weights["vendor_risk"]
    worth = control * depends + simple + _known_vendors(options, draws) * weights["existing_vendor"]
    codes = np.broadcast_to(draws.codes["task"], (draws.count,))
    spare = (levels[:, codes] - needed_levels(draws)) / weights["full_margin_levels"]
    margin = np.clip(spare, 0.0, 1.0) * weights["capability_margin"]
    ending = _column([float(option.ends_soon) for option in options]) * weights["ends_soon"]
    return np.asarray(np.clip(worth - ending + margin - risk * (1.0 + critical), -1.0, 1.0))


def _known_vendors(options: Sequence[Option], draws: Draws) -> Floats:
    used, known = draws.members["existing_vendors"], np.zeros((len(options), draws.count))
    for row, option in enumerate(options):
        if option.vendor is not None and option.vendor.id in used:
            known[row] = used[option.vendor.id]
    return known


def _risk(option: Option, on: date) -> float:
    """Return the risk of the vendors that an option rests on, 0 to 1; own servers rest on none."""
    ids = [leg.vendor.id for leg in (option, *option.legs) if leg.vendor is not None]
    return max((_vendor_risk(identity, on) for identity in ids), default=0.0)


@cache
def _vendor_risk(vendor_id: str, on: date) -> float:
    return vendor_risk_score(vendors()[vendor_id], on)


def _column(values: list[float]) -> Floats:
    return np.array(values, float).reshape(-1, 1)
