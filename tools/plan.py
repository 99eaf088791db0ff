"""The cheapest plan for a whole portfolio, and what it saves against deciding one by one. It words findings only."""

from collections.abc import Iterator, Sequence

from tools.assessment import CostLine, Finding, PlannedWorkload, PortfolioPlan, WorkloadAssessment
from tools.assumptions import assumption
from tools.options import Option
from tools.plan_program import ALONE, Candidate, PlannedOptions, program_of
from tools.portfolio_plan import PlanLine
from tools.portfolio_plan import PortfolioPlan as SolvedPlan

_WORTH_TELLING_USD = 1.0


def plan_portfolio(assessed: Sequence[WorkloadAssessment], candidates: Sequence[Candidate]) -> PortfolioPlan | None:
    """Solve the portfolio; None where fewer than two workloads could share anything."""
    planned = program_of(candidates)
    sharing = sum(1 for workload in planned.program.workloads if workload.shares)
    if len(assessed) < 2 or sharing < 2:
        return None
    from tools.portfolio_solve import solve_portfolio

    answer = solve_portfolio(planned.program, int(assumption("plan_branches").number))
    separate = sum(w.verdict.monthly_usd.expected for w in assessed if w.verdict.monthly_usd is not None)
    plan = _summary(answer.within_engineers or answer.plan, planned, assessed, separate)
    # The programme plans with means; where it gains nothing on the workloads' own bills, these stand.
    return plan if plan.saved_usd > _WORTH_TELLING_USD else None


def _summary(
    solved: SolvedPlan, planned: PlannedOptions, assessed: Sequence[WorkloadAssessment], separate_usd: float
) -> PortfolioPlan:
    keys = {choice.workload: choice.key for choice in solved.choices}
    replicas = {pool.key: max(pool.replicas) for pool in solved.pools}
    return PortfolioPlan(
        workloads=tuple(
            _planned(workload, planned.options[keys[workload.name]], keys[workload.name], replicas)
            for workload in assessed
            if workload.name in keys
        ),
        monthly_usd=solved.total_usd,
        separate_usd=separate_usd,
        all_api_usd=solved.all_api_total_usd,
        saved_usd=separate_usd - solved.total_usd,
        engineers=solved.advice.engineers,
        gap=solved.gap,
        lines=tuple(_line(line) for line in solved.lines if line.monthly_usd),
    )


def _planned(workload: WorkloadAssessment, option: Option, key: str, replicas: dict[str, int]) -> PlannedWorkload:
    hardware = ""
    if option.server is not None:
        shared = f"{replicas.get(key, 1)} replicas, shared" if not key.endswith(ALONE) else "only while there is work"
        hardware = f"{option.server.count} x {option.server.accelerator.id} ({option.server.precision}; {shared})"
    alone = (workload.verdict.deployment, workload.verdict.model)
    differs = (option.deployment, option.model) != alone
    return PlannedWorkload(workload.name, option.deployment, option.model, option.provider, hardware, differs)


def _line(line: PlanLine) -> CostLine:
    names = {"api": "", "rented": "servers: ", "owned": "servers on own cards: ", "share": "set-up: ",
             "team": "platform team: ", "missing_engineers": "engineers to be hired: "}  # fmt: skip
    source = "portfolio plan over the workloads' own bills"
    return CostLine(names[line.kind] + line.key, line.quantity, line.unit, line.unit_usd, line.monthly_usd, source)


def plan_findings(plan: PortfolioPlan | None, team: str | None) -> Iterator[Finding]:
    """Say what sharing saves, and when a small team should not split between APIs and own servers.

    Args:
        team: the stated value of the fact `platform_team`.
    """
    if plan is None:
        return
    source = assumption("self_host_engineers_further").cited
    text = (
        f"Planned together, the workloads cost about ${plan.monthly_usd:,.0f} a month, ${plan.saved_usd:,.0f} less "
        "than if each decided and paid alone: one platform team and shared accelerators serve them."
    )
    yield Finding("cost", "info", "shared_platform", text, source)
    moved = [workload.name for workload in plan.workloads if workload.differs]
    if moved:
        text = f"Planned together, {', '.join(moved)} would run elsewhere than alone; the plan names where."
        yield Finding("cost", "advice", "plan_differs", text, source)
    own = any(workload.deployment == "self_hosted" for workload in plan.workloads)
    if own and plan.all_api_usd is not None and team != "in_place":
        dearer = plan.all_api_usd / plan.monthly_usd - 1 if plan.monthly_usd else 0.0
        if dearer < assumption("small_gain").number:
            saved = max(plan.all_api_usd - plan.monthly_usd, 0.0)
            text = (
                f"Own servers would save {max(dearer, 0.0):.0%} (about ${saved:,.0f} a month) and take "
                f"{plan.engineers:.1f} engineers. With no platform team in place, stay with APIs and look "
                "again when volume or team have grown."
            )
            yield Finding("operations", "advice", "do_not_split", text, assumption("small_gain").cited)
    if plan.gap > 1e-6:
        text = f"The search for the cheapest plan was cut short; another could be up to {_percent(plan.gap)} cheaper."
        yield Finding("cost", "info", "plan_gap", text, assumption("plan_branches").cited)


def _percent(share: float) -> str:
    """Return a share in percent with the digits that a small one needs, never rounded down to nothing."""
    return f"{share:.1%}" if share >= 0.001 else f"{max(share, 1e-5):.3%}"
