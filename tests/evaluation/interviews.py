"""Runs all scripted users through the adviser, judges each interview and lays the figures out in tables."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.evaluation.interview import Interview, interview
from tests.evaluation.score import compare
from tests.evaluation.seconds import median, ninetieth, shown
from tests.evaluation.tables import Table
from tests.evaluation.users import User, assess_in_full, judge
from tools.facts import FactValue, plain_value

if TYPE_CHECKING:
    from agent.adviser import Adviser


@dataclass(frozen=True, slots=True)
class Judged:
    """An interview with its verdict on full information and what became of the facts.

    `missing` are facts that the person knows and was asked for, and that were not recorded; `invented` were recorded
    though the person does not know them.
    """

    talk: Interview
    full: str
    verdict: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    missing: tuple[str, ...]
    invented: tuple[str, ...]

    @property
    def seconds(self) -> list[float]:
        """Return the seconds of every turn."""
        return [exchange.seconds for exchange in self.talk.exchanges]

    def to_json(self) -> dict[str, Any]:
        """Return every figure, and the whole conversation."""
        talk = self.talk
        return {
            "user": talk.user.name,
            "questions": len(talk.asked),
            "asked": talk.asked,
            "done": talk.done,
            "deployment": talk.deployment,
            "full_information": self.full,
            "verdict": self.verdict,
            "facts": {name: getattr(self, name) for name in ("right", "wrong", "missing", "invented")},
            "workloads": talk.workloads,
            "aside_cited": talk.aside_cited,
            "quotes_not_in_message": talk.bad_quotes,
            "repeated": talk.repeated(),
            "seconds": {"median": median(self.seconds), "p90": ninetieth(self.seconds)},
            "crash": talk.crash,
            "opened": talk.opened,
            "turns": [
                {"user": each.said, "answers": each.answers, "seconds": round(each.seconds, 3), "events": each.events}
                for each in talk.exchanges
            ],
        }


def run_interviews(adviser: "Adviser", users: Sequence[User], day: date, label: str) -> list[Judged]:
    """Let every user be interviewed, one after the other, and judge the outcomes."""
    judged = []
    for number, user in enumerate(users, start=1):
        judged.append(judge_interview(interview(adviser, user, f"{label}-{number}"), day))
        print(f"  {number} of {len(users)} interviews: {judged[-1].verdict}", file=sys.stderr, flush=True)
    return judged


def judge_interview(talk: Interview, day: date) -> Judged:
    """Hold the verdict against that on full information, and the recorded facts against what the person knows."""
    full = assess_in_full(talk.user, day)
    gold, known = talk.user.facts, talk.known
    asked = {exchange.answers for exchange in talk.exchanges}
    return Judged(
        talk=talk,
        full=full.verdict.deployment,
        verdict="crash" if talk.crash else judge(talk.deployment, full),
        right=tuple(key for key in gold if key in known and _agree(key, known[key], gold[key])),
        wrong=tuple(
            f"{key}: {plain_value(known[key])} for {plain_value(gold[key])}"
            for key in gold
            if key in known and not _agree(key, known[key], gold[key])
        ),
        missing=tuple(key for key in gold if key not in known and key in asked),
        invented=tuple(f"{key}: {plain_value(known[key])}" for key in known if key not in gold),
    )


def _agree(key: str, known: FactValue, gold: FactValue) -> bool:
    counts = compare(key, known, gold)
    return counts.right == counts.gold == counts.read


def interview_table(label: str, judged: Sequence[Judged]) -> Table:
    """Return one row per user."""
    columns = (
        "user", "questions", "ended", "verdict", "on full information", "", "right", "wrong", "missing", "invented",
        "aside cited", "repeated", "s median", "s p90",
    )  # fmt: skip
    return Table(f"Interviews: {label}", columns, [_row(one) for one in judged])


def _row(one: Judged) -> tuple[str, ...]:
    talk = one.talk
    counts = (len(one.right), len(one.wrong), len(one.missing), len(one.invented))
    return (
        talk.user.name,
        str(len(talk.asked)),
        "yes" if talk.done else "no",
        talk.deployment,
        one.full,
        one.verdict,
        *map(str, counts),
        "yes" if talk.aside_cited else "no",
        str(len(talk.repeated())),
        shown(median(one.seconds)),
        shown(ninetieth(one.seconds)),
    )


def interviews_table(runs: Mapping[str, Sequence[Judged]]) -> Table:
    """Return one row per model over all users."""
    columns = (
        "model", "interviews", "questions median", "most", "ended", "right", "defensible", "wrong", "facts right",
        "wrong", "missing", "invented", "asides cited", "s median", "s p90",
    )  # fmt: skip
    return Table("Interviews: scripted users", columns, [_summary(label, judged) for label, judged in runs.items()])


def _summary(label: str, judged: Sequence[Judged]) -> tuple[str, ...]:
    questions = [len(one.talk.asked) for one in judged]
    verdicts = [one.verdict for one in judged]
    seconds = [each for one in judged for each in one.seconds]
    counts = (
        max(questions, default=0),
        sum(one.talk.done for one in judged),
        verdicts.count("right"),
        verdicts.count("defensible"),
        len(verdicts) - verdicts.count("right") - verdicts.count("defensible"),
        *(sum(len(getattr(one, name)) for one in judged) for name in ("right", "wrong", "missing", "invented")),
        sum(one.talk.aside_cited for one in judged),
    )
    figures = (shown(median(seconds)), shown(ninetieth(seconds)))
    return (label, str(len(judged)), f"{median(questions):g}", *map(str, counts), *figures)


def detail_lines(judged: Sequence[Judged]) -> list[str]:
    """Return what went wrong, one line each."""
    lines = []
    for one in judged:
        talk, name = one.talk, one.talk.user.name
        lines += [f"{name}: wrong {each}" for each in one.wrong]
        lines += [f"{name}: invented {each}" for each in one.invented]
        lines += [f"{name}: missing {key}, said {talk.user.reply(key)!r}" for key in one.missing]
        lines += [f"{name}: said again: {each}" for each in talk.repeated()]
        lines += [f"{name}: {talk.workloads} workloads instead of one"] if talk.workloads != 1 else []
        lines += [f"{name}: quotes not in the message: {talk.bad_quotes}"] if talk.bad_quotes else []
        lines += [f"{name}: crash\n{talk.crash}"] if talk.crash else []
    return lines
