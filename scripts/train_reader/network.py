"""The encoder in PyTorch: the sentence model with low-rank adapters and heads for facts and intents.

`agent/reading/encoder.py` computes the same in numpy; what is changed here must be changed there.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from agent.reading.encoder_base import MATRICES, BaseWeights
from agent.reading.labels import groups, labels
from agent.reading.mpnet_base import distances
from agent.reading.reading import INTENTS
from tools.facts import fact_dictionary

HEADS = 12


@dataclass(frozen=True)
class Batch:
    """Messages padded to one length: `ids`, `kinds` and the masks have shape (messages, tokens).

    `said` marks the message's own tokens, `there` every token that is no padding; `asked` is the number of the asked
    fact in the dictionary, or the number of facts where none was.
    """

    ids: Tensor
    kinds: Tensor
    there: Tensor
    said: Tensor
    asked: Tensor


class Adapted(nn.Module):
    """A fixed matrix with a low-rank addition and a trained bias."""

    def __init__(self, matrix: np.ndarray, bias: np.ndarray, rank: int, dropout: float) -> None:
        super().__init__()
        self.register_buffer("matrix", torch.tensor(matrix))
        self.bias = nn.Parameter(torch.tensor(bias))
        self.down = nn.Parameter(torch.randn(matrix.shape[0], rank) / math.sqrt(matrix.shape[0]))
        self.up = nn.Parameter(torch.zeros(rank, matrix.shape[1]))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.matrix + self.bias + self.dropout(x @ self.down) @ self.up


class Layer(nn.Module):
    """One layer of the sentence model."""

    def __init__(self, weights: Mapping[str, np.ndarray], rank: int, dropout: float, epsilon: float) -> None:
        super().__init__()
        self.width, self.epsilon = len(weights["query_bias"]), epsilon
        for name in MATRICES:
            setattr(self, name, Adapted(weights[name], weights[f"{name}_bias"], rank, dropout))
        self.norms = nn.ParameterDict(
            {name: nn.Parameter(torch.tensor(weights[name])) for name in weights if "_norm_" in name}
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        count, length, _ = x.shape
        query, key, value = (
            part(x).view(count, length, HEADS, self.width // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(count, length, self.width)
        x = self._norm("attention_norm", x + self.dropout(self.attention(mixed)))
        return self._norm("output_norm", x + self.dropout(self.output(F.gelu(self.intermediate(x)))))

    def _norm(self, name: str, x: Tensor) -> Tensor:
        scale, bias = self.norms[f"{name}_scale"], self.norms[f"{name}_bias"]
        return F.layer_norm(x, (self.width,), scale, bias, self.epsilon)


class ReaderNetwork(nn.Module):
    """Scores per token and label, per message and label, and per intent."""

    def __init__(self, base: BaseWeights, directions: Tensor, rank: int = 16, dropout: float = 0.1) -> None:
        """Args: directions: where each label starts in the space of the sentence model, (labels, width)."""
        super().__init__()
        self._base = base
        width = self.width = base.width
        self.register_buffer("places", torch.tensor(base.places[np.arange(256)]))
        self.kinds = nn.Parameter(torch.tensor(base.kinds))
        self.norm_scale = nn.Parameter(torch.tensor(base.norm[0]))
        self.norm_bias = nn.Parameter(torch.tensor(base.norm[1]))
        self.layers = nn.ModuleList(Layer(weights, rank, dropout, base.epsilon) for weights in base.layers)
        self.near = None if base.near is None else torch.tensor(base.near)
        count, facts = len(labels()), len(fact_dictionary())
        self.token_head = nn.Parameter(directions.clone())
        self.token_bias = nn.Parameter(torch.full((count,), -4.0))
        self.pool_head = nn.Parameter(directions.clone())
        self.pool_whole = nn.Parameter(torch.zeros(count, width))
        self.pool_bias = nn.Parameter(torch.full((count,), -4.0))
        self.sharpness = nn.Parameter(torch.ones(count))
        self.asked_token = nn.Parameter(torch.zeros(count, 2))
        self.asked_pool = nn.Parameter(torch.zeros(count, 2))
        self.intent_head = nn.Linear(2 * width, len(INTENTS))
        self.dropout = nn.Dropout(dropout)
        keys = list(fact_dictionary())
        self.register_buffer("fact_of", torch.tensor([keys.index(label.key) for label in labels()]))
        self._facts = facts

    def hidden(self, batch: Batch) -> Tensor:
        """Return the states of the tokens, (messages, tokens, width); in training bfloat16 halves the time."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.training):
            return self._states(batch).float()

    def _states(self, batch: Batch) -> Tensor:
        words = torch.from_numpy(self._base.words[batch.ids.numpy().reshape(-1)]).view(*batch.ids.shape, self.width)
        x = words + self.places[: batch.ids.shape[1]] + self.kinds[batch.kinds]
        x = self.dropout(F.layer_norm(x, (self.width,), self.norm_scale, self.norm_bias, self._base.epsilon))
        mask = batch.there[:, None, None, :]
        if self.near is not None:
            near = self.near[torch.from_numpy(distances(batch.ids.shape[1]))].permute(2, 0, 1)
            mask = near[None].masked_fill(~mask, -1e9)
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return scores of tokens (messages, tokens, labels), of messages (messages, labels), of intents."""
        x = self.dropout(self.hidden(batch))
        asked = (self.fact_of[None, :] == batch.asked[:, None]).float()
        some = (batch.asked < self._facts).float()[:, None]
        tokens = x @ self.token_head.T + self.token_bias + _shift(self.asked_token, asked, some)[:, None, :]
        hidden_away = ~batch.said[:, :, None]
        focus = torch.softmax((tokens * self.sharpness).masked_fill(hidden_away, -1e4), dim=1)
        pooled = torch.einsum("mtl,mtd->mld", focus, x)
        whole = x[:, 0]
        messages = (pooled * self.pool_head).sum(-1) + whole @ self.pool_whole.T + self.pool_bias
        messages = messages + _shift(self.asked_pool, asked, some)
        said = batch.said[:, :, None].float()
        mean = (x * said).sum(1) / said.sum(1).clamp(min=1)
        return tokens, messages, self.intent_head(torch.cat([whole, mean], dim=1))


def _shift(table: Tensor, asked: Tensor, some: Tensor) -> Tensor:
    """Return what is added to each label where its own fact was asked, or where another was."""
    return asked * table[:, 0] + (some - asked) * table[:, 1]


def group_table() -> Tensor:
    """Return the labels of each group, padded with -1: shape (groups, most labels of a group)."""
    most = max(len(numbers) for numbers in groups())
    return torch.tensor([[*numbers, *(-1,) * (most - len(numbers))] for numbers in groups()])


def group_scores(messages: Tensor, table: Tensor) -> Tensor:
    """Return scores of "not said" and each label per group: (messages, groups, 1 + most)."""
    gathered = messages[:, table.clamp(min=0)].masked_fill(table < 0, -1e4)
    return torch.cat([torch.zeros_like(gathered[:, :, :1]), gathered], dim=2)


def label_probabilities(messages: Tensor) -> Tensor:
    """Return the probability of each label, (messages, labels)."""
    table = group_table()
    likely = torch.softmax(group_scores(messages, table), dim=2)[:, :, 1:]
    found = torch.zeros_like(messages)
    return found.index_add(1, table[table >= 0], likely[:, table >= 0])
