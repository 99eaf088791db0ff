"""The events of a turn, as values and as the JSON lines of the contract. It knows no graph and no face.

`token` and `say` are for faces that show text: `token` streams a piece of an answer while it is written, and
the `answer` event that follows replaces all of it; `say` is anything else that is said. `report` tells a face
that the user wants the report now. The JSON lines leave `token` out.
"""

from dataclasses import dataclass
from typing import Any, Literal

from tools.facts import FactValue, plain_value
from tools.report import Citation


@dataclass(frozen=True, slots=True)
class Noted:
    """A fact read from a message; `reason` says why it was rejected and is empty where it was not."""

    fact: str
    value: FactValue
    quote: str
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return fact, value and quote, with the reason where there is one."""
        plain: dict[str, Any] = {"fact": self.fact, "value": plain_value(self.value), "quote": self.quote}
        return {**plain, "reason": self.reason} if self.reason else plain


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """The question that the adviser waits on; `fact` is None for an open question."""

    workload: str
    fact: str | None
    question: str
    why: str
    flip_probability: float | None

    @property
    def text(self) -> str:
        """Return the question, with the reason on a line of its own."""
        return f"{self.question}\n{self.why}" if self.why else self.question

    def to_json(self) -> dict[str, Any]:
        """Return the contract's line."""
        return {
            "event": "question",
            "workload": self.workload,
            "fact": self.fact,
            "text": self.text,
            "flip_probability": self.flip_probability,
        }


@dataclass(frozen=True, slots=True)
class FactsNoted:
    """What was read from a message, and what was not taken, with the reason."""

    accepted: tuple[Noted, ...]
    rejected: tuple[Noted, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the contract's line."""
        return {
            "event": "facts",
            "accepted": [noted.to_json() for noted in self.accepted],
            "rejected": [noted.to_json() for noted in self.rejected],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a side question, with its passages."""

    text: str
    citations: tuple[Citation, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the contract's line."""
        citations = [{"id": c.id, "title": c.title, "quote": c.quote} for c in self.citations]
        return {"event": "answer", "text": self.text, "citations": citations}


@dataclass(frozen=True, slots=True)
class VerdictReached:
    """The verdict on a workload, when it is first known, when it changes, and at the end."""

    workload: str
    deployment: str
    model: str
    clarity: str

    def to_json(self) -> dict[str, Any]:
        """Return the contract's line."""
        return {
            "event": "verdict",
            "workload": self.workload,
            "deployment": self.deployment,
            "model": self.model,
            "clarity": self.clarity,
        }


@dataclass(frozen=True, slots=True)
class Say:
    """Anything else that the adviser says."""

    text: str

    def to_json(self) -> dict[str, Any]:
        """Return the line."""
        return {"event": "say", "text": self.text}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an answer that is being written."""

    text: str

    def to_json(self) -> dict[str, Any]:
        """Return the line."""
        return {"event": "token", "text": self.text}


@dataclass(frozen=True, slots=True)
class Signal:
    """A bare event: the interview is done, or the user wants the report."""

    event: Literal["done", "report"]

    def to_json(self) -> dict[str, Any]:
        """Return the contract's line."""
        return {"event": self.event}


@dataclass(frozen=True, slots=True)
class TurnEnd:
    """The close of a turn, with what it took."""

    seconds: float
    prompt_tokens: int
    evaluated_tokens: int
    output_tokens: int

    def to_json(self) -> dict[str, Any]:
        """Return the contract's line."""
        return {
            "event": "turn_end",
            "seconds": round(self.seconds, 3),
            "prompt_tokens": self.prompt_tokens,
            "evaluated_tokens": self.evaluated_tokens,
            "output_tokens": self.output_tokens,
        }


Event = QuestionAsked | FactsNoted | Answer | VerdictReached | Say | Token | Signal | TurnEnd
