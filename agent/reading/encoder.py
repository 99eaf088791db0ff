"""Runs the trained encoder in numpy: one pass gives the facts, their places and the intent. It knows no pipeline.

The sentence model's matrices come from its own file; the trained low-rank additions, biases and heads come from a
folder of `weights` and are added when the encoder is loaded. `scripts/train_reader` trains them with the same
arithmetic in PyTorch; stored reference values in the tests hold the two together.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import erf

from agent.reading.encoder_base import MATRICES, Array, BaseWeights
from agent.reading.labels import Label, Tokens, groups, label_numbers, labels, tokenize
from agent.reading.mpnet_base import distances
from agent.reading.reading import INTENTS, Intent
from tools.errors import Missing

_HEADS = 12
_WEIGHTS, _MANIFEST = "reader.npz", "reader.json"


@dataclass(frozen=True, slots=True)
class Sight:
    """What the encoder sees in a message.

    `stated[label]` is the probability that the message states the label; `places[n, label]` the probability that the
    message's token n is one of the words that state it; `offsets[n]` the characters of token n.
    """

    stated: Array
    places: Array
    offsets: tuple[tuple[int, int], ...]
    intents: Mapping[Intent, float]

    def probability(self, key: str, value: str = "") -> float:
        """Return the probability that a value of a fact (for numbers: the fact) is stated."""
        return float(self.stated[label_numbers()[Label(key, value)]])

    def at(self, key: str, value: str = "") -> Array:
        """Return the probability of each token, shape (tokens,)."""
        found: Array = self.places[:, label_numbers()[Label(key, value)]]
        return found


class Encoder:
    """The sentence model with what was trained on top of it."""

    def __init__(self, base: BaseWeights, trained: Mapping[str, Array], manifest: Mapping[str, Any]) -> None:
        self._base = base
        self._trained = trained
        self.manifest = manifest
        self._layers = [_merged(base.layers[number], trained, number) for number in range(len(base.layers))]

    @classmethod
    def open(cls, folder: Path, base: BaseWeights) -> "Encoder":
        """Load the weights of a folder, trained on this base; raise Missing where they belong to other labels."""
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if manifest["labels"] != [f"{label.key}={label.value}" for label in labels()]:
            raise Missing("The reader's weights know other facts than the dictionary. Train them again: see the docs.")
        with np.load(folder / _WEIGHTS, allow_pickle=False) as kept:
            trained = {name: kept[name].astype(np.float32) for name in kept.files}
        return cls(base, trained, manifest)

    @property
    def base_width(self) -> int:
        """The length of a token's state."""
        return self._base.width

    def see(self, message: str, asked: str | None) -> Sight:
        """Read one message, which may be empty."""
        tokens = tokenize(message, asked)
        states = self.states(tokens)
        said = states[tokens.first : tokens.first + max(1, len(tokens.offsets))]
        return self._sight(states[0], said, tokens, asked)

    def states(self, tokens: Tokens) -> Array:
        """Return the states of all tokens, (tokens, width)."""
        base, trained = self._base, self._trained
        ids = np.array(tokens.ids, dtype=np.int64)
        x = base.words[ids] + base.places[np.arange(len(ids))] + trained["kinds"][list(tokens.kinds)]
        epsilon = np.float32(base.epsilon)
        x = _normed(x, trained["norm_scale"], trained["norm_bias"], epsilon)
        near = None if base.near is None else base.near[distances(len(ids))].transpose(2, 0, 1)
        for layer in self._layers:
            x = layer_output(layer, x, epsilon, near)
        return x

    def _sight(self, whole: Array, said: Array, tokens: Tokens, asked: str | None) -> Sight:
        trained = self._trained
        scores = said @ trained["token_head"].T + trained["token_bias"] + self._shift("asked_token", asked)
        focus = _softmax(scores * trained["sharpness"], axis=0)
        pooled = focus.T @ said
        stated = (pooled * trained["pool_head"]).sum(1) + trained["pool_whole"] @ whole + trained["pool_bias"]
        stated = (stated + self._shift("asked_pool", asked)) / self._temperatures
        wants = trained["intent_weight"] @ np.concatenate([whole, said.mean(0)]) + trained["intent_bias"]
        likely = _softmax(wants / np.float32(self.manifest.get("intent_temperature", 1.0)), axis=0)
        return Sight(
            stated=_by_group(stated),
            places=1 / (1 + np.exp(-scores[: len(tokens.offsets)])),
            offsets=tokens.offsets,
            intents={intent: float(one) for intent, one in zip(INTENTS, likely, strict=True)},
        )

    def _shift(self, name: str, asked: str | None) -> Array:
        """Return what is added to each label where its own fact was asked, or where another was."""
        table = self._trained[name]
        if asked is None:
            return np.zeros(len(table), dtype=np.float32)
        own = np.array([label.key == asked for label in labels()])
        found: Array = np.where(own, table[:, 0], table[:, 1])
        return found

    @cached_property
    def _temperatures(self) -> np.float32:
        return np.float32(self.manifest.get("temperature", 1.0))


