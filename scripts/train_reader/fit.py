"""Trains the encoder on samples. It knows no files and no thresholds."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from agent.reading.encoder_base import BaseWeights
from agent.reading.labels import groups, labels, tokenize
from agent.reading.reading import INTENTS
from tools.facts import fact_dictionary
from train_reader.augment import vary
from train_reader.keep import restore
from train_reader.network import Batch, ReaderNetwork, group_scores, group_table
from train_reader.samples import Sample, bank_samples

MOST_PHRASES = 2500
_KEYS = list(fact_dictionary())


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train."""

    epochs: int = 8
    batch: int = 16
    rank: int = 16
    dropout: float = 0.1
    rate: float = 1e-3
    decay: float = 0.01
    bank_share: float = 0.15
    frozen: int = 2
    token_weight: float = 0.5
    intent_weight: float = 0.5
    positive: float = 2.0
    seed: int = 1


@dataclass(frozen=True)
class Targets:
    """What the network should say: token labels, the place of each group's label (0 none), intents (-1 open)."""

    tokens: Tensor
    places: Tensor
    weights: Tensor
    intents: Tensor


def fit(base: BaseWeights, samples: Sequence[Sample], plan: Plan, start: Path | None = None) -> ReaderNetwork:
    """Train a network on messages and bank, from the sentence model or from the weights kept in the folder `start`."""
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)
    bank = bank_samples()
    if start is None:
        network = ReaderNetwork(base, directions(base, [*bank, *samples]), plan.rank, plan.dropout)
    else:
        network = ReaderNetwork(base, torch.zeros(len(labels()), base.width), plan.rank, plan.dropout)
        restore(network, start)
    _freeze(network, plan.frozen)
    adapters = [p for name, p in network.named_parameters() if p.requires_grad and _adapts(name)]
    heads = [p for name, p in network.named_parameters() if p.requires_grad and not _adapts(name)]
    optimizer = torch.optim.AdamW(
        [{"params": adapters, "lr": plan.rate}, {"params": heads, "lr": plan.rate * 2}], weight_decay=plan.decay
    )
    drawn = int(plan.bank_share * len(samples))
    steps = plan.epochs * -(-(len(samples) + drawn) // plan.batch)
    peaks = [group["lr"] for group in optimizer.param_groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, peaks, steps + 1, pct_start=0.1)
    loose = [s for s in [*samples, *bank] if s.asked is None and 3 <= len(s.text.split()) <= 40]
    for epoch in range(plan.epochs):
        started, total = time.perf_counter(), 0.0
        network.train()
        chosen = [vary(s, loose, chance) for s in [*samples, *chance.sample(bank, min(drawn, len(bank)))]]
        for part in batches(chosen, plan.batch, chance):
            loss = loss_of(network, part, plan)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total:.1f}, {time.perf_counter() - started:.0f} s", flush=True)
    return network.eval()


def _adapts(name: str) -> bool:
    return name.startswith("layers") or "norm" in name


def _freeze(network: ReaderNetwork, layers: int) -> None:
    """Leave the embeddings and the lowest layers as they are: they know words, and this saves a third of the time."""
    if not layers:
        return
    fixed = [network.kinds, network.norm_scale, network.norm_bias]
    for parameter in (*fixed, *(p for layer in network.layers[:layers] for p in layer.parameters())):
        parameter.requires_grad_(False)
    for layer in network.layers[:layers]:
        for name, parameter in layer.named_parameters():
            if name.endswith(".down"):
                parameter.data.zero_()


def directions(base: BaseWeights, samples: Sequence[Sample]) -> Tensor:
    """Return where each label starts: the mean of its phrases' sentence vectors, less what all labels share."""
    blank = ReaderNetwork(base, torch.zeros(len(labels()), base.width), rank=1).eval()
    sums = torch.zeros(len(labels()), base.width)
    phrases = [(s.text[span.start : span.end], span.label) for s in samples for span in s.spans]
    phrases = random.Random(1).sample(phrases, min(len(phrases), MOST_PHRASES))
    phrases.sort(key=lambda pair: len(pair[0]))
    with torch.no_grad():
        for first in range(0, len(phrases), 64):
            part = phrases[first : first + 64]
            batch = collate([Sample(text, None, None, ()) for text, _ in part])
            states = blank.hidden(batch) * batch.there[:, :, None]
            vectors = F.normalize(states.sum(1), dim=1)
            sums.index_add_(0, torch.tensor([label for _, label in part]), vectors)
    means = F.normalize(sums, dim=1)
    return (means - means.mean(0)) * 1.0


