"""Lets one scripted user talk to the adviser, and keeps what was said. It judges nothing."""

import re
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.events import Event, QuestionAsked, Token
from tests.evaluation.users import User
from tools.facts import FactValue

if TYPE_CHECKING:
    from agent.adviser import Adviser

MOST_QUESTIONS = 15
ASIDE_AFTER = 2
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_FEWEST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message of the user and everything that came back."""

    said: str
    answers: str
    events: tuple[Mapping[str, Any], ...]
    seconds: float

    def of_kind(self, kind: str) -> list[Mapping[str, Any]]:
        """Return the events of one kind."""
        return [event for event in self.events if event["event"] == kind]


@dataclass
class Interview:
    """A whole conversation; `asked` are the facts asked for, in order, without repetitions after an aside."""

    user: User
    exchanges: list[Exchange] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)
    opened: tuple[Mapping[str, Any], ...] = ()
    known: Mapping[str, FactValue] = field(default_factory=dict)
    deployment: str = ""
    model: str = ""
    clarity: str = ""
    workloads: int = 0
    done: bool = False
    crash: str = ""

    @property
    def aside_cited(self) -> bool:
        """Say whether the user's own question was answered with a passage."""
        asides = [exchange for exchange in self.exchanges if exchange.answers == "aside"]
        return any(answer["citations"] for exchange in asides for answer in exchange.of_kind("answer"))

    @property
    def bad_quotes(self) -> int:
        """Count the facts whose quote is not in the message they came from."""
        return sum(
            not fact["quote"] or fact["quote"] not in exchange.said
            for exchange in self.exchanges
            for event in exchange.of_kind("facts")
            for fact in event["accepted"]
        )

    def repeated(self) -> list[str]:
        """Return the sentences that the adviser said more than once, word for word; short ones may recur."""
        texts = [event.get("text", "") for event in self.opened]
        texts += [event.get("text", "") for exchange in self.exchanges for event in exchange.events]
        sentences = [part.strip() for text in texts for part in _SENTENCE.split(text)]
        counts = Counter(part for part in sentences if len(part.split()) >= _FEWEST_WORDS)
        return [f"{times} x {part}" for part, times in counts.items() if times > 1]


def interview(adviser: "Adviser", user: User, session: str) -> Interview:
    """Let the user open, answer what is asked and put a question of their own, until nothing is left to ask."""
    kept = Interview(user)
    try:
        events = adviser.open(session)
        kept.opened = _plain(events)
        _talk(adviser, session, kept)
        if not any(exchange.answers == "aside" for exchange in kept.exchanges):
            _say(adviser, session, kept, user.aside, "aside")
    except Exception:  # noqa: BLE001  whatever breaks one interview is a result, and the others go on
        kept.crash = traceback.format_exc()
    _look(adviser, session, kept)
    return kept


def _talk(adviser: "Adviser", session: str, kept: Interview) -> None:
    question = _say(adviser, session, kept, kept.user.opening, "opening")
    while question is not None and len(kept.asked) < MOST_QUESTIONS:
        kept.asked.append(question.fact)
        if len(kept.asked) == ASIDE_AFTER:
            question = _say(adviser, session, kept, kept.user.aside, "aside") or question
        question = _say(adviser, session, kept, kept.user.reply(question.fact), question.fact or "open")


def _say(adviser: "Adviser", session: str, kept: Interview, text: str, answers: str) -> QuestionAsked | None:
    """Send one message; return the question that follows, or None where there is none."""
    events: list[Event] = []
    started = time.perf_counter()
    adviser.turn(session, text, emit=events.append)
    kept.exchanges.append(Exchange(text, answers, _plain(events), time.perf_counter() - started))
    kept.done = kept.done or any(event["event"] == "done" for event in kept.exchanges[-1].events)
    questions = [event for event in events if isinstance(event, QuestionAsked)]
    return questions[-1] if questions and not kept.done else None


def _look(adviser: "Adviser", session: str, kept: Interview) -> None:
    view = adviser.view(session)
    facts = {fact.key: fact.value for fact in view.organization}
    for workload in view.workloads:
        facts |= {fact.key: fact.value for fact in workload.facts}
    kept.known, kept.workloads = facts, len(view.workloads)
    verdict = view.assessment.workloads[0].verdict
    kept.deployment, kept.model, kept.clarity = verdict.deployment, verdict.model, verdict.clarity


def _plain(events: Sequence[Event]) -> tuple[Mapping[str, Any], ...]:
    return tuple(event.to_json() for event in events if not isinstance(event, Token))
