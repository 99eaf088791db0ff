"""Findings on vendors: retirement, notice, uptime, who could stand in. It scores nothing itself."""

from collections.abc import Sequence

import numpy as np

from tools.assessment import Severity
from tools.availability import availability, downtime_minutes
from tools.catalogue.vendors import Vendor
from tools.findings.situation import Findings, Situation, finding, parts_of, short
from tools.vendor_risk import is_independent, notice_record, substitutes


def retirement(situation: Situation) -> Findings:
    """Give the announced end of a model within the planning year."""
    for leg in situation.outside:
        if leg.retires is not None and leg.retires <= situation.planning_end:
            days = (leg.retires - situation.on).days
            text = (
                f"{short(leg.model)} at {leg.provider} is announced to retire on {leg.retires.isoformat()}, in {days} "
                "days: put the move and its tests in the plan now. Other platforms may keep it longer."
            )
            yield finding(
                "vendor_risk", "warning", "retirement_announced", text, leg.source or "tools/data/retirements.yaml"
            )


def notice(situation: Situation) -> Findings:
    """Give the notice that a vendor promises and the notice it gave."""
    severity: Severity = "warning" if situation.says("criticality", "mission_critical") else "info"
    for vendor in situation.vendors:
        record = notice_record(vendor.id, situation.on)
        if record is None and vendor.notice_days is None:
            continue
        recalled = " (from memory)" if vendor.from_memory("notice_days") else ""
        promise = (
            f"promises {vendor.notice_days} days of notice{recalled}"
            if vendor.notice_days
            else "promises no notice on record"
        )
        kept = ""
        if record is not None:
            kept = (
                f"; over {record.models} models of the last 24 months the median was {record.median_days:.0f} days and "
                f"the shortest {record.shortest_days}"
            )
        text = f"{vendor.name} {promise} before a model goes{kept}. A change of model is a small project: budget it."
        source = f"{record.source} (tools/data/vendor_history.yaml); {vendor.cited}" if record else vendor.cited
        yield finding("vendor_risk", severity, "notice_history", text, source)


def uptime(situation: Situation) -> Findings:
    """Compare the uptime that is promised with what is needed, in minutes a month."""
    target, vendors = situation.number("uptime_target"), situation.vendors
    if not vendors or (target is None and not situation.says("criticality", "mission_critical")):
        return
    needed = "" if target is None else f" You need {_percent(target)}, at most {_minutes(target)}."
    names, source = " and ".join(vendor.name for vendor in vendors), "; ".join(vendor.cited for vendor in vendors)
    promised = [vendor.uptime for vendor in vendors if vendor.uptime is not None]
    if len(promised) < len(vendors):
        text = f"No uptime of {names} is promised on record to every paying customer.{_dearer(vendors)}{needed}"
        yield finding("vendor_risk", "warning", "no_uptime_promised", text, source)
        return
    whole = availability(promised)
    if target is None or whole < target:
        pair = availability([whole, whole], any_of=True)
        text = (
            f"{names} promise{'s' if len(vendors) == 1 else ''} {_percent(whole)} of the time: {_minutes(whole)} "
            f"before you get so much as a credit.{needed} Two such providers that fail independently, either of which "
            f"is enough, come to {_percent(pair)}, or {_minutes(pair)}."
        )
        yield finding("vendor_risk", "warning", "downtime_promised", text, source)


def _percent(share: float) -> str:
    return f"{share * 100:.8g}%"


def _minutes(share: float) -> str:
    return f"{downtime_minutes(share):.3g} minutes of downtime a month"


def _dearer(vendors: Sequence[Vendor]) -> str:
    """Say which vendors promise an uptime at a higher price."""
    told = [
        f"{v.name} promises {_percent(v.priority_uptime)} in its dearer priority tier"
        for v in vendors
        if v.priority_uptime
    ]
    return f" {'; '.join(told)}." if told else ""


def single_vendor(situation: Situation) -> Findings:
    """Say that something mission-critical would rest on one vendor."""
    if not situation.says("criticality", "mission_critical") or len(situation.vendors) != 1:
        return
    vendor = situation.vendors[0]
    promised = "no uptime is promised on record"
    if vendor.uptime is not None:
        promised = f"{_percent(vendor.uptime)} uptime is promised"
    text = f"This is mission-critical and would rest on {vendor.name}: {promised}. Keep the fall-back tested."
    yield finding("vendor_risk", "warning", "single_vendor", text, vendor.cited)


def fall_back(situation: Situation) -> Findings:
    """Ask that a fall-back of another lineage and another provider be tested, or say that there is none."""
    critical = situation.says("criticality", "mission_critical")
    important = situation.says("criticality", "important") or situation.says("core_differentiator", "true")
    if not critical and not important:
        return
    severity: Severity = "warning" if critical else "advice"
    if not _independent_options(situation):
        text = (
            "Nothing of another lineage and another provider passes your rules: if this provider or this line of "
            "models goes, the work stops. Change a rule, or plan for the outage."
        )
        yield finding("vendor_risk", severity, "no_fall_back", text, "decision material F4, A4")
        return
    text = (
        "Nobody has said that a fall-back was tested. Keep one of another lineage and, for outages, at another "
        "provider; run your cases on it before launch and after each change of prompt. Untested, it is a hope."
    )
    yield finding("vendor_risk", severity, "fall_back_untested", text, "decision material F4")


def _independent_options(situation: Situation) -> bool:
    """Say whether any option that passes the hard gates shares neither lineage nor provider with the chosen one."""
    evaluation = situation.evaluation
    mine = [(leg.lineage, leg.provider) for leg in situation.legs]
    passing = (evaluation.hard.mean(axis=1) > 0.5) & np.isfinite(evaluation.mean_usd)
    others = (evaluation.options[i] for i in np.flatnonzero(passing) if not parts_of(evaluation.options[i]))
    return any(all(is_independent(one, (other.lineage, other.provider)) for one in mine) for other in others)


def substitutability(situation: Situation) -> Findings:
    """Say who else runs the very same model."""
    if not situation.says("criticality", "important", "mission_critical"):
        return
    for leg in situation.outside:
        found = substitutes(leg.model)
        others = [seller for seller in found.sellers if leg.vendor is None or seller != leg.vendor.id]
        if leg.is_open:
            text = (
                f"{short(leg.model)} is sold by {len(others)} other provider{'' if len(others) == 1 else 's'} on "
                "record, and its weights can be downloaded and keep working: changing the host keeps the behaviour."
            )
            yield finding(
                "vendor_risk", "info", "same_weights_elsewhere", text, "tools/data/hosts.yaml; decision material F4, A4"
            )
        elif not others:
            text = (
                f"{short(leg.model)} is sold by {leg.provider} alone on record: its end is the end of this behaviour."
            )
            yield finding(
                "vendor_risk", "advice", "sole_seller", text, "tools/data/proprietary_models.yaml; decision material A4"
            )


RULES = (retirement, notice, uptime, single_vendor, fall_back, substitutability)
