"""What a turn is run with: reader, searcher, model and callbacks of the nodes. None of it is stored."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from agent.documents.offer import Offer
from agent.events import Event
from agent.reading.reading import Reading
from knowledge.embedder import TextEmbedder
from knowledge.passages import Passage
from models.protocol import ChatModel, Usage
from tools.assessment import Assessment
from tools.facts import FactValue, Portfolio


class Reads(Protocol):
    """Reads a message: intent, facts with quotes, command, side question."""

    def read(
        self,
        text: str,
        asked: str | None,
        *,
        known: Mapping[str, FactValue] = ...,
        previous: str | None = None,
        cancel: threading.Event | None = None,
    ) -> Reading: ...

    def use_model(self, model: ChatModel | None) -> None: ...


class Searches(Protocol):
    """Finds passages of the guidance."""

    def search(self, query: str, k: int = 3, topics: Sequence[str] | None = None) -> list[Passage]: ...


@dataclass(slots=True)
class Meter:
    """Adds up what the language model did in a turn."""

    prompt_tokens: int = 0
    evaluated_tokens: int = 0
    output_tokens: int = 0

    def add(self, usage: Usage) -> None:
        """Add one call."""
        self.prompt_tokens += usage.prompt_tokens
        self.evaluated_tokens += usage.evaluated_tokens
        self.output_tokens += usage.output_tokens


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a turn needs beside the state."""

    session: str
    reader: Reads
    model: ChatModel | None
    retriever: Searches | None
    embedder: TextEmbedder | None
    assess: Callable[[Portfolio], Assessment]
    assess_with_flips: Callable[[Portfolio], Assessment]
    emit: Callable[[Event], None]
    cancel: threading.Event
    now: Callable[[], datetime]
    meter: Meter = field(default_factory=Meter)
    offers: Callable[[], Sequence[Offer]] = tuple