def _merged(layer: Mapping[str, Array], trained: Mapping[str, Array], number: int) -> dict[str, Array]:
    """Return a layer with its low-rank additions; the three inputs of the attention become one matrix."""
    found: dict[str, Array] = {}
    for name in MATRICES:
        prefix = f"layers.{number}.{name}"
        found[name] = layer[name] + trained[f"{prefix}.down"] @ trained[f"{prefix}.up"]
        found[f"{name}_bias"] = trained[f"{prefix}.bias"]
    for name in layer:
        if "_norm_" in name:
            found[name] = trained[f"layers.{number}.norms.{name}"]
    inputs = ("query", "key", "value")
    found["inputs"] = np.hstack([found.pop(name) for name in inputs])
    found["inputs_bias"] = np.hstack([found.pop(f"{name}_bias") for name in inputs])
    return found


def layer_output(layer: Mapping[str, Array], x: Array, epsilon: np.float32, near: Array | None) -> Array:
    """Return the states after one layer, (tokens, width); `near` is added to the scores, (heads, tokens, tokens)."""
    length, width = x.shape
    inputs = (x @ layer["inputs"] + layer["inputs_bias"]).reshape(length, 3, _HEADS, width // _HEADS)
    query, key, value = inputs.transpose(1, 2, 0, 3)
    scores: Array = query @ key.transpose(0, 2, 1) * np.float32((_HEADS / width) ** 0.5)
    focus = _softmax(scores if near is None else scores + near, axis=2)
    mixed: Array = (focus @ value).transpose(1, 0, 2).reshape(length, width)
    attended: Array = x + mixed @ layer["attention"] + layer["attention_bias"]
    x = _normed(attended, layer["attention_norm_scale"], layer["attention_norm_bias"], epsilon)
    inner: Array = x @ layer["intermediate"] + layer["intermediate_bias"]
    inner *= np.float32(0.5) * (1 + erf(inner * np.float32(0.5**0.5)))
    changed: Array = x + inner @ layer["output"] + layer["output_bias"]
    return _normed(changed, layer["output_norm_scale"], layer["output_norm_bias"], epsilon)


def _normed(x: Array, scale: Array, bias: Array, epsilon: np.float32) -> Array:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + epsilon)
    found: Array = centred / spread * scale + bias
    return found


def _softmax(scores: Array, axis: int) -> Array:
    found: Array = np.exp(scores - scores.max(axis=axis, keepdims=True))
    found /= found.sum(axis=axis, keepdims=True)
    return found


def _by_group(scores: Array) -> Array:
    """Turn scores into probabilities: within a group the labels and "not said" (score 0) add up to one."""
    found = np.zeros_like(scores)
    for numbers in groups():
        part = scores[list(numbers)]
        top = max(0.0, float(part.max()))
        likely = np.exp(part - top)
        found[list(numbers)] = likely / (likely.sum() + np.exp(-top))
    return found
