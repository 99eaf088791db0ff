"""The one value that every report is rendered from. It holds no arithmetic and no layout."""

from dataclasses import dataclass
from datetime import date

from tools.assessment import Assessment
from tools.facts import Portfolio


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
    """What was said, what was computed from it, and on which date."""

    title: str
    as_of: date
    portfolio: Portfolio
    assessment: Assessment
    transcript: tuple[Utterance, ...] = ()
    sent_out: tuple[SentOut, ...] = ()
    data_notes: tuple[str, ...] = ()
