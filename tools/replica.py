"""One copy of a model on accelerators: what it weighs, what is left for the cache, its shape. It knows no time."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tools.catalogue.accelerators import Accelerator
from tools.catalogue.open_models import OpenModel
from tools.errors import InvalidInput
from tools.roofline import roofline
from tools.sizing import GIB, checkpoint_bytes, overhead_bytes, request_bytes
from tools.speed_model import Floats, Shape

# Packed integer weights are widened before they are multiplied; a llama.cpp file spreads its layers over the
# accelerators, which then work one after the other.
_WIDENED = frozenset({"int4", "awq", "gptq"})
_PACKED_EXPERTS = frozenset({"mxfp4", "int4", "fp4"})
_SPREAD = frozenset({"q4_k_m", "q4_0", "q6_k", "q8_0"})
_UNKNOWN_LINK_GB_S = 16.0


@dataclass(frozen=True)
class Replica:
    """One copy of a model spread over `count` accelerators of a kind at a precision."""

    model: OpenModel
    accelerator: Accelerator
    count: int
    precision: str

    def __post_init__(self) -> None:
        if self.count < 1:
            raise InvalidInput(f"count: {self.count} does not fit; expected a number from 1")
        missing = [
            name
            for name, value in (("parameters", self.model.params_total_b), ("layers", self.model.layers))
            if not value
        ]
        if missing or self.model.kv_bytes_per_token_bf16 is None:
            what = ", ".join(missing) or "cache per token"
            raise InvalidInput(f"model: {what} of {self.model.id} not recorded; its speed cannot be estimated")

    @cached_property
    def bits(self) -> float:
        """Bits per weight as stored; a checkpoint published in fewer bits is not widened."""
        table = roofline().precision_bits
        published = min((table[p] for p in self.model.native_precision.split("+") if p in table), default=16.0)
        return min(roofline().bits(self.precision), published)

    @cached_property
    def shared_bits(self) -> float:
        """Bits per weight outside the routed experts: a checkpoint published in four bits packs its experts only."""
        kinds = self.model.native_precision.split("+")
        packed = self.model.kind == "moe" and not self.spread and kinds[0] in _PACKED_EXPERTS
        if not packed:
            return self.bits
        return roofline().bits(kinds[1]) if len(kinds) > 1 else 16.0

    @property
    def spread(self) -> bool:
        """Whether the accelerators hold different layers and work in turn, as llama.cpp does."""
        return self.precision.lower() in _SPREAD

    @cached_property
    def weights(self) -> float:
        """Bytes of all weights; embeddings and output head stay at 16 bits unless the format packs them too."""
        return checkpoint_bytes(self.model, self.bits, shared_bits=self.shared_bits, packs_embeddings=self.spread)

    @property
    def usable_bytes(self) -> float:
        """Bytes of memory that an engine may fill on all accelerators of the replica."""
        return float(usable_bytes(self.count, self.accelerator.memory_gb, self.spread))

    def cache_bytes(self) -> float:
        """Bytes left for the cache; negative when the weights alone do not fit."""
        return float(cache_bytes(self.weights, self.count, self.accelerator.memory_gb, self.spread))

    def largest_batch(self, context_tokens: Any) -> Any:
        """Return how many requests of this context fit into the cache at once, elementwise."""
        return fitting_requests(self.model, self.cache_bytes(), self.count, context_tokens)

    @property
    def _cache_ways(self) -> int:
        """Over how many accelerators one request's cache is divided; with fewer heads than those it is repeated."""
        return min(self.count, self.model.kv_heads or 1) if self.model.attention == "grouped" else 1

    @cached_property
    def shape(self) -> Shape:
        """The numbers that speed depends on."""
        model, card = self.model, self.accelerator
        shared_b, expert_b = model.expert_split_b()
        flops, wide = self._flops()
        link, speed = card.interconnect, roofline().speed
        return Shape(
            shared_bytes=_read_bytes(model, shared_b, self.shared_bits, self.spread),
            expert_bytes=expert_b * 1e9 * self.bits / 8,
            experts=float(model.experts or 1),
            experts_per_token=float(model.experts_per_token or 1),
            flops_per_token=2e9 * (model.params_active_b or model.params_total_b or 0.0),
            layers=float(model.layers or 0),
            hidden=float(model.hidden or 0),
            routed=float(model.kind == "moe"),
            narrow=float(flops > wide),
            count=float(1 if self.spread else self.count),
            ways=float(1 if self.spread else self.count),
            cache_ways=float(1 if self.spread else self._cache_ways),
            bandwidth=card.mem_bandwidth_gb_s * 1e9,
            flops=flops,
            wide_flops=wide,
            link=(card.interconnect_gb_s_one_way or _UNKNOWN_LINK_GB_S) * 1e9 * speed.link_share.value[link],
            reduce_us=speed.reduce_us.value[link],
        )

    def _flops(self) -> tuple[float, float]:
        """Return the dense FLOP/s of one accelerator for these weights, and for 16 bits."""
        card = self.accelerator
        wide = card.tflops(16.0)
        if not wide:
            raise InvalidInput(f"gpu: the compute of {card.id} is not recorded")
        if self.spread or self.precision.lower() in _WIDENED or (self.bits <= 4.5 and "fp4" not in card.dense_tflops):
            return wide * 1e12, wide * 1e12
        eight = card.tflops(8.0) or wide
        # Four-bit units are fed at most twice as fast as eight-bit ones, whatever the data sheet says.
        fastest = min(card.tflops(self.bits) or wide, 2.0 * eight)
        return fastest * 1e12, wide * 1e12

    def attention_flops(self, tokens: Any) -> Floats:
        """Return the floating-point operations of attention over one prompt (two products, causal), elementwise."""
        return attention_flops(self.model, tokens)


