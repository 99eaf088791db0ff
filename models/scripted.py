"""A chat model that says what a script tells it, for tests and demonstrations. It knows no engine."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from models.protocol import Capabilities, ChatMessage, Completion, OnToken, Schema, Usage
from tools.errors import ModelFailed

T = TypeVar("T")

_PIECE = re.compile(r"\s*\S+|\s+")

# A reply in turn, or an error to raise in its place.
Reply = str | Completion | Exception
Replies = Sequence[Reply] | Callable[[str], Reply]
Scores = Sequence[Sequence[float]] | Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Call:
    """One request that the scripted model received; `options` is None for a completion."""

    messages: tuple[ChatMessage, ...]
    schema: Schema | None = None
    options: tuple[str, ...] | None = None


class ScriptedModel:
    """Gives replies one after the other, or from a function of the last message; keeps every call."""

    def __init__(self, replies: Replies = (), *, scores: Scores = (), capabilities: Capabilities | None = None) -> None:
        """Take `replies` for `complete` and `scores` for `score`, each a list in order or a function."""
        self._replies = replies
        self._scores = scores
        self._capabilities = capabilities or Capabilities("scripted", True, 4096, bool(scores), None)
        self._replied = self._scored = 0
        self.calls: list[Call] = []

    @property
    def capabilities(self) -> Capabilities:
        """Return what this model claims to do."""
        return self._capabilities

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int = 256,
        schema: Schema | None = None,
        on_token: OnToken | None = None,
        cancel: threading.Event | None = None,
    ) -> Completion:
        """Return the next reply word by word; words count as tokens, and all of the prompt as evaluated."""
        self.calls.append(Call(tuple(messages), schema))
        reply = self._next_reply(messages[-1].content)
        if isinstance(reply, Exception):
            raise reply
        prompt_tokens = sum(len(message.content.split()) for message in messages)
        completion = reply if isinstance(reply, Completion) else _stopped(reply, prompt_tokens)
        said = ""
        for piece in _PIECE.findall(completion.text):
            if cancel is not None and cancel.is_set():
                return Completion(said, "cancelled", completion.usage)
            said += piece
            if on_token is not None:
                on_token(piece)
        return completion

    def score(self, messages: Sequence[ChatMessage], options: Sequence[str]) -> list[float]:
        """Return the next scores."""
        self.calls.append(Call(tuple(messages), None, tuple(options)))
        last = messages[-1].content
        if callable(self._scores):
            scores = self._scores(last, options)
        else:
            scores = _take(self._scores, self._scored, "scores", last)
            self._scored += 1
        if len(scores) != len(options):
            raise ModelFailed(f"the script gives {len(scores)} scores for the {len(options)} options {list(options)}")
        return list(scores)

    def close(self) -> None:
        """Hold nothing, so release nothing."""

    def _next_reply(self, last: str) -> Reply:
        if callable(self._replies):
            return self._replies(last)
        reply = _take(self._replies, self._replied, "replies", last)
        self._replied += 1
        return reply


def replies_by_message(table: Mapping[str, Reply]) -> Callable[[str], Reply]:
    """Answer by the first key of `table` that the last message contains."""

    def reply(last: str) -> Reply:
        for key, value in table.items():
            if key in last:
                return value
        raise ModelFailed(f"the script has no reply to {last!r}; it knows {', '.join(table)}")

    return reply


def _take(script: Sequence[T], index: int, kind: str, last: str) -> T:
    if index >= len(script):
        raise ModelFailed(f"the script is exhausted: it has {len(script)} {kind}, and {last!r} asks for one more")
    return script[index]


def _stopped(text: str, prompt_tokens: int) -> Completion:
    return Completion(text, "stop", Usage(prompt_tokens, prompt_tokens, len(text.split())))
