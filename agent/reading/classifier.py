"""Classifies clauses and messages by the example bank, in the space of a sentence embedding. It knows no pipeline.

Per fact there are two regressions over its values and "nothing said": `open` reads a clause as it stands, `asked`
knows that the fact was asked for and so understands short answers too. One more tells the intent of a message.
Training takes some seconds, so the weights are kept in a file named by the hash of everything they depend on.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agent.reading.examples import NOTHING, Bank, FactExamples, load_bank
from agent.reading.regression import Matrix, Regression, train

# Raise when features or training change, so that kept weights of older code are not used.
_VERSION = "1"
_PENALTY = 3e-5
_HARD_WEIGHT = 3.0
_NOTHING_SHARE = 0.7
_NEGATION_SCALE = 0.5
_NEGATION = re.compile(
    r"\b(?:no|not|none|never|nobody|nothing|cannot|without|nope|neither|nor)\b|n['’]t\b", re.IGNORECASE
)
_BY_HEART = re.compile(r"[^a-z0-9%&' ]+")
_OPEN, _ASKED, _INTENT = "open", "asked", "intent"
_FACTLESS = ("question", "skip", "why", "what_if", "command", "other")


class TextEmbedder(Protocol):
    """What the classifier needs of an embedder."""

    @property
    def sha256(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Guess:
    """A value (or intent) with its probability."""

    value: str
    probability: float


class ExampleClassifier:
    """The trained regressions with the embedder whose space they live in."""

    def __init__(self, embedder: TextEmbedder, bank: Bank, regressions: Mapping[str, Regression]) -> None:
        self._embedder = embedder
        self._bank = bank
        self._regressions = regressions

    @classmethod
    def open(cls, embedder: TextEmbedder, folder: Path | None) -> "ExampleClassifier":
        """Load the kept weights from `folder`, or train them and keep them there (None: keep nothing)."""
        bank = load_bank()
        digest = hashlib.sha256(f"{_VERSION} {bank.sha256} {embedder.sha256}".encode()).hexdigest()
        path = folder / f"examples-{digest[:16]}.npz" if folder else None
        if path is not None and path.is_file():
            with np.load(path, allow_pickle=False) as kept:
                return cls(embedder, bank, {name: Regression(kept[name]) for name in kept.files})
        regressions = _train_all(bank, embedder)
        if path is not None:
            _keep(path, regressions)
        return cls(embedder, bank, regressions)

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the facts that the bank has examples for."""
        return tuple(self._bank.facts)

    def features(self, texts: Sequence[str]) -> Matrix:
        """Embed texts for `guess` and `intent`."""
        return features(self._embedder, texts)

    def guess(self, key: str, rows: Matrix, asked: bool) -> list[list[Guess]]:
        """Return for each row the values of the fact, the likeliest first."""
        likely = self._regressions[f"{_ASKED if asked else _OPEN}:{key}"].probabilities(rows)
        values = self._bank.facts[key].values
        return [_ranked(values, row[1:]) for row in likely]

    def intent(self, row: Matrix) -> list[Guess]:
        """Return the intents of one message, the likeliest first."""
        return _ranked(tuple(self._bank.intents), self._regressions[_INTENT].probabilities(row)[0])


def by_heart(key: str, text: str) -> str:
    """Return the value whose example this text is, word for word, or an empty string."""
    fact = load_bank().facts.get(key)
    wanted = plain_words(text)
    for value in fact.values if fact is not None and wanted else ():
        if fact is not None and wanted in {plain_words(one) for one in (*fact.answers[value], *fact.says[value])}:
            return value
    return NOTHING


def plain_words(text: str) -> str:
    """Return the text in lower case without punctuation."""
    return " ".join(_BY_HEART.sub(" ", text.lower().replace("’", "'")).split())


def features(embedder: TextEmbedder, texts: Sequence[str]) -> Matrix:
    """Embed texts and append whether they negate, which sentence embeddings blur."""
    negates = np.array([[_NEGATION_SCALE if _NEGATION.search(text) else 0.0] for text in texts], dtype=np.float32)
    return np.hstack([embedder.embed(texts), negates.reshape(len(texts), 1)])


def _ranked(values: Sequence[str], likely: Matrix) -> list[Guess]:
    pairs = sorted(zip(values, likely, strict=True), key=lambda pair: -pair[1])
    return [Guess(value, float(probability)) for value, probability in pairs]


def _keep(path: Path, regressions: Mapping[str, Regression]) -> None:
    """Write the weights whole or not at all: another process may be reading the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.stem}.part.npz")
    arrays: dict[str, NDArray[np.float32]] = {name: found.weights for name, found in regressions.items()}
    np.savez(part, allow_pickle=False, **arrays)
    part.replace(path)


def _train_all(bank: Bank, embedder: TextEmbedder) -> dict[str, Regression]:
    phrases = bank.phrases()
    rows = features(embedder, phrases)
    place = {phrase: number for number, phrase in enumerate(phrases)}
    found: dict[str, Regression] = {}
    for fact in bank.facts.values():
        for mode in (_OPEN, _ASKED):
            labelled = _labelled(bank, fact, mode == _ASKED)
            found[f"{mode}:{fact.key}"] = _fit(labelled, set(fact.nots), len(fact.values) + 1, rows, place)
    found[_INTENT] = _fit(_labelled_intents(bank), set(), len(bank.intents), rows, place)
    return found


def _labelled(bank: Bank, fact: FactExamples, asked: bool) -> dict[str, int]:
    """Map phrases to classes: 0 says nothing of the fact, 1… are its values."""
    labels: dict[str, int] = {}
    for number, value in enumerate(fact.values, start=1):
        labels.update(dict.fromkeys((*fact.says[value], *(fact.answers[value] if asked else ())), number))
    factless = [phrase for intent in _FACTLESS for phrase in bank.intents[intent]]
    others = [
        phrase
        for other in bank.facts.values()
        if other.key != fact.key
        for group in other.says.values()
        for phrase in group
    ]
    for phrase in (*fact.nots, *bank.nothing, *factless, *others):
        labels.setdefault(phrase, 0)
    return labels


def _labelled_intents(bank: Bank) -> dict[str, int]:
    labels: dict[str, int] = {}
    for number, phrases in enumerate(bank.intents.values()):
        labels.update(dict.fromkeys(phrases, number))
    answer = list(bank.intents).index("answer")
    for fact in bank.facts.values():
        for group in (*fact.says.values(), *fact.answers.values()):
            for phrase in group:
                labels.setdefault(phrase, answer)
    return labels


def _fit(
    labels: Mapping[str, int], hard: Iterable[str], count: int, rows: Matrix, place: Mapping[str, int]
) -> Regression:
    """Train one regression; rare classes weigh more, but not as much as would make all classes equal."""
    classes = np.array(list(labels.values()), dtype=np.int64)
    near = set(hard)
    weights = np.array([_HARD_WEIGHT if phrase in near else 1.0 for phrase in labels], dtype=np.float32)
    for number in range(count):
        total = float(weights[classes == number].sum())
        if total > 0:
            weights[classes == number] *= ((1.0 if number else count * _NOTHING_SHARE) / total) ** 0.5
    return train(rows[[place[phrase] for phrase in labels]], classes, weights, count, _PENALTY)
