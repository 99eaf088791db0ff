"""The values and the protocol that every language model adapter shares. It knows no model and no network."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length", "cancelled"]
OnToken = Callable[[str], None]
Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens spent on one request; `evaluated_tokens` are the prompt tokens that no kept prefix served."""

    prompt_tokens: int
    evaluated_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Completion:
    """A reply and why it ended; with `length` or `cancelled` the text is cut and may not be whole JSON."""

    text: str
    finish: Finish
    usage: Usage


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an adapter can do and where its words go; `local` means that nothing leaves the machine."""

    name: str
    local: bool
    context_tokens: int
    can_score: bool
    parameters_b: float | None


class ChatModel(Protocol):
    """A language model that answers one conversation at a time."""

    @property
    def capabilities(self) -> Capabilities:
        """Return what this model can do."""

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int = 256,
        schema: Schema | None = None,
        on_token: OnToken | None = None,
        cancel: threading.Event | None = None,
    ) -> Completion:
        """Write the assistant's next message; with `schema` it is JSON that fits, unless it was cut."""

    def score(self, messages: Sequence[ChatMessage], options: Sequence[str]) -> list[float]:
        """Return the mean log-probability per token of each option as the assistant's next message."""

    def close(self) -> None:
        """Release what the model holds; later calls fail."""
