"""Stands in for reader, decision and searcher, so that the path of a conversation is tested alone."""

import re
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from agent.adviser import Adviser
from agent.assessing import Assessor
from agent.context import Reads
from agent.reading.reading import Command, Intent, ReadFact, Reading, RejectedFact
from knowledge.passages import Passage
from models.protocol import ChatModel, Usage
from tools.assessment import (
    Assessment,
    BreakEven,
    Flip,
    MoneyRange,
    NextQuestion,
    PortfolioAssessment,
    Verdict,
    WorkloadAssessment,
)
from tools.facts import FactValue, Portfolio, Workload, check_value, spec_of

DAY = date(2026, 11, 22)
ASKED_IN_ORDER = ("task", "external_api", "requests_per_day", "platform_team", "input_tokens")

_FACT = re.compile(r"(\w+)=(\S+)")
_COMMANDS = ("report", "new", "next", "switch", "back", "review", "undo", "stop")


class MarkedReader:
    """Reads messages in which every fact is written as key=value and the intent as a leading `intent:`."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.read_texts: list[str] = []
        self._seconds = seconds

    def read(
        self,
        text: str,
        asked: str | None,
        *,
        known: Mapping[str, FactValue] = {},
        previous: str | None = None,
        cancel: threading.Event | None = None,
    ) -> Reading:
        self.read_texts.append(text)
        time.sleep(self._seconds)
        head, _, body = text.partition(":")
        usage = Usage(10, 5, 2)
        if head in _COMMANDS:
            facts = _facts(body) if head == "new" else ()
            return Reading("command", Command(head, body.strip()), facts, usage=usage)  # type: ignore[arg-type]
        if head == "what_if":
            return Reading("what_if", supposed=_facts(body), usage=usage)
        question = re.search(r"[^.]*\?", text)
        intent: Intent = head if head in ("why", "skip", "correction", "other") else "answer"  # type: ignore[assignment]
        if question and intent == "answer":
            intent = "question"
        asks = question[0].strip() if question and intent == "question" else ""
        return Reading(intent, None, _facts(text), _rejected(text), asks, usage)


def _facts(text: str) -> tuple[ReadFact, ...]:
    return tuple(
        ReadFact(key, check_value(spec_of(key), _raw(key, raw)), f"{key}={raw}", 1.0, "recogniser")
        for key, raw in _FACT.findall(text)
        if not raw.startswith("!")
    )


def _rejected(text: str) -> tuple[RejectedFact, ...]:
    return tuple(
        RejectedFact(key, raw[1:], f"{key}={raw}", "it does not fit")
        for key, raw in _FACT.findall(text)
        if raw.startswith("!")
    )


def _raw(key: str, raw: str) -> object:
    raw = raw.rstrip(".,;?")
    match spec_of(key).type:
        case "number":
            low, _, high = raw.partition("..")
            return [float(low), float(high)] if high else float(low)
        case "flag":
            return raw == "true"
        case "set":
            return raw.split("+")
        case _:
            return raw


def decide(portfolio: Portfolio, as_of: date) -> Assessment:
    """Decide by one rule: what may not leave runs on own servers, everything else on a hosted open model."""
    workloads = tuple(_decide(workload, portfolio) for workload in portfolio.workloads)
    return Assessment(as_of, workloads, PortfolioAssessment(None, (), (), None, ()))


def _decide(workload: Workload, portfolio: Portfolio) -> WorkloadAssessment:
    known = {**portfolio.organization.facts, **workload.facts}
    own = "external_api" in known and known["external_api"].value == "forbidden"
    volume = known["requests_per_day"].value if "requests_per_day" in known else 1000.0
    usd = (float(volume) if isinstance(volume, int | float) else 5000.0) / 10
    deployment = "self_hosted" if own else "hosted_open"
    questions = tuple(NextQuestion(key, 0.5 / (i + 1)) for i, key in enumerate(ASKED_IN_ORDER) if key not in known)
    return WorkloadAssessment(
        name=workload.name,
        verdict=Verdict(
            deployment=deployment,  # type: ignore[arg-type]
            model="qwen3-30b",
            provider="" if own else "together",
            hardware="1 x L40S" if own else "",
            clarity="clear" if own else "close_call",
            probability=0.8,
            monthly_usd=MoneyRange(usd * 0.8, usd, usd * 1.2),
            fallback=None,
            reasons=("The data may not leave.",) if own else ("It is cheapest.",),
        ),
        options=(),
        break_even=BreakEven(2e9, "fixed / saved", "gpt-5-mini"),
        flips=(Flip("external_api", None, "allowed", "hosted_open"),) if own else (),
        findings=(),
        assumptions=(),
        questions=questions,
        tokens_per_month=1e9,
    )


class OnePassage:
    """Finds the same passage for every question that names Llama, and none for others."""

    passage = Passage(
        "llama-1",
        "Open weights",
        "Llama is not open source in the sense of the Open Source Initiative. Its licence limits "
        "products with more than 700 million monthly users. Weights can be downloaded after a form.",
        0.8,
        "guidance/licences.md",
        ("licence",),
    )

    def search(self, query: str, k: int = 3, topics: Sequence[str] | None = None) -> list[Passage]:
        return [self.passage] if "llama" in query.lower() else []


class LetterEmbedder:
    """Embeds a text as its counts of letters."""

    name = "letters"
    sha256 = "0" * 64

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.array([[text.lower().count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts])
        return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def fake_adviser(folder: Path, model: ChatModel | None = None, reader: Reads | None = None) -> Adviser:
    """Build an adviser on the stand-ins."""
    return Adviser(
        model=model,
        reader=reader or MarkedReader(),
        retriever=OnePassage(),
        embedder=LetterEmbedder(),
        store=folder / "sessions.sqlite",
        today=lambda: DAY,
        assessor=Assessor(lambda: DAY, decide),
    )
