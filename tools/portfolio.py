"""What holds for all workloads together: the shared platform team, vendors, availability. It decides no workload."""

from collections.abc import Sequence

import numpy as np

from tools.assessment import (
    CostLine,
    Finding,
    MoneyRange,
    PortfolioAssessment,
    VendorShare,
    WorkloadAssessment,
)
from tools.assumptions import assumption
from tools.bills import people_items
from tools.catalogue.vendors import vendors
from tools.evaluate import Evaluation
from tools.verdict import choose_option

_CONCENTRATION = 0.6


def assess_portfolio(assessed: Sequence[WorkloadAssessment], evaluations: Sequence[Evaluation]) -> PortfolioAssessment:
    """Add the workloads up, count the platform team once, and look at vendors and availability."""
    saved, shared = _shared_team(evaluations)
    costs = [w.verdict.monthly_usd for w in assessed]
    known = [c for c in costs if c is not None]
    total = None
    if known and len(known) == len(costs):
        total = MoneyRange(
            sum(c.low for c in known) - saved,
            sum(c.expected for c in known) - saved,
            sum(c.high for c in known) - saved,
        )
    shares = _vendor_shares(assessed)
    return PortfolioAssessment(
        monthly_usd=total,
        shared_costs=shared,
        vendors=shares,
        availability=_availability(assessed),
        findings=tuple(_findings(assessed, shares, saved)),
    )


def _shared_team(evaluations: Sequence[Evaluation]) -> tuple[float, tuple[CostLine, ...]]:
    """Return what is saved when one platform team runs all self-hosted workloads, and its lines."""
    teams = []
    for evaluation in evaluations:
        chosen = choose_option(evaluation)
        if chosen is not None and evaluation.options[chosen].server is not None:
            run = next(people_items(evaluation.options[chosen], evaluation.draws))
            teams.append(run.line())
    if len(teams) < 2:
        return 0.0, ()
    first = max(teams, key=lambda line: line.quantity)
    further = assumption("self_host_engineers_further")
    price = first.unit_price_usd or 0.0
    extra = further.number * (len(teams) - 1)
    lines = (
        CostLine(
            "platform team for the first service", first.quantity, first.unit, price, first.amount_usd, first.source
        ),
        CostLine("platform team for further services", extra, first.unit, price, extra * price, further.cited),
    )  # fmt: skip
    alone = sum(line.amount_usd or 0.0 for line in teams)
    together = sum(line.amount_usd or 0.0 for line in lines)
    return max(alone - together, 0.0), lines


def _vendor_shares(assessed: Sequence[WorkloadAssessment]) -> tuple[VendorShare, ...]:
    totals: dict[str, float] = {}
    for workload in assessed:
        verdict = workload.verdict
        if verdict.provider and verdict.monthly_usd is not None:
            totals[verdict.provider] = totals.get(verdict.provider, 0.0) + verdict.monthly_usd.expected
    whole = sum(totals.values())
    if whole <= 0:
        return ()
    ranked = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(VendorShare(name, round(usd / whole, 4)) for name, usd in ranked)


def _availability(assessed: Sequence[WorkloadAssessment]) -> float | None:
    """Return the product of the promised uptimes of the vendors used; None where one promises none on record."""
    by_name = {vendor.name: vendor.uptime for vendor in vendors().values()}
    used = {w.verdict.provider for w in assessed if w.verdict.provider in by_name}
    promised = [by_name[name] for name in used]
    if not promised or any(uptime is None for uptime in promised):
        return None
    return float(np.prod([uptime for uptime in promised if uptime is not None]))


def _findings(assessed: Sequence[WorkloadAssessment], shares: Sequence[VendorShare], saved: float) -> list[Finding]:
    found = []
    external = [share for share in shares if share.name != "own servers"]
    if len(assessed) > 1 and external and external[0].share >= _CONCENTRATION:
        found.append(
            Finding(
                "vendor_risk",
                "warning",
                "concentration",
                f"{external[0].share:.0%} of the monthly bill goes to {external[0].name}.",
                "decision material S4",
            )
        )
    if saved > 0:
        found.append(
            Finding(
                "cost",
                "info",
                "shared_team",
                f"One platform team for all self-hosted workloads saves about ${saved:,.0f} a month.",
                assumption("self_host_engineers_further").cited,
            )
        )
    return found
