"""What a face shows of a session, and the report made from it. It changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agent.events import QuestionAsked
from agent.rewind import said_at
from agent.state import Interview, Pending, portfolio_of
from tools.assessment import Assessment
from tools.facts import Fact, Portfolio
from tools.report import Citation, Report, SentOut, Utterance


@dataclass(frozen=True, slots=True)
class WorkloadView:
    """A workload with its own facts; those of the organization stand beside it."""

    name: str
    facts: tuple[Fact, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionView:
    """Everything that a page shows of a session."""

    id: str
    title: str
    organization: tuple[Fact, ...]
    workloads: tuple[WorkloadView, ...]
    current: str
    assessment: Assessment
    pending: QuestionAsked | None
    transcript: tuple[Utterance, ...]
    sent_out: tuple[SentOut, ...]
    can_undo: bool
    done: bool
    assumptions: Mapping[str, Any]
    resendable: tuple[int, ...] = ()


def view_of(session: str, state: Interview, assessment: Assessment) -> SessionView:
    """Make the view of a state."""
    portfolio = portfolio_of(state)
    return SessionView(
        id=session,
        title=title_of(state),
        organization=tuple(portfolio.organization.facts.values()),
        workloads=tuple(
            WorkloadView(entry["name"], tuple(workload.facts.values()), tuple(key for key in entry["skipped"] if key))
            for entry, workload in zip(state["workloads"], portfolio.workloads, strict=True)
        ),
        current=state["workloads"][state["current"]]["name"],
        assessment=assessment,
        pending=question_of(state["pending"]),
        transcript=transcript_of(state),
        sent_out=sent_out_of(state),
        can_undo=bool(state["history"]),
        done=state["done"] or state["stopped"],
        assumptions=portfolio.assumptions,
        resendable=said_at(state),
    )


def report_of(state: Interview, portfolio: Portfolio, assessment: Assessment, as_of: date) -> Report:
    """Make the report of a state."""
    return Report(
        title=title_of(state),
        as_of=as_of,
        portfolio=portfolio,
        assessment=assessment,
        transcript=transcript_of(state),
        sent_out=sent_out_of(state),
    )


def title_of(state: Interview) -> str:
    """Return the title that the user gave, or the names of the workloads."""
    return state["title"] or ", ".join(entry["name"] for entry in state["workloads"])


def question_of(pending: Pending) -> QuestionAsked | None:
    """Return the question that the adviser waits on, or None."""
    if pending["kind"] == "rest":
        return None
    return QuestionAsked(
        pending["workload"], pending["fact"], pending["text"], pending["why"], pending["flip_probability"]
    )


def transcript_of(state: Interview) -> tuple[Utterance, ...]:
    """Return what was said, with its citations."""
    return tuple(
        Utterance(line["role"], line["text"], tuple(Citation(**cited) for cited in line["citations"]))
        for line in state["transcript"]
    )


def sent_out_of(state: Interview) -> tuple[SentOut, ...]:
    """Return the record of what left the machine."""
    records: list[dict[str, Any]] = state["sent_out"]
    return tuple(SentOut(**record) for record in records)