def batches(samples: Sequence[Sample], size: int, chance: random.Random) -> list[list[Sample]]:
    """Group samples of similar length, in random order."""
    ordered = sorted(samples, key=lambda s: len(s.text) + 30 * bool(s.asked) + chance.uniform(0, 15))
    found = [ordered[first : first + size] for first in range(0, len(ordered), size)]
    chance.shuffle(found)
    return found


def collate(samples: Sequence[Sample]) -> Batch:
    """Tokenize and pad."""
    read = [tokenize(s.text, s.asked) for s in samples]
    shape = (len(samples), max(len(tokens.ids) for tokens in read))
    ids, kinds = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    there, said = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for row, tokens in enumerate(read):
        ids[row, : len(tokens.ids)] = tokens.ids
        kinds[row, : len(tokens.ids)] = tokens.kinds
        there[row, : len(tokens.ids)] = True
        said[row, tokens.first : tokens.first + len(tokens.offsets)] = True
        said[row, tokens.first] = True
    asked = [len(_KEYS) if s.asked is None else _KEYS.index(s.asked) for s in samples]
    return Batch(*(torch.from_numpy(array) for array in (ids, kinds, there, said)), torch.tensor(asked))


def targets(samples: Sequence[Sample], length: int) -> Targets:
    """Return the gold of a batch whose rows have `length` tokens."""
    tokens = torch.zeros(len(samples), length, len(labels()))
    places = torch.zeros(len(samples), len(groups()), dtype=torch.long)
    weights = torch.ones(len(samples), len(groups()))
    intents = torch.full((len(samples),), -1, dtype=torch.long)
    where = {label: (group, place) for group, part in enumerate(groups()) for place, label in enumerate(part, start=1)}
    for row, sample in enumerate(samples):
        weights[row] = torch.tensor([sample.weights.get(labels()[part[0]].key, sample.other) for part in groups()])
        read = tokenize(sample.text, sample.asked)
        for span in sample.spans:
            group, place = where[span.label]
            places[row, group] = place
            for number, (start, end) in enumerate(read.offsets):
                if start < span.end and end > span.start:
                    tokens[row, read.first + number, span.label] = 1.0
        if sample.intent is not None:
            intents[row] = INTENTS.index(sample.intent)  # type: ignore[arg-type]
    return Targets(tokens, places, weights, intents)


def loss_of(network: ReaderNetwork, samples: Sequence[Sample], plan: Plan) -> Tensor:
    """Return the loss of one batch, per message."""
    batch = collate(samples)
    gold = targets(samples, batch.ids.shape[1])
    tokens, messages, intents = network(batch)
    table = group_table()
    scores = group_scores(messages, table)
    surprise = F.cross_entropy(scores.flatten(0, 1), gold.places.flatten(), reduction="none").view_as(gold.places)
    heavy = 1.0 + (plan.positive - 1.0) * (gold.places > 0).float()
    facts = (surprise * gold.weights * heavy).sum() / len(samples)
    per_label = torch.zeros(len(samples), len(labels()))
    for group, part in enumerate(groups()):
        per_label[:, list(part)] = gold.weights[:, group, None]
    told = F.binary_cross_entropy_with_logits(tokens, gold.tokens, reduction="none", pos_weight=torch.tensor(2.0))
    mask = batch.said[:, :, None] * per_label[:, None, :]
    spans = (told * mask).sum() / batch.said.sum() * 4.0
    known = gold.intents >= 0
    wants = F.cross_entropy(intents[known], gold.intents[known]) if bool(known.any()) else torch.zeros(())
    return facts + plan.token_weight * spans + plan.intent_weight * wants
