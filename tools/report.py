"""The one value that every report is rendered from. It holds no arithmetic and no layout."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from tools.assessment import Assessment
from tools.facts import Portfolio

if TYPE_CHECKING:
    from tools.report_basis import Basis


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage of the guidance that an explanation rests on, with the words used."""

    id: str
    title: str
    quote: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message of the conversation."""

    role: str
    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class SentOut:
    """One request that left the machine, word for word, and what came back."""

    at: str
    to: str
    model: str
    text: str
    reply: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was said, what was computed from it, and on which date.

    `basis` is what else the report shows: None until it is looked up, and kept in the JSON form.
    """

    title: str
    as_of: date
    portfolio: Portfolio
    assessment: Assessment
    transcript: tuple[Utterance, ...] = ()
    sent_out: tuple[SentOut, ...] = ()
    data_notes: tuple[str, ...] = ()
    basis: "Basis | None" = None


def with_basis(report: Report, *, with_curves: bool = True, with_tables: bool = True) -> Report:
    """Return the report with what it shows beside the assessment; one that has it stays as it is."""
    if report.basis is not None:
        return report
    from tools.report_basis import basis_of

    basis = basis_of(report.portfolio, report.assessment, with_curves=with_curves, with_tables=with_tables)
    return replace(report, basis=basis)


def without_transcript(report: Report) -> Report:
    """Return the report without the conversation; the quotes of the facts and what was sent out stay."""
    return replace(report, transcript=())
