"""Measures how fast a language model reads and writes. It knows no particular model."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from models.protocol import ChatMessage, ChatModel

_TASK = "Retell the text above in your own words, at length and in full sentences."


@dataclass(frozen=True, slots=True)
class Speed:
    """One measurement of a model that had nothing of the prompt in its context."""

    model: str
    load_seconds: float
    prompt_tokens: int
    prompt_seconds: float
    output_tokens: int
    output_seconds: float

    @property
    def prompt_tokens_per_second(self) -> float:
        """Tokens read a second."""
        return self.prompt_tokens / self.prompt_seconds if self.prompt_seconds else 0.0

    @property
    def output_tokens_per_second(self) -> float:
        """Tokens written a second, after the first."""
        return (self.output_tokens - 1) / self.output_seconds if self.output_seconds else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the JSON of `weighbridge models bench`."""
        return {
            "model": self.model,
            "load_seconds": round(self.load_seconds, 2),
            "prompt_tokens": self.prompt_tokens,
            "prompt_tokens_per_second": round(self.prompt_tokens_per_second, 1),
            "output_tokens": self.output_tokens,
            "output_tokens_per_second": round(self.output_tokens_per_second, 1),
        }


def measure(load: Callable[[], ChatModel], output_tokens: int) -> Speed:
    """Load a model, let it read a page of the guidance and write about it, and close it."""
    started = time.monotonic()
    model = load()
    loaded = time.monotonic()
    try:
        return measure_loaded(model, output_tokens, load_seconds=loaded - started)
    finally:
        model.close()


def measure_loaded(
    model: ChatModel, output_tokens: int, *, load_seconds: float = 0.0, cancel: threading.Event | None = None
) -> Speed:
    """Let a model that is loaded already read a page of the guidance and write about it."""
    text = files("knowledge").joinpath("guidance", "cost-and-break-even.md").read_text(encoding="utf-8")[:3000]
    first: list[float] = []
    begun = time.monotonic()
    done = model.complete(
        [ChatMessage("user", f"{text}\n\n{_TASK}")],
        max_tokens=output_tokens,
        on_token=lambda piece: None if first else first.append(time.monotonic()),
        cancel=cancel,
    )
    ended = time.monotonic()
    written = first[0] if first else ended
    return Speed(
        model=model.capabilities.name,
        load_seconds=load_seconds,
        prompt_tokens=done.usage.evaluated_tokens,
        prompt_seconds=written - begun,
        output_tokens=done.usage.output_tokens,
        output_seconds=ended - written,
    )
