"""The adviser does not say the same sentence twice while it has another for it."""

import threading
from datetime import UTC, datetime
from typing import Any

from agent.context import Context
from agent.speak import Voice
from agent.state import new_interview

DAY = datetime(2026, 11, 22, tzinfo=UTC)


def _voice() -> tuple[Voice, list[str]]:
    said: list[str] = []
    nothing: Any = None
    context = Context(
        "s", nothing, None, None, None, nothing, nothing,
        lambda event: said.append(event.text), threading.Event(), lambda: DAY,
    )  # fmt: skip
    return Voice(new_interview(), context), said


def test_a_sentence_comes_twice_only_when_its_variants_are_used_up() -> None:
    voice, said = _voice()
    for _ in range(5):
        voice.say("skipped", assumption="one of the two")
    assert len(set(said)) == 5


def test_an_equal_figure_takes_another_variant() -> None:
    """Three of five variants end alike where the chance is the same; the third would repeat the first."""
    voice, said = _voice()
    for why in ("Volume decides.", "Data decides.", "People decide."):
        voice.say("why_line", why=why, probability="40 %")
    voice.say("why_line", why="Volume decides.", probability="40 %")
    sentences = [part for text in said for part in text.replace("? ", ". ").split(". ") if len(part.split()) > 4]
    assert len(sentences) == len(set(sentences))
