"""What holds for all workloads together: the plan, the bill, vendors, availability. It decides no workload."""

from collections.abc import Sequence

import numpy as np

from tools.assessment import (
    CostLine,
    MoneyRange,
    PortfolioAssessment,
    PortfolioPlan,
    VendorShare,
    WorkloadAssessment,
)
from tools.catalogue.vendors import vendors
from tools.findings.whole import whole_findings
from tools.plan import plan_findings, plan_portfolio
from tools.plan_program import Candidate

_SEPARATOR = " + "


def assess_portfolio(assessed: Sequence[WorkloadAssessment], candidates: Sequence[Candidate]) -> PortfolioAssessment:
    """Plan the whole, add the workloads up, and look at vendors and availability."""
    plan = plan_portfolio(assessed, candidates)
    by_provider = _usd_by_provider(assessed)
    shares = _vendor_shares(by_provider)
    providers = [name for workload in assessed for name in _providers(workload)]
    critical = [
        name
        for workload, candidate in zip(assessed, candidates, strict=True)
        if candidate.draws.known.get("criticality") == "mission_critical"
        for name in _providers(workload)
    ]
    team = candidates[0].draws.known.get("platform_team") if candidates else None
    return PortfolioAssessment(
        monthly_usd=_total(assessed, plan),
        shared_costs=_shared(plan),
        vendors=shares,
        availability=_availability(providers),
        findings=(*plan_findings(plan, str(team) if team else None), *whole_findings(by_provider, providers, critical)),
        plan=plan,
    )


def _total(assessed: Sequence[WorkloadAssessment], plan: PortfolioPlan | None) -> MoneyRange | None:
    """Return the sum of the workloads' ranges, less what the plan saves; None where one is not known."""
    costs = [workload.verdict.monthly_usd for workload in assessed]
    known = [cost for cost in costs if cost is not None]
    if not known or len(known) < len(costs):
        return None
    expected = sum(cost.expected for cost in known)
    kept = plan.monthly_usd / expected if plan and expected else 1.0
    return MoneyRange(sum(c.low for c in known) * kept, expected * kept, sum(c.high for c in known) * kept)


def _shared(plan: PortfolioPlan | None) -> tuple[CostLine, ...]:
    """Return the lines of the plan that no single workload bears: servers and team."""
    if plan is None:
        return ()
    return tuple(line for line in plan.lines if line.name.startswith(("servers", "platform team")))


def _providers(workload: WorkloadAssessment) -> list[str]:
    return workload.verdict.provider.split(_SEPARATOR) if workload.verdict.provider else []


def _usd_by_provider(assessed: Sequence[WorkloadAssessment]) -> dict[str, float]:
    """Return US dollars a month by provider; a router's bill is split evenly over its parts."""
    totals: dict[str, float] = {}
    for workload in assessed:
        names, usd = _providers(workload), workload.verdict.monthly_usd
        for name in names:
            totals[name] = totals.get(name, 0.0) + (usd.expected / len(names) if usd else 0.0)
    return totals


def _vendor_shares(totals: dict[str, float]) -> tuple[VendorShare, ...]:
    whole = sum(totals.values())
    if whole <= 0:
        return ()
    ranked = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(VendorShare(name, round(usd / whole, 4)) for name, usd in ranked)


def _availability(providers: Sequence[str]) -> float | None:
    """Return the product of the promised uptimes of the vendors used; None where one promises none on record."""
    by_name = {vendor.name: vendor.uptime for vendor in vendors().values()}
    promised = [by_name[name] for name in dict.fromkeys(providers) if name in by_name]
    if not promised or any(uptime is None for uptime in promised):
        return None
    return float(np.prod([uptime for uptime in promised if uptime is not None]))