def usable_bytes(count: Any, memory_gb: Any, spread: bool = False) -> Any:
    """Return the bytes that an engine may fill on `count` accelerators of `memory_gb` GiB each, elementwise."""
    memory = roofline().memory
    return count * memory_gb * GIB * (memory.spread_usable_share if spread else memory.usable_share).value


def cache_bytes(weights: float, count: Any, memory_gb: Any, spread: bool = False) -> Any:
    """Return the bytes left for the cache beside `weights` bytes, elementwise; negative when those do not fit."""
    overhead = overhead_bytes(weights, count)
    if spread:
        overhead = roofline().memory.spread_overhead_gib.value * GIB * count
    return usable_bytes(count, memory_gb, spread) - weights - overhead


def fitting_requests(model: OpenModel, free_bytes: Any, count: Any, context_tokens: Any) -> Any:
    """Return how many requests of this context fit into `free_bytes` on `count` accelerators, elementwise.

    With fewer heads of keys and values than accelerators, a request's cache is repeated.
    """
    copies = count / np.minimum(count, model.kv_heads or 1) if model.attention == "grouped" else 1.0
    per_request = request_bytes(model, np.maximum(context_tokens, 1.0))
    return np.maximum(np.floor(free_bytes / (per_request * copies)), 0.0)


def attention_flops(model: OpenModel, tokens: Any) -> Floats:
    """Return the floating-point operations of attention over one prompt (two products, causal), elementwise."""
    tokens = np.asarray(tokens, float)
    heads, width = model.attn_heads or 0, 160 if model.attention == "latent" else model.head_dim or 0
    full = (model.full_attention_layers or 0) * tokens**2 / 2.0
    inside = np.minimum(tokens, model.sliding_window or 0)
    window = model.window_layers * (tokens * inside - inside**2 / 2.0)
    return np.asarray(4.0 * heads * width * (full + window))


def _read_bytes(model: OpenModel, shared_b: float, bits: float, packs_embeddings: bool) -> float:
    """Return the bytes of the weights that every step reads: no input embeddings, the output head at 16 bits."""
    table_b = model.embedding_b()
    read_b = max(shared_b - (0.0 if model.tied_embeddings else table_b), 0.0)
    head_b = 0.0 if packs_embeddings else min(table_b, read_b)
    return 1e9 * ((read_b - head_b) * bits + head_b * max(bits, 16.0)) / 8
