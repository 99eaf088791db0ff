"""Reads a message in stages: recognisers, example bank, language model, checks. It knows no graph and no session."""

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from agent.reading.classifier import ExampleClassifier, Guess, TextEmbedder
from agent.reading.example_stage import from_examples, leading_answer, short_answer
from agent.reading.found import Found, settle
from agent.reading.intents import Plain, looks_like_answer, plain_intent, settle_intent
from agent.reading.language import is_english
from agent.reading.model_stage import ModelStage
from agent.reading.reading import NO_USAGE, Intent, ReadFact, Reading
from agent.reading.scenario import relative_changes
from agent.reading.segments import Segment, segments
from agent.recognise import FactCandidate, candidates
from models.protocol import ChatModel, Usage
from tools.facts import FactValue, spec_of

_NOTHING_KNOWN: Mapping[str, FactValue] = MappingProxyType({})
_HYPOTHESIS = re.compile(
    r"\b(?:what (?:would happen |happens |changes )?if|what if|suppos(?:e|ing)|imagine|assum(?:e|ing)|hypothetically|let['’]s (?:say|assume|pretend)"
    r"|how (?:would (?:it|that|this|things|the \w+) (?:look|change|be|differ)(?: like)?|about)(?: if| with| without| at)?|and if|but if|if)\b|\?",
    re.IGNORECASE,
)
# A second opinion of a stage below this is worth asking the language model.
_CLEAR = 0.6
_PER = re.compile(r"(?:\b(?:a|per|each|every)|/)\s?(?:second|minute|hour|day|week|month|year)\b|\bdaily\b", re.IGNORECASE)
_UNIT = re.compile(r"[A-Za-z]{3,}|[%$€£]")
_Result = TypeVar("_Result")


@dataclass
class _Clock:
    """Adds up the seconds of the stages of one message."""

    stages: dict[str, float] = field(default_factory=dict)

    def time(self, stage: str, work: Callable[[], _Result]) -> _Result:
        started = time.perf_counter()
        result = work()
        self.stages[stage] = self.stages.get(stage, 0.0) + time.perf_counter() - started
        return result


