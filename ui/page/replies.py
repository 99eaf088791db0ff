"""Says which answers can be clicked for the question that is waited on. It knows no widget and sends nothing."""

from dataclasses import dataclass
from typing import Literal

from agent.events import QuestionAsked
from agent.wording import value_words
from tools.facts import FactSpec, spec_of


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer; `value` is the fact's own spelling of it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Replies:
    """What to click: one of the choices, several of them, or words to say."""

    kind: Literal["one", "several", "words", "none"]
    fact: str
    choices: tuple[Choice, ...]
    example: str


_YES_OR_NO = (Choice("yes", "Yes, take the new one"), Choice("no", "No, keep the old one"))
_NOTE_OR_NOT = (Choice("yes", "Yes, note it"), Choice("no", "No, leave it out"))
NONE = Replies("none", "", (), "")


def replies_to(question: QuestionAsked | None) -> Replies:
    """Return the answers that fit a question."""
    if question is None or question.fact is None:
        return NONE
    spec = spec_of(question.fact)
    if is_confirmation(question, spec):
        offered = "Shall I note" in question.question
        return Replies("words", "", _NOTE_OR_NOT if offered else _YES_OR_NO, "")
    example = spec.examples[0] if spec.examples else ""
    return Replies("several" if spec.type == "set" else "one", spec.key, choices_of(spec), example)


def choices_of(spec: FactSpec) -> tuple[Choice, ...]:
    """Return a fact's values in words; numbers and texts have none."""
    match spec.type:
        case "choice":
            return tuple(Choice(value, value_words(spec, value)) for value in spec.values)
        case "set":
            return tuple(Choice(value, value_words(spec, (value,))) for value in spec.values)
        case "flag":
            return (Choice("true", "Yes"), Choice("false", "No"))
        case _:
            return ()


def is_confirmation(question: QuestionAsked, spec: FactSpec) -> bool:
    """Say whether two values are asked about and not the fact itself."""
    return question.flip_probability is None and spec.question not in question.question
