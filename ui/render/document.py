"""The values that the templates print: text, ready to be set. They hold no figures and know no file format."""

from dataclasses import dataclass

from tools.report import SentOut, Utterance


@dataclass(frozen=True, slots=True)
class Money:
    """A monthly sum in words: what is expected, and the range; both say so where the price is unknown."""

    expected: str
    span: str
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact with the words that state it."""

    label: str
    value: str
    quote: str
    state: str


@dataclass(frozen=True, slots=True)
class OptionRow:
    """A way to run the workload that was compared."""

    kind: str
    model: str
    place: str
    money: Money
    wins: str
    note: str


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A rule with all that it rules out."""

    text: str
    because: str
    count: str
    kinds: str
    cheapest: str
    source: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a monthly bill."""

    name: str
    quantity: str
    unit: str
    unit_price: str
    amount: str
    source: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something the reader must know."""

    severity: str
    severity_words: str
    axis: str
    text: str
    source: str
    mitigation: str = ""


@dataclass(frozen=True, slots=True)
class FlipRow:
    """A change of one fact that moves the choice."""

    fact: str
    now: str
    then: str
    deployment: str


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """What was assumed of a fact that nobody stated; `workloads` is empty where it holds for all."""

    label: str
    value: str
    why: str
    workloads: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The recommendation for one workload, in words."""

    headline: str
    place: str
    model: str
    hardware: str
    provider: str
    money: Money
    clarity: str
    clarity_words: str
    probability: str
    fallback: str
    reasons: tuple[str, ...]
    budget: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What is known of a model's fitness for the task, with the tests that say it: (test, score, date, who, source)."""

    model: str
    role: str
    level: str
    needed: str
    basis: str
    scores: tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One rule of a licence."""

    model: str
    role: str
    licence: str
    clause: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class FallbackPlan:
    """The option of another lineage to keep tested: its cost, the rules that it breaks, what has to be tested."""

    name: str
    money: Money
    breaks: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigurePart:
    """A picture as SVG with the figures that it draws; `told` where a table of the report has them already."""

    title: str
    about: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    told: bool = False


@dataclass(frozen=True, slots=True)
class StepRow:
    """A next step; owner and date are for the reader to fill in."""

    number: int
    text: str
    phase: str
    workloads: str


@dataclass(frozen=True, slots=True)
class DateRow:
    """A day on which something is to be checked again."""

    day: str
    text: str
    workloads: str
    source: str


@dataclass(frozen=True, slots=True)
class WorkloadPart:
    """The chapter of one workload."""

    anchor: str
    name: str
    volume: str
    verdict: Verdict
    break_even: str
    flips: tuple[FlipRow, ...]
    question: str
    question_chance: str
    facts: tuple[FactRow, ...]
    options: tuple[OptionRow, ...]
    options_left_out: str
    ruled_out: tuple[RuledOut, ...]
    cost_lines: tuple[LineRow, ...]
    findings: tuple[FindingRow, ...]
    licence_findings: tuple[FindingRow, ...]
    duties: tuple[DutyRow, ...]
    fallback: FallbackPlan | None
    evidence: tuple[EvidenceRow, ...]
    sizing: tuple[tuple[str, str], ...]
    sizing_source: str
    figures: tuple[FigurePart, ...]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """Where the plan for the whole puts a workload."""

    name: str
    place: str
    model: str
    where: str
    differs: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan for all workloads together, with what the alternatives would cost."""

    summary: str
    total: str
    saved: str
    rows: tuple[PlannedRow, ...]
    lines: tuple[LineRow, ...]


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A figure that the user replaced."""

    name: str
    value: str
    listed: str
    unit: str


@dataclass(frozen=True, slots=True)
class Whole:
    """What holds for all workloads together."""

    money: Money | None
    shared_costs: tuple[LineRow, ...]
    vendors: str
    availability: str
    findings: tuple[FindingRow, ...]
    plan: Plan | None
    figures: tuple[FigurePart, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table of the product's data, with its age."""

    file: str
    entries: str
    oldest: str
    unverified: str


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report, as text."""

    title: str
    as_of: str
    version: str
    workloads: tuple[WorkloadPart, ...]
    whole: Whole
    steps: tuple[StepRow, ...]
    dates: tuple[DateRow, ...]
    organization: tuple[FactRow, ...]
    assumptions: tuple[AssumptionRow, ...]
    own: tuple[OwnRow, ...]
    transcript: tuple[Utterance, ...]
    sent_out: tuple[SentOut, ...]
    prices: str
    tables: tuple[TableRow, ...]
    data_notes: tuple[str, ...]