class Reader:
    """Reads messages; `model` and `embedder` may be missing, and what needs them is then left out.

    `cache` is the folder for the example bank's trained weights: with it only the first reader ever trains.
    """

    def __init__(
        self, model: ChatModel | None, embedder: TextEmbedder | None, *, cache: Path | None = None
    ) -> None:
        self._model = ModelStage(model) if model is not None else None
        self._embedder = embedder
        self._cache = cache
        self._classifier: ExampleClassifier | None = None
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Load or train the example classifier now; set-up calls this so that no turn has to wait for it."""
        with self._lock:
            if self._classifier is None and self._embedder is not None:
                self._classifier = ExampleClassifier.open(self._embedder, self._cache)

    def read(
        self,
        text: str,
        asked: str | None = None,
        *,
        known: Mapping[str, FactValue] = _NOTHING_KNOWN,
        previous: str | None = None,
        cancel: threading.Event | None = None,
    ) -> Reading:
        """Read one message.

        Args:
            asked: the fact that the last question was for.
            known: what is known so far; a what-if such as "twice the volume" is computed from it.
            previous: the fact read last; a correction without a name ("sorry, 400k") means this one.
            cancel: stops the language model.
        """
        started = time.perf_counter()
        self.prepare()
        clock = _Clock()
        turn = _Turn(text, asked, clock, self._classifier)
        plain = turn.plain
        if asked is not None and previous is not None and plain.intent == "correction":
            turn.asked = previous
        if not turn.english:
            return self._foreign(turn, started)
        found = turn.gather()
        usage = NO_USAGE
        if self._model is not None and turn.wants_model(found):
            stage = self._model
            read, usage = clock.time("model", lambda: stage.read(text, str(turn.asked), cancel))
            found += read
        return self._finish(turn, found, known, usage, started)

    def _finish(
        self, turn: "_Turn", found: list[Found], known: Mapping[str, FactValue], usage: Usage, started: float
    ) -> Reading:
        facts, rejected = turn.clock.time("check", lambda: settle(turn.text, found, turn.asked, turn.plain.intent == "correction"))
        intent = settle_intent(turn.text, turn.plain, len(facts), turn.asked, turn.intent_guesses())
        supposed: tuple[ReadFact, ...] = ()
        if intent == "what_if":
            supposed = tuple(turn.suppositions(known))
        asking = intent in ("question", "why", "what_if") or facts or intent == "skip"
        return Reading(
            intent=intent,
            command=turn.plain.command if intent == "command" else None,
            facts=tuple(facts),
            rejected=tuple(rejected),
            question=(turn.plain.question or (turn.text.strip() if intent == "question" else "")) if asking else "",
            usage=usage,
            seconds=time.perf_counter() - started,
            stages=MappingProxyType(dict(turn.clock.stages)),
            supposed=supposed,
            skips=_skips(intent, facts, turn),
        )

    def _foreign(self, turn: "_Turn", started: float) -> Reading:
        """Take only what is unmistakable in another language: quantities whose own words name their unit."""
        found = [
            item for item in turn.recognised() if item.stage == "recogniser" and _UNIT.search(turn.text[item.start : item.end])
        ]
        facts, rejected = settle(turn.text, found, turn.asked)
        return Reading(
            intent="other", facts=tuple(facts), rejected=tuple(rejected), seconds=time.perf_counter() - started,
            stages=MappingProxyType(dict(turn.clock.stages)), language="other",
        )  # fmt: skip


class _Turn:
    """One message on its way through the stages."""

    def __init__(self, text: str, asked: str | None, clock: _Clock, classifier: ExampleClassifier | None) -> None:
        self.text = text
        self.asked = asked
        self.clock = clock
        self.plain: Plain = clock.time("intent", lambda: plain_intent(text))
        self.english = clock.time("intent", lambda: is_english(text))
        self._classifier = classifier
        self._guesses: list[Guess] | None = None

    def recognised(self, text: str | None = None) -> list[Found]:
        """Run the recognisers and the lexicon."""
        said = self.text if text is None else text
        read = candidates(said, self.asked)
        if not read and self.plain.intent == "correction":
            read = _rate_without_noun(said)
        return [_from_candidate(candidate) for candidate in read]

    def gather(self) -> list[Found]:
        """Run every stage that needs no language model."""
        if self.plain.intent in ("command", "why"):
            return []
        found = self.clock.time("recognisers", self.recognised)
        whole = self.clock.time("examples", lambda: short_answer(self._classifier, self.text, self.asked))
        if whole and not any(item.key == self.asked for item in found):
            return found + whole
        parts = segments(self.text)
        if self.plain.intent in ("what_if", "skip"):
            return found
        found += self.clock.time("examples", lambda: self._classified(parts, found))
        if not any(item.key == self.asked for item in found):
            found += leading_answer(self.text, self.asked)
        return found

    def _classified(self, parts: list[Segment], found: list[Found]) -> list[Found]:
        if self._classifier is None or not parts:
            return []
        rows = self._classifier.features([part.text for part in parts])
        taken = {item.key for item in found if spec_of(item.key).type != "set" or item.key != self.asked}
        return from_examples(self._classifier, parts, rows, self.asked, taken)

    def intent_guesses(self) -> list[Guess]:
        """Return what the example bank says about the intent, computed only when something asks for it."""
        if self._guesses is None:
            classifier = self._classifier
            self._guesses = (
                self.clock.time("intent", lambda: classifier.intent(classifier.features([self.text])))
                if classifier is not None and self.plain.intent is None and self.text.strip()
                else []
            )
        return self._guesses

    def wants_model(self, found: list[Found]) -> bool:
        """Say whether the asked fact is still open and the message may hold it."""
        if self.asked is None or spec_of(self.asked).type not in ("choice", "set", "flag"):
            return False
        if any(item.key == self.asked and item.confidence >= _CLEAR for item in found):
            return False
        return looks_like_answer(self.text, self.plain, self.intent_guesses())

    def suppositions(self, known: Mapping[str, FactValue]) -> list[ReadFact]:
        """Read the changes of a what-if: the message with its hypothesis words blanked out, offsets kept."""
        statement = _HYPOTHESIS.sub(lambda match: " " * len(match.group()), self.text)
        found = self.recognised(statement)
        if self._classifier is not None:
            parts = segments(statement)
            rows = self._classifier.features([part.text for part in parts])
            if parts:
                found += from_examples(self._classifier, parts, rows, None, {item.key for item in found})
        relative = relative_changes(self.text, known)
        scaled = {fact.key for fact in relative}
        return relative + [fact for fact in settle(self.text, found, None)[0] if fact.key not in scaled]


def _rate_without_noun(text: str) -> list[FactCandidate]:
    """Read "sorry, 400k a day" as the volume, whatever was asked: a rate corrects the only fact that is one."""
    return [found for found in candidates(text, "requests_per_day") if _PER.search(found.quote)]


def _skips(intent: Intent, facts: list[ReadFact], turn: _Turn) -> bool:
    """Say whether the asked fact was declined: by a skip, or by a bare no where no value means no."""
    if turn.asked is None or any(fact.key == turn.asked for fact in facts):
        return False
    bare = re.fullmatch(r"\W*(?:no|none|nope|nothing|no limit|no rule|nowhere|not any)\W*", turn.text, re.IGNORECASE)
    return intent == "skip" or bool(bare)


def _from_candidate(candidate: FactCandidate) -> Found:
    numeric = spec_of(candidate.key).type in ("number", "text")
    return Found(
        candidate.key, candidate.value, candidate.start, candidate.end, candidate.confidence,
        "recogniser" if numeric else "lexicon", candidate.note, candidate.needs_conversion,
    )  # fmt: skip
