"""What a report shows beside the assessment: evidence, licence duties, dates to check again, the data's age.

It is looked up once, when the report is made, and travels with it; so a report that is put back stays as it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from tools.assess import facts_of
from tools.assessment import Assessment, WorkloadAssessment
from tools.capability import capability_of, needed_level, tasks
from tools.curves import CostCurves, cost_curves
from tools.data_check import TableSummary, table_summaries
from tools.data_files import load_table
from tools.data_versions import data_versions
from tools.errors import InvalidInput
from tools.facts import FactValue, Organization, Portfolio, Workload
from tools.licence import judge_model
from tools.option_set import option_set
from tools.options import Option
from tools.price_lists import change_dates, data_version
from tools.table_entries import rule_of
from tools.token_prices import PriceRef, price_list

_MOST_SCORES = 4
_AGE_RULES = "tools/data/data_check.yaml (how old each table may grow)"
# A reader of more looks at the sums; and each curve costs the workload many times over.
MOST_DRAWN = 8


@dataclass(frozen=True, slots=True)
class DateToCheck:
    """A day on which something that the report rests on changes, or grows too old."""

    day: date
    kind: str  # price | retirement | data
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class TestScore:
    """One test of a model as the evidence has it."""

    title: str
    score: float
    dated: date
    reporting: str
    source: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a model's fitness for the task; `needed` is None where task or difficulty is not stated."""

    model: str
    role: str  # recommended | fall-back
    task: str
    level: float
    low: float
    high: float
    needed: float | None
    kind: str
    basis: str
    confidence: str
    scores: tuple[TestScore, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """One rule of the licence of a model that is recommended or kept as the fall-back."""

    model: str
    role: str
    licence: str
    effect: str
    clause: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class WorkloadBasis:
    """What stands beside the assessment of one workload."""

    dates: tuple[DateToCheck, ...] = ()
    curves: CostCurves | None = None
    evidence: tuple[Evidence, ...] = ()
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """What stands beside a whole assessment; one entry of `workloads` for each, in their order."""

    weighbridge: str
    prices: str
    tables: tuple[TableSummary, ...]
    dates: tuple[DateToCheck, ...]
    workloads: tuple[WorkloadBasis, ...]


def basis_of(
    portfolio: Portfolio, assessment: Assessment, *, with_curves: bool = True, with_tables: bool = True
) -> Basis:
    """Look up what a report of this assessment shows beside it; of many workloads no curves are computed."""
    drawn = with_curves and len(assessment.workloads) <= MOST_DRAWN
    stated = {workload.name: workload for workload in portfolio.workloads}
    return Basis(
        weighbridge=str(data_versions()["weighbridge"]),
        prices=data_version(),
        tables=tuple(table_summaries()) if with_tables else (),
        dates=tuple(_data_dates()) if with_tables else (),
        workloads=tuple(
            replace(
                _workload_basis(assessed, stated[assessed.name], portfolio.organization, assessment.as_of),
                curves=cost_curves(portfolio, assessed.name, assessment.as_of) if drawn else None,
            )
            for assessed in assessment.workloads
        ),
    )


def _workload_basis(
    assessed: WorkloadAssessment, workload: Workload, organization: Organization, on: date
) -> WorkloadBasis:
    known = {key: fact.value for key, fact in facts_of(organization, workload).items()}
    chosen, fallback = _chosen(assessed, on), _fallback(assessed, on)
    roles = [("recommended", option) for option in chosen] + [("fall-back", option) for option in fallback]
    dates = sorted({found for _, option in roles for found in _dates(option, on)}, key=lambda found: found.day)
    return WorkloadBasis(
        dates=tuple(dates),
        evidence=tuple(found for role, option in roles for found in _evidence(role, option.model, known, on)),
        duties=tuple(duty for role, option in roles for duty in _duties(role, option, known)),
    )


@cache
def _options(on: date) -> Mapping[tuple[str, str, str], Option]:
    return {(option.deployment, option.model, option.provider): option for option in option_set(on).kinds}


def _chosen(assessed: WorkloadAssessment, on: date) -> list[Option]:
    """Return the recommended option, or the two models of a router."""
    verdict = assessed.verdict
    whole = _options(on).get((verdict.deployment, verdict.model, verdict.provider))
    if whole is not None:
        return [whole]
    legs = verdict.model.split(" + ") if verdict.deployment == "hybrid" else []
    sold = verdict.provider.split(" + ")
    found = []
    for leg in legs:
        among = [option for (_, model, provider), option in _options(on).items() if model == leg and provider in sold]
        found += among[:1]
    return found


def _fallback(assessed: WorkloadAssessment, on: date) -> list[Option]:
    fallback = assessed.verdict.fallback
    if fallback is None:
        return []
    same = [
        option
        for option in assessed.options
        if (option.deployment, option.model) == (fallback.deployment, fallback.model)
    ]
    passing = [option for option in same if option.feasible] or same
    keys = [(option.deployment, option.model, option.provider) for option in passing]
    return [_options(on)[key] for key in keys if key in _options(on)][:1]


def _dates(option: Option, on: date) -> Iterator[DateToCheck]:
    if option.retires is not None and option.retires > on:
        text = f"{option.model} is announced to retire at {option.provider}."
        yield DateToCheck(option.retires, "retirement", text, option.source or "tools/data/retirements.yaml")
    if option.price is not None and option.server is None:
        for day in sorted(change_dates(option.price)):
            if day > on:
                text = f"The list price of {option.model} at {option.provider} changes{_change(option.price, day)}."
                yield DateToCheck(day, "price", text, f"{data_version()}, {option.price}")


def _change(price: PriceRef, day: date) -> str:
    """Say how the prices per million tokens change, where both are listed."""
    try:
        old, new = (price_list(price, on).tiers[0] for on in (day - timedelta(days=1), day))
    except InvalidInput:
        return ""
    told = f": per million tokens from ${old.input.normalize():f} to ${new.input.normalize():f} in"
    if old.output is not None and new.output is not None:
        told += f", from ${old.output.normalize():f} to ${new.output.normalize():f} out"
    return told


def _data_dates() -> Iterator[DateToCheck]:
    """Yield when the price package and the first of the tables grow too old to decide on."""
    package = load_table("data_check.yaml")["price_package"]
    day = package["released"] + timedelta(days=package["oldest_days"])
    yield DateToCheck(day, "data", f"The token prices ({data_version()}) grow too old to decide on.", _AGE_RULES)
    ends = [(table.oldest + timedelta(days=rule_of(table.file).oldest_days), table.file) for table in table_summaries()]
    if ends:
        end, file = min(ends)
        text = f"The first data table grows too old to decide on: {file}. Update Weighbridge and compute again."
        yield DateToCheck(end, "data", text, _AGE_RULES)


def _evidence(role: str, model: str, known: Mapping[str, FactValue], on: date) -> Iterator[Evidence]:
    task, difficulty = known.get("task"), known.get("difficulty")
    if not isinstance(task, str) or task not in tasks() or task == "embedding":
        return
    try:
        found = capability_of(model, task, on)
    except InvalidInput:
        return  # a tuned model is in no catalogue of its own
    scores = sorted(found.evidence, key=lambda line: -line.weight)[:_MOST_SCORES]
    yield Evidence(
        model=model,
        role=role,
        task=task,
        level=round(found.level, 4),
        low=round(found.low, 4),
        high=round(found.high, 4),
        needed=needed_level(task, difficulty) if isinstance(difficulty, str) else None,
        kind=found.kind,
        basis=found.basis,
        confidence=found.confidence,
        scores=tuple(
            TestScore(line.title, line.score, line.dated, line.reporting, f"{line.source} [{line.confidence}]")
            for line in scores
        ),
    )


def _duties(role: str, option: Option, known: Mapping[str, FactValue]) -> Iterator[Duty]:
    judged = judge_model(option.checkpoint, dict(known)) if option.checkpoint is not None else None
    if judged is None:
        return
    name = judged.licence.name
    for rule in judged.rules:
        text = rule.text.removeprefix(f"{name}: ")
        yield Duty(option.model, role, name, rule.effect, rule.clause, text, rule.source)
