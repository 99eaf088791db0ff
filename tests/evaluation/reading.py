"""Measures the reader on messages with gold facts and intents, and lays the figures out in tables."""

import sys
from collections.abc import Mapping, Sequence
from typing import Protocol

from agent.reading.reading import INTENTS, Reading
from tests.evaluation.cases import Case
from tests.evaluation.score import Score
from tests.evaluation.seconds import median, ninetieth, shown
from tests.evaluation.tables import Table

Scores = Mapping[tuple[str, str], Score]


class Reads(Protocol):
    """Reads one message."""

    def read(self, text: str, asked: str | None = None) -> Reading: ...


def evaluate(reader: Reads, cases: Sequence[Case], *, progress: bool = False) -> Score:
    """Read every message and count."""
    score = Score()
    for number, case in enumerate(cases, start=1):
        score.count(case, reader.read(case.text, case.asked))
        if progress and number % 50 == 0:
            print(f"  {number} of {len(cases)} messages, F1 so far {score.f1:.3f}", file=sys.stderr, flush=True)
    return score


def summary_table(scores: Scores) -> Table:
    """Return one row per model and set."""
    columns = (
        "model", "set", "messages", "F1", "precision", "recall", "invented/message", "bad quotes", "intents",
        "s median", "s p90",
    )  # fmt: skip
    rows = [
        (
            model,
            name,
            str(score.messages),
            f"{score.f1:.3f}",
            f"{score.precision:.3f}",
            f"{score.whole.recall:.3f}",
            f"{score.whole.invented / max(1, score.messages):.3f}",
            str(score.invented_quotes),
            f"{score.intent_accuracy:.3f}",
            shown(median(score.seconds)),
            shown(ninetieth(score.seconds)),
        )
        for (model, name), score in scores.items()
    ]
    return Table("Reading: facts and intents in messages", columns, rows)


def stage_table(scores: Scores) -> Table:
    """Return the time of each stage of the pipeline, over the messages that came to it."""
    rows = [
        (model, name, stage, str(len(taken)), shown(median(taken)), shown(ninetieth(taken)))
        for (model, name), score in scores.items()
        for stage, taken in score.stages.items()
    ]
    columns = ("model", "set", "stage", "messages", "s median", "s p90")
    return Table("Seconds per stage of the pipeline, over the messages that came to the stage", columns, rows)


def fact_table(where: str, score: Score) -> Table:
    """Return one row per fact, the commonest first."""
    ordered = sorted(score.facts.items(), key=lambda pair: (-pair[1].gold, pair[0]))
    rows = [
        (key, *map(str, (tally.gold, tally.right, tally.wrong, tally.missed, tally.invented)), f"{tally.f1:.2f}")
        for key, tally in ordered
    ]
    columns = ("fact", "gold", "right", "wrong value", "missed", "invented", "F1")
    return Table(f"Facts, one by one: {where}", columns, rows)


def intent_table(where: str, score: Score) -> Table:
    """Return the confusion of intents: rows are gold, columns what was read."""
    rows = []
    for gold in INTENTS:
        counts = [score.confusion[gold, read] for read in INTENTS]
        if sum(counts):
            rows.append((gold, *(str(count) if count else "" for count in counts), f"{_of(score, gold):.2f}"))
    return Table(f"Intents, gold by row, read by column: {where}", ("", *INTENTS, "right"), rows)


def _of(score: Score, gold: str) -> float:
    whole = sum(count for (true, _), count in score.confusion.items() if true == gold)
    return score.confusion[gold, gold] / whole
