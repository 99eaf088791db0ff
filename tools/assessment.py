"""The values that an assessment is made of, and their JSON form. It holds no arithmetic."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Literal

from tools.facts import FactValue, Range, plain_value

Deployment = Literal["proprietary_api", "private_api", "tuned_api", "hosted_open", "self_hosted", "hybrid", "no_llm"]
Clarity = Literal["clear", "close_call", "undetermined"]
Severity = Literal["info", "advice", "warning", "critical"]
Axis = Literal["capability", "control", "cost", "vendor_risk", "compliance", "licence", "latency", "operations"]


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a monthly bill; an unknown price is None, never zero."""

    name: str
    quantity: float
    unit: str
    unit_price_usd: float | None
    amount_usd: float | None
    source: str


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """US dollars: 5th percentile, mean of the draws, 95th percentile."""

    low: float
    expected: float
    high: float


@dataclass(frozen=True, slots=True)
class Blocker:
    """A gate that rules an option out, with the facts and the source behind it."""

    rule: str
    text: str
    facts: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the reader must know."""

    axis: Axis
    severity: Severity
    rule: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class OptionResult:
    """A concrete way to run the workload, with what rules it out or what it costs per month."""

    deployment: Deployment
    model: str
    provider: str
    hardware: str
    feasible: bool
    blockers: tuple[Blocker, ...]
    monthly_usd: MoneyRange | None
    cost_lines: tuple[CostLine, ...]
    share_of_draws: float = 0.0


@dataclass(frozen=True, slots=True)
class Fallback:
    """The option of another lineage to keep tested."""

    deployment: Deployment
    model: str
    lineage: str


@dataclass(frozen=True, slots=True)
class ServerSizing:
    """How own servers were sized, for the median draw, so that an engineer can check it by hand.

    `busy_replicas` (requests per second in the busiest hour of the busiest month × `seconds_per_request` / planned
    utilisation) are rounded up and spares added: `replicas`. `stream_tokens_per_second` and `first_token_seconds` are
    what one user sees at the planned load; `speed_error` is what nine in ten estimates stay within.
    """

    model: str
    accelerator: str
    accelerators_per_replica: int
    precision: str
    weights_gib: float
    memory_gib: float
    peak_requests_per_second: float
    seconds_per_request: float
    utilisation: float
    busy_replicas: float
    spare_replicas: int
    replicas: int
    stream_tokens_per_second: float
    first_token_seconds: float
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the workload should run, and how sure that is."""

    deployment: Deployment
    model: str
    provider: str
    hardware: str
    clarity: Clarity
    probability: float
    monthly_usd: MoneyRange | None
    fallback: Fallback | None
    reasons: tuple[str, ...]
    sizing: tuple[ServerSizing, ...] = ()


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The volume at which own servers cost as much as the API they are compared with."""

    tokens_per_month: float | None
    reason: str
    against: str


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of one fact that was found to change the deployment."""

    fact: str
    from_value: FactValue | None
    to_value: FactValue
    deployment: Deployment


@dataclass(frozen=True, slots=True)
class AssumptionUsed:
    """The value or range used where a fact is unknown."""

    fact: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """The unknown fact most worth asking for, and the probability that its answer changes the verdict."""

    fact: str
    flip_probability: float


@dataclass(frozen=True, slots=True)
class WorkloadAssessment:
    """Everything computed for one workload."""

    name: str
    verdict: Verdict
    options: tuple[OptionResult, ...]
    break_even: BreakEven
    flips: tuple[Flip, ...]
    findings: tuple[Finding, ...]
    assumptions: tuple[AssumptionUsed, ...]
    questions: tuple[NextQuestion, ...]
    tokens_per_month: float

    @property
    def next_question(self) -> NextQuestion | None:
        """The question to ask now, or None when nothing is worth asking."""
        return self.questions[0] if self.questions else None


@dataclass(frozen=True, slots=True)
class VendorShare:
    """The share of the monthly bill, 0 to 1, that goes to one vendor."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class PlannedWorkload:
    """Where the plan for the whole puts one workload; `differs` where it would decide otherwise alone."""

    name: str
    deployment: Deployment
    model: str
    provider: str
    hardware: str
    differs: bool


@dataclass(frozen=True, slots=True)
class PortfolioPlan:
    """The cheapest plan for all workloads together, sharing platform team and accelerators.

    US dollars per month on average over the draws: of the plan, of every workload deciding and paying alone, of APIs
    only (None where a workload has none). `gap`: how much cheaper another plan could at most be, as a share.
    """

    workloads: tuple[PlannedWorkload, ...]
    monthly_usd: float
    separate_usd: float
    all_api_usd: float | None
    saved_usd: float
    engineers: float
    gap: float
    lines: tuple[CostLine, ...]


@dataclass(frozen=True, slots=True)
class PortfolioAssessment:
    """What holds for all workloads together; no plan where there is nothing to share."""

    monthly_usd: MoneyRange | None
    shared_costs: tuple[CostLine, ...]
    vendors: tuple[VendorShare, ...]
    availability: float | None
    findings: tuple[Finding, ...]
    plan: PortfolioPlan | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole decision on one date."""

    as_of: date
    workloads: tuple[WorkloadAssessment, ...]
    portfolio: PortfolioAssessment


def assessment_to_json(assessment: Assessment) -> dict[str, Any]:
    """Return the contract's JSON object."""
    data: dict[str, Any] = to_plain(assessment)
    for plain, workload in zip(data["workloads"], assessment.workloads, strict=True):
        plain["next_question"] = to_plain(workload.next_question)
    return data


def to_plain(value: Any) -> Any:
    """Turn our values into dicts, lists and scalars; `from_value` becomes `from`, dates ISO text."""
    if isinstance(value, Range):
        return plain_value(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {
            f.name.removesuffix("_value") if f.name in ("from_value", "to_value") else f.name: to_plain(
                getattr(value, f.name)
            )
            for f in fields(value)
        }
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
