"""The arithmetic of serving speed over numbers or arrays: steps, prompts, a steady batch. It knows no catalogue."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedConstants:
    """How much of an accelerator's peak a serving engine reaches, and what it spends on top, as plain numbers."""

    bandwidth_share: float
    expert_bandwidth_share: float
    decode_share: float
    layer_ms: float
    expert_layer_ms: float
    step_ms: float
    request_us: float
    prompt_share: float
    expert_prompt_share: float
    narrow_share: float
    attention_share: float
    prompt_ms: float
    wait_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A model on its accelerators as the numbers that speed depends on; each a number, or one per row.

    `ways` is how many accelerators work on a layer at once, `count` how many there are (they differ where layers
    are merely spread); bandwidth, flops and link are per accelerator and second; `narrow` says that the weights
    are multiplied in fewer than 16 bits; `link` is what all-reduces reach of it.
    """

    shared_bytes: Any
    expert_bytes: Any
    experts: Any
    experts_per_token: Any
    flops_per_token: Any
    layers: Any
    hidden: Any
    routed: Any
    narrow: Any
    count: Any
    ways: Any
    cache_ways: Any
    bandwidth: Any
    flops: Any
    wide_flops: Any
    link: Any
    reduce_us: Any


def touched_bytes(shape: Shape, batch: Any) -> tuple[Any, Any]:
    """Return the bytes of weights that a step reads: those of every token, and those of the experts it hits."""
    missed = (1.0 - shape.experts_per_token / shape.experts) ** batch
    return shape.shared_bytes, shape.routed * shape.experts * (1.0 - missed) * shape.expert_bytes


def step_seconds(shape: Shape, constants: SpeedConstants, batch: Any, cache_bytes: Any) -> Any:
    """Return the seconds of one decoding step over `batch` requests that together hold `cache_bytes`."""
    weights = _read_seconds(shape, constants, batch)
    compute = shape.flops_per_token * batch / (shape.ways * shape.flops * constants.decode_share)
    layer = (constants.layer_ms + shape.routed * constants.expert_layer_ms) * 1e-3
    engine = shape.layers * layer + constants.step_ms * 1e-3 + constants.request_us * 1e-6 * batch
    cache = cache_bytes / (shape.cache_ways * shape.bandwidth * constants.bandwidth_share)
    return np.maximum(weights, compute) + cache + engine + shape.layers * reduce_seconds(shape, batch)


def _read_seconds(shape: Shape, constants: SpeedConstants, tokens: Any) -> Any:
    """Return the seconds in which the weights that `tokens` touch are read once."""
    shared, hit = touched_bytes(shape, tokens)
    bandwidth = shape.ways * shape.bandwidth * constants.bandwidth_share
    return (shared + hit / constants.expert_bandwidth_share) / bandwidth


def reduce_seconds(shape: Shape, tokens: Any) -> Any:
    """Return the seconds that one layer spends on its two all-reduces between the accelerators."""
    latency = shape.reduce_us * 1e-6 * np.log2(shape.ways)
    return 2.0 * (latency + _moved_seconds(shape, tokens))


def _moved_seconds(shape: Shape, tokens: Any) -> Any:
    """Return the seconds in which 16-bit activations of `tokens` pass the link in one all-reduce."""
    moved = 2.0 * shape.hidden * 2.0 * tokens * (shape.ways - 1.0) / shape.ways
    return moved / shape.link


def prompt_seconds(shape: Shape, constants: SpeedConstants, tokens: Any, attention_flops: Any) -> Any:
    """Return the seconds in which one prompt of `tokens` is read, beside the engine's fixed time per prompt.

    By compute, but no faster than the weights that it touches are read.
    """
    share = constants.prompt_share * np.where(shape.routed, constants.expert_prompt_share, 1.0)
    share = share * np.where(shape.narrow, constants.narrow_share, 1.0)
    linear = shape.flops_per_token * tokens / (shape.count * shape.flops * share)
    attention = attention_flops / (shape.count * shape.wide_flops * constants.attention_share)
    work = np.maximum(linear + attention, _read_seconds(shape, constants, tokens))
    return work + shape.layers * 2.0 * _moved_seconds(shape, tokens)


def residence_seconds(constants: SpeedConstants, step: Any, prompt: Any, outputs: Any, batch: Any) -> Any:
    """Return how long a request stays in a steady batch: its steps, in which every running prompt is read once."""
    return outputs * step + batch * (prompt + constants.prompt_ms * 1e-3)


def first_token_seconds(constants: SpeedConstants, step: Any, prompt: Any, batch: Any) -> Any:
    """Return the seconds to a request's first token in a steady batch; `prompt` includes the engine's part.

    Requests of equal length come back in clusters, so that a prompt waits for some of the others: measured waits
    grow with the root of how many there are.
    """
    return prompt * (1.0 + constants.wait_share * np.sqrt(np.maximum(batch - 1.0, 0.0))) + step
