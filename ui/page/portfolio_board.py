"""Makes the board of all workloads: answers side by side, what they share, who is paid. It computes nothing."""

from typing import Any

from agent.view import SessionView
from agent.wording import clarity_words, deployment_words, usd_words
from tools.assessment import MoneyRange, PlannedWorkload, PortfolioPlan, WorkloadAssessment
from ui.page.cards import card, is_known

_SHOWN_SEVERITIES = ("critical", "warning", "advice")


def portfolio_card(view: SessionView, shown: str) -> str:
    """Return the board; nothing while fewer than two workloads have a verdict."""
    known = [result for result in view.assessment.workloads if is_known(view, result.name)]
    if len(known) < 2:
        return ""
    whole = view.assessment.portfolio
    plan = {planned.name: planned for planned in whole.plan.workloads} if whole.plan else {}
    most = max((r.verdict.monthly_usd.expected for r in known if r.verdict.monthly_usd), default=0.0)
    return card(
        "portfolio",
        rows=[_row(result, plan.get(result.name), most, result.name == shown) for result in known],
        waiting=[w.name for w in view.workloads if not is_known(view, w.name)],
        opposite=len({result.verdict.deployment for result in known}) > 1,
        total=_money(whole.monthly_usd),
        shared=[(line.name, _usd(line.amount_usd)) for line in whole.shared_costs],
        vendors=[(vendor.name, round(vendor.share * 100)) for vendor in whole.vendors],
        availability="" if whole.availability is None else f"{whole.availability:.2%}",
        plan=_plan(whole.plan),
        findings=[finding for finding in whole.findings if finding.severity in _SHOWN_SEVERITIES],
    )


def _row(result: WorkloadAssessment, planned: PlannedWorkload | None, most: float, shown: bool) -> dict[str, Any]:
    verdict = result.verdict
    money = verdict.monthly_usd
    moved = planned is not None and planned.differs
    return {
        "name": result.name,
        "deployment": verdict.deployment,
        "where": _capital(deployment_words(verdict.deployment)),
        "model": verdict.model,
        "clarity": clarity_words(verdict.clarity),
        "clear": verdict.clarity,
        "usd": usd_words(money.expected) if money else "price not known",
        "width": round(100 * money.expected / most) if money and most > 0 else 0,
        "planned": f"{deployment_words(planned.deployment)}, {planned.model}" if planned and moved else "",
        "shown": shown,
    }


def _plan(plan: PortfolioPlan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {
        "usd": usd_words(plan.monthly_usd),
        "separate": usd_words(plan.separate_usd),
        "all_api": "" if plan.all_api_usd is None else usd_words(plan.all_api_usd),
        "saved": usd_words(plan.saved_usd) if plan.saved_usd >= 1 else "",
        "engineers": f"{plan.engineers:.2g} platform engineer{'' if plan.engineers == 1 else 's'}",
    }


def _money(money: MoneyRange | None) -> dict[str, str] | None:
    if money is None:
        return None
    return {"low": usd_words(money.low), "expected": usd_words(money.expected), "high": usd_words(money.high)}


def _usd(amount: float | None) -> str:
    return "unknown" if amount is None else usd_words(amount)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
