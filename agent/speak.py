"""Speaks for the nodes: fills the lines of speech.yaml, emits them, keeps the transcript."""

import re
from collections.abc import Sequence
from typing import Any

from agent.context import Context
from agent.events import Answer, Event, Say
from agent.prompts import speech_table
from agent.state import Interview, Line
from tools.report import Citation

# Sentences of fewer words ("Got it.") may come again; longer ones sound like a machine the second time.
_FEWEST_WORDS = 5
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Voice:
    """What one node says; `update()` is what the node returns of it."""

    def __init__(self, state: Interview, context: Context) -> None:
        self._context = context
        self._spoken = dict(state["spoken"])
        self._transcript = list(state["transcript"])

    def line(self, key: str, **values: str) -> str:
        """Return the next variant of a line, filled in; one that says nothing word for word again goes first."""
        variants: list[str] = speech_table()["lines"][key]
        count = self._spoken.get(key, 0)
        self._spoken[key] = count + 1
        turns = [variants[(count + turn) % len(variants)].format(**values).strip() for turn in range(len(variants))]
        return next((text for text in turns if not self._said(text)), turns[0])

    def _said(self, text: str) -> bool:
        """Say whether the adviser has said a sentence of this text before."""
        before = {
            sentence for line in self._transcript if line["role"] == "adviser" for sentence in _long(line["text"])
        }
        return not before.isdisjoint(_long(text))

    def say(self, key: str, **values: str) -> None:
        """Say a line."""
        self.utter(self.line(key, **values))

    def utter(self, text: str) -> None:
        """Say a text that is already in words."""
        self.write(text)
        self._context.emit(Say(text))

    def answer(self, text: str, citations: tuple[Citation, ...]) -> None:
        """Give the answer to a side question."""
        self.write(text, citations)
        self._context.emit(Answer(text, citations))

    def write(self, text: str, citations: tuple[Citation, ...] = ()) -> None:
        """Add to the transcript what an event says that is emitted elsewhere."""
        self._transcript.append(adviser_line(self._context, text, citations))

    @property
    def session(self) -> str:
        """The name of the session, for commands that the user may type elsewhere."""
        return self._context.session

    def emit(self, event: Event) -> None:
        """Pass on an event that is no text."""
        self._context.emit(event)

    def update(self) -> dict[str, Any]:
        """Return the part of the state that speaking changed."""
        return {"spoken": self._spoken, "transcript": self._transcript}


def _long(text: str) -> Sequence[str]:
    return [sentence for sentence in _SENTENCE_END.split(text) if len(sentence.split()) >= _FEWEST_WORDS]


def adviser_line(context: Context, text: str, citations: tuple[Citation, ...] = ()) -> Line:
    """Return a line of the transcript."""
    cited = [{"id": c.id, "title": c.title, "quote": c.quote, "source": c.source} for c in citations]
    return {
        "role": "adviser",
        "text": text,
        "at": context.now().isoformat(timespec="seconds"),
        "citations": cited,
    }


def example_text() -> str:
    """Return a message that shows how to describe a workload."""
    return str(speech_table()["example"])
