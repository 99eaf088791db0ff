"""The values that reading a message produces. They know not how they were read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from models.protocol import Usage
from tools.facts import FactValue, plain_value

Intent = Literal["answer", "question", "correction", "skip", "why", "what_if", "command", "other"]
Stage = Literal["recogniser", "lexicon", "encoder", "examples", "model"]
CommandName = Literal["report", "new", "next", "switch", "back", "review", "undo", "stop", "help"]

INTENTS: tuple[Intent, ...] = ("answer", "question", "correction", "skip", "why", "what_if", "command", "other")
NO_USAGE = Usage(0, 0, 0)


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact that the message states; `quote` is a part of the message, character for character.

    `needs_conversion` names a currency other than US dollars that the value is still in.
    """

    key: str
    value: FactValue
    quote: str
    confidence: float
    stage: Stage
    note: str = ""
    needs_conversion: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the contract's three fields."""
        return {"fact": self.key, "value": plain_value(self.value), "quote": self.quote}


@dataclass(frozen=True, slots=True)
class RejectedFact:
    """A fact that was considered and not taken, with the reason."""

    key: str
    value: FactValue
    quote: str
    reason: str


@dataclass(frozen=True, slots=True)
class Command:
    """What the user tells the adviser to do; `argument` is a workload's name or a fact, or empty."""

    name: CommandName
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one message.

    `facts` are stated; `foreign` are stated in another currency than US dollars, so that their values do not count
    yet; `supposed` are the changes of a what-if and must never be stored. `question` is the part of
    the message that asks something, which may stand beside facts. `skips` says that the asked fact was declined.
    `language` is "en", or "other" where the message does not seem to be English.
    """

    intent: Intent
    command: Command | None = None
    facts: tuple[ReadFact, ...] = ()
    rejected: tuple[RejectedFact, ...] = ()
    question: str = ""
    usage: Usage = NO_USAGE
    seconds: float = 0.0
    stages: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    supposed: tuple[ReadFact, ...] = ()
    skips: bool = False
    language: Literal["en", "other"] = "en"
    foreign: tuple[ReadFact, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the contract's line of `weighbridge extract`."""
        return {
            "intent": self.intent,
            "facts": [fact.to_json() for fact in self.facts],
            "seconds": round(self.seconds, 3),
        }
