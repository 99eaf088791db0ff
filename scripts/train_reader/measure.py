"""Measures an encoder on held-out messages: facts, precision at thresholds, intents. It knows no training."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from agent.reading.labels import groups, labels
from agent.reading.reading import INTENTS
from tools.facts import fact_dictionary
from train_reader.fit import collate
from train_reader.network import ReaderNetwork, label_probabilities
from train_reader.samples import Sample

Array = NDArray[np.float32]
KINDS = (
    "asked choice",
    "asked set",
    "asked flag",
    "asked number",
    "open choice",
    "open set",
    "open flag",
    "open number",
)


@dataclass(frozen=True)
class Predictions:
    """What a network says of samples: probabilities (samples, labels) and of intents, and the gold."""

    labels: Array
    intents: Array
    gold: NDArray[np.bool_]
    samples: Sequence[Sample]


def predict(network: ReaderNetwork, samples: Sequence[Sample]) -> Predictions:
    """Run the network over samples, 32 at a time."""
    facts = np.zeros((len(samples), len(labels())), dtype=np.float32)
    intents = np.zeros((len(samples), len(INTENTS)), dtype=np.float32)
    gold = np.zeros((len(samples), len(labels())), dtype=bool)
    order = sorted(range(len(samples)), key=lambda n: len(samples[n].text))
    with torch.no_grad():
        for first in range(0, len(order), 32):
            rows = order[first : first + 32]
            _, messages, wants = network(collate([samples[row] for row in rows]))
            facts[rows] = label_probabilities(messages).numpy()
            intents[rows] = torch.softmax(wants, dim=1).numpy()
    for row, sample in enumerate(samples):
        gold[row, [span.label for span in sample.spans]] = True
    return Predictions(facts, intents, gold, samples)


def join_predictions(parts: Sequence[Predictions]) -> Predictions:
    """Return the predictions of all folds as one."""
    return Predictions(
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.intents for part in parts]),
        np.concatenate([part.gold for part in parts]),
        [sample for part in parts for sample in part.samples],
    )


def kinds_of(samples: Sequence[Sample]) -> NDArray[np.int64]:
    """Return for each sample and label the number of its kind in KINDS, (samples, labels)."""
    types = [fact_dictionary()[label.key].type.replace("text", "number") for label in labels()]
    asked = np.array([[sample.asked == label.key for label in labels()] for sample in samples])
    names = list(KINDS)
    table = np.array(
        [[names.index(f"open {kind}") for kind in types], [names.index(f"asked {kind}") for kind in types]]
    )
    found: NDArray[np.int64] = table[asked.astype(int), np.arange(len(types))]
    return found


def taken(likely: Array, thresholds: Array) -> NDArray[np.bool_]:
    """Return which labels count as said: above the threshold and the likeliest of their group."""
    best = np.zeros(likely.shape, dtype=bool)
    for part in groups():
        numbers = np.array(part)
        best[np.arange(len(likely)), numbers[likely[:, numbers].argmax(1)]] = True
    found: NDArray[np.bool_] = best & (likely >= thresholds)
    return found


def table(found: Predictions) -> str:
    """Return a table of facts per kind at thresholds, and the share of right intents."""
    kinds = kinds_of(found.samples)
    lines = ["kind            gold   " + "   ".join(f"P/R/F at {t:.2f}" for t in (0.3, 0.5, 0.7, 0.8, 0.9))]
    for number, name in [*enumerate(KINDS), (-1, "all but numbers"), (-2, "all")]:
        mask = _mask(kinds, number)
        cells = []
        for threshold in (0.3, 0.5, 0.7, 0.8, 0.9):
            read = taken(found.labels, np.float32(threshold)) & mask
            cells.append("{:.2f}/{:.2f}/{:.3f}".format(*rates(read, found.gold & mask)))
        lines.append(f"{name:<15}{int((found.gold & mask).sum()):>5}   " + "  ".join(cells))
    wanted = np.array([INTENTS.index(s.intent) for s in found.samples])  # type: ignore[arg-type]
    lines.append(f"intents {(found.intents.argmax(1) == wanted).mean():.3f} of {len(wanted)}")
    for place, intent in enumerate(INTENTS):
        right = (found.intents.argmax(1) == place) & (wanted == place)
        read = (found.intents.argmax(1) == place).sum()
        lines.append(f"  {intent}: {right.sum()} right of {(wanted == place).sum()}, read {read}")
    return "\n".join(lines)


def _mask(kinds: NDArray[np.int64], number: int) -> NDArray[np.bool_]:
    if number == -2:
        return np.ones(kinds.shape, dtype=bool)
    numeric = np.isin(kinds, [KINDS.index("asked number"), KINDS.index("open number")])
    return ~numeric if number == -1 else kinds == number


def rates(read: NDArray[np.bool_], gold: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    right = float((read & gold).sum())
    precision, recall = right / max(1.0, float(read.sum())), right / max(1.0, float(gold.sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)
