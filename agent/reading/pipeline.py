"""Reads a message in stages: recognisers, encoder, language model, checks. It knows no graph and no session."""

import re
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from agent.reading.ensemble import Ensemble
from agent.reading.found import Found, settle
from agent.reading.model_stage import ModelStage
from agent.reading.per_head import per_head
from agent.reading.reading import NO_USAGE, Intent, ReadFact, Reading
from agent.reading.turn import Clock, Turn
from models.protocol import ChatModel, Usage
from tools.facts import FactValue

_NOTHING_KNOWN: Mapping[str, FactValue] = MappingProxyType({})
_NONE = re.compile(
    r"\W*(?:no|none|nope|nothing|nowhere|not any"
    r"|(?:there(?:'s| is) )?no (?:\w+ )?(?:limit|rule|restriction|requirement|budget|target|constraint|preference)s?"
    r"(?: \w+)?|(?:not|none|nothing)(?: \w+)? that (?:i|we)(?:'m|'ve|'re| am| are| have)?"
    r"(?: ever)? (?:know|heard|aware|can think)(?: of)?|not as far as (?:i|we) know"
    r"|nothing (?:of the (?:kind|sort)|like that)|no such thing)\W*",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[A-Za-z]{3,}|[%$€£]")


class Reader:
    """Reads messages; the language model may be missing, and what needs it is then left out.

    `large` is the file of the large sentence model, with which messages are read better; with `rules_only` nothing
    that was learnt from examples reads.
    """

    def __init__(self, model: ChatModel | None, *, large: Path | None = None, rules_only: bool = False) -> None:
        self._model = ModelStage(model) if model is not None else None
        self._large = large
        self._rules_only = rules_only
        self._encoder: Ensemble | None = None
        self._lock = threading.Lock()

    def use_model(self, model: ChatModel | None) -> None:
        """Read with another language model from now on, or with none; not while a message is being read."""
        self._model = ModelStage(model) if model is not None else None

    def prepare(self) -> None:
        """Load the encoder now, so that no turn has to wait for it."""
        with self._lock:
            if self._encoder is None and not self._rules_only:
                self._encoder = Ensemble.open(self._large)

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
        clock = Clock()
        turn = Turn(text, asked, clock, self._encoder)
        plain = turn.plain
        if asked is not None and previous is not None and plain.intent == "correction":
            turn.asked = previous
        if not turn.english and turn.plain.intent != "skip":
            return self._foreign(turn, started)
        found = turn.gather()
        usage = NO_USAGE
        if self._model is not None and turn.wants_model(found, self._model.trusted):
            stage = self._model
            read, usage = clock.time("model", lambda: stage.read(text, str(turn.asked), turn.likelihood(), cancel))
            found += read
        return self._finish(turn, found, known, usage, started)

    def _finish(
        self, turn: Turn, found: list[Found], known: Mapping[str, FactValue], usage: Usage, started: float
    ) -> Reading:
        facts, rejected = turn.clock.time(
            "check", lambda: settle(turn.text, found, turn.asked, turn.plain.intent == "correction")
        )
        facts, heads_missing = per_head(turn.text, facts, known)
        rejected += heads_missing
        intent = turn.intent(len(facts))
        supposed = turn.suppositions(known) if intent == "what_if" else []
        asking = intent in ("question", "why", "what_if") or facts or intent == "skip"
        return Reading(
            intent=intent,
            command=turn.plain.command if intent == "command" else None,
            facts=_in_dollars(facts),
            foreign=_foreign_amounts(facts),
            rejected=tuple(rejected),
            question=(turn.plain.question or (turn.text.strip() if intent == "question" else "")) if asking else "",
            usage=usage,
            seconds=time.perf_counter() - started,
            stages=MappingProxyType(dict(turn.clock.stages)),
            supposed=_in_dollars(supposed),
            skips=_skips(intent, facts, turn),
        )

    def _foreign(self, turn: Turn, started: float) -> Reading:
        """Take only what is unmistakable in another language: quantities whose own words name their unit."""
        found = [
            item
            for item in turn.recognised()
            if item.stage == "recogniser" and _UNIT.search(turn.text[item.start : item.end])
        ]
        facts, rejected = settle(turn.text, found, turn.asked)
        return Reading(
            intent="other",
            facts=_in_dollars(facts),
            foreign=_foreign_amounts(facts),
            rejected=tuple(rejected),
            seconds=time.perf_counter() - started,
            stages=MappingProxyType(dict(turn.clock.stages)),
            language="other",
        )


def _in_dollars(facts: Sequence[ReadFact]) -> tuple[ReadFact, ...]:
    return tuple(fact for fact in facts if not fact.needs_conversion)


def _foreign_amounts(facts: Sequence[ReadFact]) -> tuple[ReadFact, ...]:
    return tuple(fact for fact in facts if fact.needs_conversion)


def _skips(intent: Intent, facts: list[ReadFact], turn: Turn) -> bool:
    """Say whether the asked fact was declined: by a skip, or by a bare no where no value means no."""
    if turn.asked is None or any(fact.key == turn.asked for fact in facts):
        return False
    return intent == "skip" or bool(_NONE.fullmatch(turn.text))
