"""How much memory a serving model needs: weights, cache, overhead. It knows no accelerator and no speed."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.catalogue.architectures import Architecture
from tools.catalogue.open_models import OpenModel, open_models
from tools.errors import InvalidInput
from tools.roofline import roofline

GIB = 2**30


@dataclass(frozen=True, slots=True)
class ServingMemory:
    """Bytes of a model at work, the total being the sum; `basis` says where the cache's size is from.

    `overhead_bytes` holds `state_bytes`, the recurrent state of hybrid models for all requests.
    """

    weights_bytes: float
    kv_bytes: float
    overhead_bytes: float
    basis: str
    state_bytes: float = 0.0

    @property
    def total_bytes(self) -> float:
        """All bytes together."""
        return self.weights_bytes + self.kv_bytes + self.overhead_bytes


def kv_cache_bytes(layers: int, kv_heads: int, head_dim: int, tokens: float, bytes_per_value: float = 2) -> float:
    """Return the bytes of keys and values: 2 × layers × kv_heads × head_dim × tokens × bytes_per_value."""
    return 2 * layers * kv_heads * head_dim * tokens * bytes_per_value


def model_kv_bytes(model: OpenModel, tokens: Any, bytes_per_value: float = 2) -> Any:
    """Return the bytes of cache that `tokens` of context of one request take, elementwise.

    Full-attention layers keep every token, layers with a window at most that many, compressed layers one entry per
    so many tokens. The recurrent state of hybrid models is no cache: see `request_bytes`.
    """
    if model.kv_bytes_per_token_bf16 is None or model.full_attention_layers is None:
        raise InvalidInput(f"model: the architecture of {model.id} is not recorded; give layers, kv_heads, head_dim")
    kept = model.full_attention_layers * model.values_per_token_full * tokens
    for tokens_per_entry, layers in model.compressed_layers.items():
        kept = kept + layers * model.values_per_token_full * (tokens // tokens_per_entry)
    if model.window_layers and model.sliding_window:
        inside = np.minimum(tokens, model.sliding_window)
        kept = kept + model.window_layers * model.values_per_token_window * inside
    return kept * bytes_per_value


def named_kv_bytes(model: OpenModel | Architecture, tokens: float, bytes_per_value: float = 2) -> float:
    """Return the bytes of cache of one request of an open model, or of a checkpoint known by its architecture only."""
    if isinstance(model, Architecture):
        return model.kv_values(tokens) * bytes_per_value
    return float(model_kv_bytes(model, tokens, bytes_per_value))


def request_bytes(model: OpenModel, tokens: Any, bytes_per_value: float = 2) -> Any:
    """Return the bytes that one request of `tokens` tokens holds: cache, and the state of recurrent layers."""
    return model_kv_bytes(model, tokens, bytes_per_value) + model.state_bytes_per_request


def weights_bytes(parameters_b: float, bits_per_weight: float) -> float:
    """Return the bytes of `parameters_b` billion weights."""
    return parameters_b * 1e9 * bits_per_weight / 8


def checkpoint_bytes(
    model: OpenModel, bits_per_weight: float, *, shared_bits: float | None = None, packs_embeddings: bool = False
) -> float:
    """Return the bytes of a checkpoint stored at so many bits; embeddings and output head usually stay at 16.

    Where the vocabulary is not recorded, every weight is counted at `bits_per_weight`.

    Args:
        shared_bits: bits of the weights outside the routed experts, where they differ.
    """
    total_b, tables = model.params_total_b or 0.0, 1 if model.tied_embeddings else 2
    kept_b = 0.0 if packs_embeddings or bits_per_weight >= 16 else min(tables * model.embedding_b(), total_b)
    experts_b = model.expert_split_b()[1] * (model.experts or 0)
    shared_b = max(total_b - experts_b - kept_b, 0.0)
    packed = weights_bytes(total_b - kept_b - shared_b, bits_per_weight)
    return packed + weights_bytes(shared_b, shared_bits or bits_per_weight) + weights_bytes(kept_b, 16.0)


def overhead_bytes(weights: float, accelerators: int = 1) -> float:
    """Return the bytes that a serving engine takes beside weights and cache."""
    memory = roofline().memory
    fixed = memory.overhead_fixed_gib.value * GIB * accelerators
    return fixed + memory.overhead_share_of_weights.value * weights


def serving_memory(
    bits_per_weight: float,
    tokens: float,
    concurrency: float,
    *,
    model: OpenModel | Architecture | None = None,
    parameters_b: float | None = None,
) -> ServingMemory:
    """Return the memory for `concurrency` requests of `tokens` tokens each, on one accelerator.

    Args:
        parameters_b: billions of parameters, where there is no `model`; the cache is then that of the
            catalogue's dense checkpoint nearest in size, which `basis` names.
    """
    if (model is None) == (parameters_b is None):
        raise InvalidInput("model, parameters_b: expected exactly one of the two")
    like = model or nearest_dense(parameters_b or 0)
    size = parameters_b
    if model is not None:
        size = model.parameters_b if isinstance(model, Architecture) else model.params_total_b
    if not size or size <= 0:
        raise InvalidInput("parameters_b: expected a number above 0")
    weights = weights_bytes(size, bits_per_weight)
    kv = named_kv_bytes(like, tokens) * concurrency
    basis = f"cache of {like.id}" + ("" if model else ", the dense checkpoint nearest in size")
    state = model.state_bytes_per_request * concurrency if isinstance(model, OpenModel) else 0.0
    return ServingMemory(weights, kv, overhead_bytes(weights) + state, basis, state)


def nearest_dense(parameters_b: float) -> OpenModel:
    """Return the catalogue's dense text model nearest in size, on a logarithmic scale."""
    if parameters_b <= 0:
        raise InvalidInput("parameters_b: expected a number above 0")
    dense = [m for m in open_models().values() if m.candidate and m.kind == "dense" and m.use == "general"]
    plain = [m for m in dense if m.kv_heads and m.head_dim and m.layers and m.params_total_b and _full_cache(m)]
    return min(plain, key=lambda m: (abs(math.log((m.params_total_b or 1) / parameters_b)), m.id))


def _full_cache(model: OpenModel) -> bool:
    """Say whether every layer's cache grows with the context."""
    full = kv_cache_bytes(model.layers or 0, model.kv_heads or 0, model.head_dim or 0, 1)
    return model.kv_bytes_per_token_bf16 == full
