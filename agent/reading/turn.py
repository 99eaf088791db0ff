"""One message on its way through the stages that need no language model. It knows no session."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from agent.reading.encoder import Sight
from agent.reading.encoder_stage import about_something_else, answers_apart, from_encoder, weigh
from agent.reading.found import Found, settle
from agent.reading.intents import (
    Plain,
    looks_like_answer,
    plain_intent,
    settle_intent,
    weigh_intent,
    with_loose_command,
)
from agent.reading.labels import labels
from agent.reading.language import is_english
from agent.reading.patterns import pattern
from agent.reading.reading import Intent, ReadFact
from agent.reading.scenario import relative_changes
from agent.reading.short_answers import leading_answer, short_answer, value_of_another
from agent.recognise import FactCandidate, candidates
from tools.facts import FactValue, spec_of

# How likely the encoder must find some value, and that the message answers at all, before the model is asked.
_WAVERS, _LIKELY_ANSWER = 0.3, 0.5
# What an earlier stage is less sure of is worth asking the language model.
_CLEAR = 0.6
_PER = re.compile(
    r"(?:\b(?:a|per|each|every)|/)\s?(?:second|minute|hour|day|week|month|year)\b|\bdaily\b", re.IGNORECASE
)
_Result = TypeVar("_Result")


@dataclass
class Clock:
    """Adds up the seconds of the stages of one message."""

    stages: dict[str, float] = field(default_factory=dict)

    def time(self, stage: str, work: Callable[[], _Result]) -> _Result:
        """Run the work and count its time for the stage."""
        started = time.perf_counter()
        result = work()
        self.stages[stage] = self.stages.get(stage, 0.0) + time.perf_counter() - started
        return result


class Sees(Protocol):
    """What sees facts and intents in a message: an encoder, or several."""

    def see(self, message: str, asked: str | None) -> Sight: ...


class Turn:
    """One message on its way through the stages."""

    def __init__(
        self,
        text: str,
        asked: str | None,
        clock: Clock,
        encoder: Sees | None,
    ) -> None:
        self.text = text
        self.asked = asked
        self.clock = clock
        self.plain: Plain = clock.time("intent", lambda: plain_intent(text))
        self._renames = self._names_a_value()
        if self._renames:
            self.plain = Plain("correction")
        self.english = clock.time("intent", lambda: is_english(text))
        self._encoder = encoder
        self._sight: tuple[str | None, Sight] | None = None

    def _names_a_value(self) -> bool:
        """Say whether a command to switch answers the question instead: "switch to Azure" where the cloud was asked."""
        command = self.plain.command
        if command is None or command.name != "switch" or self.asked is None or command.argument not in self.text:
            return False
        bare = self.text.rstrip(" .!").endswith(command.argument)
        return bare and any(item.key == self.asked for item in candidates(command.argument, self.asked))

    def recognised(self) -> list[Found]:
        """Run the recognisers and the lexicon."""
        read = candidates(self.text, self.asked)
        if not read and self.plain.intent == "correction":
            read = _rate_without_noun(self.text)
        return [_from_candidate(candidate) for candidate in read]

    def gather(self) -> list[Found]:
        """Run every stage that needs no language model."""
        if self.plain.intent in ("command", "why"):
            return []
        found = self.clock.time("recognisers", self.recognised)
        whole = self.clock.time("examples", lambda: short_answer(self.text, self.asked))
        if not whole and (other := value_of_another(self.text, self.asked)):
            return other
        if whole and not any(item.key == self.asked for item in found):
            return found + whole
        sight = self.sight()
        if sight is not None and not found and not self._renames:
            self.plain = with_loose_command(self.text, self.plain, sight.intents)
            if self.plain.intent == "command":
                return []
        if sight is not None:
            seen = [] if self.plain.intent == "what_if" else from_encoder(self.text, sight, self.asked)
            kept = weigh(self.text, found, sight, self.asked, self._unasked)
            return kept + answers_apart(self.text, kept, seen, self.asked, self._unasked)
        if self.plain.intent not in ("what_if", "skip") and not any(item.key == self.asked for item in found):
            found += leading_answer(self.text, self.asked)
        return found

    def sight(self) -> Sight | None:
        """Return what the encoder sees in the message, computed once for the asked fact."""
        encoder = self._encoder
        if encoder is None or not self.text.strip():
            return None
        if self._sight is None or self._sight[0] != self.asked:
            self._sight = self.asked, self.clock.time("encoder", lambda: encoder.see(self.text, self.asked))
        return self._sight[1]

    def _unasked(self) -> Sight:
        """Return what the encoder would see had nothing been asked."""
        assert self._encoder is not None
        return self._encoder.see(self.text, None)

    def intent(self, facts: int) -> Intent:
        """Return what the message wants, once it is known how many facts were read."""
        sight = self.sight()
        if sight is not None and not self._renames:
            return weigh_intent(self.text, self.plain, facts, sight.intents)
        return settle_intent(self.text, self.plain, facts, self.asked)

    def likelihood(self) -> dict[str, float] | None:
        """Return how likely each value of the asked fact is; None without an encoder."""
        sight = self.sight()
        if sight is None or self.asked is None:
            return None
        return {label.value: sight.probability(label.key, label.value) for label in labels() if label.key == self.asked}

    def wants_model(self, found: list[Found], trusted: bool = False) -> bool:
        """Say whether the asked fact is open and the message may hold it; a `trusted` model is asked more often."""
        if self.asked is None or spec_of(self.asked).type not in ("choice", "set", "flag"):
            return False
        if any(item.key == self.asked and item.confidence >= _CLEAR for item in found):
            return False
        if self.plain.intent in ("why", "question", "what_if", "other") or (
            self.plain.intent == "correction" and found
        ):
            return False
        if about_something_else(self.text, self.asked):
            return False
        sight = self.sight()
        if sight is not None and not trusted:
            # A small model decides between values that the encoder wavers over; it finds none by itself.
            wavers = max((self.likelihood() or {}).values(), default=0.0) >= _WAVERS
            return wavers and sight.intents["answer"] >= _LIKELY_ANSWER
        return looks_like_answer(self.text, self.plain)

    def suppositions(self, known: Mapping[str, FactValue]) -> list[ReadFact]:
        """Read the changes of a what-if: the message with its hypothesis words blanked out, offsets kept."""
        statement = pattern("hypothesis").sub(lambda match: " " * len(match.group()), self.text)
        said = candidates(statement, supposed=True) or _rate_without_noun(statement)
        found = [_from_candidate(candidate) for candidate in said]
        if self._encoder is not None and statement.strip():
            found += from_encoder(statement, self._encoder.see(statement, None), None)
        relative = relative_changes(self.text, known)
        scaled = {fact.key for fact in relative}
        return relative + [fact for fact in settle(self.text, found, None)[0] if fact.key not in scaled]


def _rate_without_noun(text: str) -> list[FactCandidate]:
    """Read a rate as the volume, whatever it counts, for no other fact is one: "at 10k meetings a day"."""
    return [found for found in candidates(text, "requests_per_day") if _PER.search(found.quote)]


def _from_candidate(candidate: FactCandidate) -> Found:
    numeric = spec_of(candidate.key).type in ("number", "text")
    return Found(
        candidate.key, candidate.value, candidate.start, candidate.end, candidate.confidence,
        "recogniser" if numeric else "lexicon", candidate.note, candidate.needs_conversion,
    )  # fmt: skip
