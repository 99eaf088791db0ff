"""Counts what the reader got right in messages with gold facts and intents. It knows no reader."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from agent.reading.reading import ReadFact, Reading
from tests.evaluation.agreement import agree
from tests.evaluation.cases import Case
from tests.evaluation.seconds import median, ninetieth
from tools.facts import FactValue, plain_value


@dataclass
class Tally:
    """What became of one fact, or of all: a set counts value by value.

    `wrong` is a value that differs from the gold one, `missed` a gold value of which nothing was read, `invented` a
    fact that the message does not state.
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0
    invented: int = 0
    read: int = 0
    gold: int = 0

    def add(self, other: "Tally") -> None:
        """Add the counts of another."""
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)

    @property
    def precision(self) -> float:
        """Return the share of what was read that is right."""
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        """Return the share of the gold facts that were read."""
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.right / (self.read + self.gold) if self.read + self.gold else 1.0


@dataclass
class Score:
    """The counts over a set of messages; `confusion` counts (gold intent, intent read)."""

    whole: Tally = field(default_factory=Tally)
    messages: int = 0
    intents: int = 0
    invented_quotes: int = 0
    seconds: list[float] = field(default_factory=list)
    stages: dict[str, list[float]] = field(default_factory=dict)
    by_stage: Counter[str] = field(default_factory=Counter)
    facts: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """Return F1 over all facts of all messages."""
        return self.whole.f1

    @property
    def precision(self) -> float:
        """Return the precision over all facts of all messages."""
        return self.whole.precision

    @property
    def intent_accuracy(self) -> float:
        """Return the share of messages whose intent was read rightly."""
        return self.intents / max(1, self.messages)

    def count(self, case: Case, reading: Reading) -> None:
        """Count one message."""
        self.messages += 1
        self.seconds.append(reading.seconds)
        for stage, seconds in reading.stages.items():
            self.stages.setdefault(stage, []).append(seconds)
        self.by_stage.update(fact.stage for fact in reading.facts)
        self.invented_quotes += sum(not fact.quote or fact.quote not in case.text for fact in reading.facts)
        self._count_intent(case, reading.intent)
        read = {fact.key: fact for fact in reading.facts}
        for key in sorted(case.facts.keys() | read.keys()):
            self._count_fact(case, key, read.get(key))

    def _count_intent(self, case: Case, read: str) -> None:
        fits = read in case.intents
        self.intents += fits
        self.confusion[read if fits else case.intents[0], read] += 1
        if not fits:
            self.errors.append(f"intent   {read}, gold {' or '.join(case.intents)}   {_place(case)}")

    def _count_fact(self, case: Case, key: str, read: ReadFact | None) -> None:
        counts = compare(key, read.value if read else None, case.facts.get(key))
        self.whole.add(counts)
        self.facts[key].add(counts)
        kind = "invented" if counts.invented else "wrong" if counts.wrong else "missed" if counts.missed else ""
        if kind:
            how = f"{plain_value(read.value)} ({read.stage} {read.confidence:.2f}: {read.quote!r})" if read else "-"
            gold = plain_value(case.facts[key]) if key in case.facts else "-"
            self.errors.append(f"{kind:8} {key}: read {how}, gold {gold}   {_place(case)}")

    def to_json(self) -> dict[str, Any]:
        """Return every figure."""
        return {
            "messages": self.messages,
            "f1": self.f1,
            "precision": self.precision,
            "recall": self.whole.recall,
            "invented_facts": self.whole.invented,
            "invented_per_message": self.whole.invented / max(1, self.messages),
            "quotes_not_in_message": self.invented_quotes,
            "intent_accuracy": self.intent_accuracy,
            "intents": [[gold, read, count] for (gold, read), count in sorted(self.confusion.items())],
            "facts": {key: vars(tally) for key, tally in sorted(self.facts.items())},
            "seconds": {"median": median(self.seconds), "p90": ninetieth(self.seconds)},
            "stages": {stage: _stage(taken) for stage, taken in self.stages.items()},
            "facts_by_stage": dict(self.by_stage),
            "errors": self.errors,
        }


def compare(key: str, read: FactValue | None, gold: FactValue | None) -> Tally:
    """Count one fact of one message."""
    if isinstance(read, tuple) or isinstance(gold, tuple):
        said, true = (set(value) if isinstance(value, tuple) else set[str]() for value in (read, gold))
        extra = len(said - true)
        return Tally(
            right=len(said & true),
            wrong=extra if gold is not None else 0,
            missed=len(true - said),
            invented=0 if gold is not None else extra,
            read=len(said),
            gold=len(true),
        )
    if read is None or gold is None:
        return Tally(invented=read is not None, missed=gold is not None, read=read is not None, gold=gold is not None)
    right = agree(key, read, gold)
    return Tally(right=right, wrong=not right, read=1, gold=1)


def _place(case: Case) -> str:
    return f"[{case.asked or '-'}] {case.text}"


def _stage(taken: list[float]) -> dict[str, float]:
    return {"messages": len(taken), "median": median(taken), "p90": ninetieth(taken)}
