"""What the encoder learns from: labelled messages and the phrases of the example bank. It knows no network."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from agent.reading.examples import NOTHING, Bank, FactExamples, load_bank
from agent.reading.labels import Label, label_numbers
from tools.facts import fact_dictionary

MESSAGES = Path(__file__).parents[2] / "agent" / "reading" / "messages"
# A phrase of the bank was written for one fact; what it says of others was only looked over.
_LOOKED_OVER = 0.3
_YES = ("yes", "yep", "yeah", "yes, we do", "right", "correct", "yes it is", "sure")
_NO = ("no", "nope", "no, we don't", "not at all", "nah", "no it isn't", "never")


@dataclass(frozen=True)
class Span:
    """The characters of a message that state a label."""

    label: int
    start: int
    end: int


@dataclass(frozen=True)
class Sample:
    """A message with what it states. `weights` says how far facts are known: 1 unless named; `other` is the rest."""

    text: str
    asked: str | None
    intent: str | None
    spans: tuple[Span, ...]
    weights: Mapping[str, float] = field(default_factory=dict)
    other: float = 1.0
    bank: bool = False


def load_messages(folder: Path = MESSAGES) -> list[Sample]:
    """Load every labelled message of the folder, in the order of the files' names."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[tuple[str, str | None], Sample] = {}
    for path in sorted(folder.glob("*.yaml")):
        for record in yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or []:
            sample = _message(record)
            found.setdefault((sample.text, sample.asked), sample)
    return list(found.values())


def data_hash(samples: list[Sample]) -> str:
    """Return a hash of the samples and the bank."""
    text = "\0".join(repr((s.text, s.asked, s.intent, s.spans)) for s in samples)
    return hashlib.sha256((text + load_bank().sha256).encode("utf-8")).hexdigest()


def _message(record: Mapping[str, Any]) -> Sample:
    text = record["text"]
    spans: list[Span] = []
    for key, value, quote in record.get("facts") or []:
        start = text.find(str(quote))
        for label in _labels(key, value):
            spans.append(Span(label_numbers()[label], start, start + len(str(quote))))
    return Sample(text, record.get("asked"), record["intent"], tuple(spans))


def _labels(key: str, value: Any) -> list[Label]:
    match fact_dictionary()[key].type:
        case "set":
            return [Label(key, str(one)) for one in value]
        case "choice":
            return [Label(key, str(value))]
        case "flag":
            return [Label(key, str(value).lower())]
        case _:
            return [Label(key)]


def bank_samples() -> list[Sample]:
    """Return the phrases of the bank as messages, those that stand alone both with and without the question."""
    bank = load_bank()
    found = [sample for fact in bank.facts.values() for sample in _fact(fact)]
    return found + list(_factless(bank))


def _fact(fact: FactExamples) -> Iterator[Sample]:
    known = {fact.key: 1.0}
    for value in fact.values:
        label = label_numbers()[Label(fact.key, value)]
        for phrase in fact.says[value]:
            for asked in (None, fact.key):
                yield _stating(phrase, asked, label, known)
        for phrase in fact.answers[value]:
            yield _stating(phrase, fact.key, label, known)
    for phrase in fact.nots:
        yield Sample(phrase, None, None, (), known, _LOOKED_OVER, True)
    for phrases, value in ((_YES, fact.if_yes), (_NO, fact.if_no)):
        for phrase in phrases if value != NOTHING else ():
            yield _stating(phrase, fact.key, label_numbers()[Label(fact.key, value)], {})


def _stating(phrase: str, asked: str | None, label: int, known: Mapping[str, float]) -> Sample:
    return Sample(phrase, asked, "answer", (Span(label, 0, len(phrase)),), known, _LOOKED_OVER if known else 1.0, True)


def _factless(bank: Bank) -> Iterator[Sample]:
    choices = {key: 1.0 for key, spec in fact_dictionary().items() if spec.type in ("choice", "set", "flag")}
    for phrase in bank.nothing:
        yield Sample(phrase, None, None, (), choices, 0.0, True)
    for intent, phrases in bank.intents.items():
        for phrase in phrases:
            plain = intent not in ("answer", "correction")
            yield Sample(phrase, None, intent, (), {}, 1.0 if plain else 0.0, True)
