"""How fast a model serves on accelerators: a roofline over memory, compute and links. It knows no workload.

One replica decodes a batch in steps. A step reads the weights it touches and the cache, or computes, whichever
takes longer, plus a fixed time per layer and, over several accelerators, two all-reduces per layer. Reading the
prompts of the other requests of the batch happens in between and slows the step down.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.catalogue.accelerators import Accelerator
from tools.catalogue.open_models import OpenModel
from tools.errors import InvalidInput
from tools.roofline import roofline
from tools.sizing import GIB, model_kv_bytes, overhead_bytes, weights_bytes

Floats = NDArray[np.float64]
_INTEGER_FORMATS = frozenset({"int4", "awq", "gptq", "q4_k_m", "q8_0"})


@dataclass(frozen=True, slots=True)
class ThroughputEstimate:
    """Speed of one replica at one concurrency; `error` is the relative error that nine in ten stay within."""

    output_tokens_per_second: float
    first_token_ms: float
    per_token_ms: float
    batch: float
    basis: str
    error: float
    source: str


@dataclass(frozen=True, slots=True)
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

    @property
    def bits(self) -> float:
        """Bits per weight as stored; a checkpoint published in fewer bits is not widened."""
        table = roofline().precision_bits
        published = min((table[p] for p in self.model.native_precision.split("+") if p in table), default=16.0)
        return min(roofline().bits(self.precision), published)

    @property
    def weights(self) -> float:
        """Bytes of all weights."""
        return weights_bytes(self.model.params_total_b or 0.0, self.bits)

    @property
    def usable_bytes(self) -> float:
        """Bytes of memory that an engine may fill on all accelerators of the replica."""
        return self.count * self.accelerator.memory_gb * GIB * roofline().memory.usable_share.value

    def cache_bytes(self) -> float:
        """Bytes left for the cache; negative when the weights alone do not fit."""
        return self.usable_bytes - self.weights - overhead_bytes(self.weights, self.count)

    def largest_batch(self, context_tokens: float) -> float:
        """Return how many requests of this context fit into the cache at once."""
        per_request = model_kv_bytes(self.model, max(context_tokens, 1.0))
        return max(np.floor(self.cache_bytes() / per_request), 0.0) if per_request else np.inf


def decode_step_seconds(replica: Replica, batch: Any, context_tokens: Any) -> Floats:
    """Return the seconds that one decoding step takes for `batch` requests of a mean context, elementwise."""
    batch, context = np.asarray(batch, float), np.asarray(context_tokens, float)
    speed, model, card, count = roofline().speed, replica.model, replica.accelerator, replica.count
    read = touched_weight_bytes(replica, batch) + batch * model_kv_bytes(model, 1.0) * context
    memory = read / (count * card.mem_bandwidth_gb_s * 1e9 * speed.bandwidth_share.value)
    compute = 2e9 * (model.params_active_b or 0.0) * batch / (count * _flops(replica))
    layers = model.layers or 0
    step = np.maximum(memory, compute) + layers * speed.layer_overhead_ms.value * 1e-3
    return np.asarray(step + layers * reduce_seconds(replica, batch))


def touched_weight_bytes(replica: Replica, batch: Any) -> Floats:
    """Return the weight bytes that a step reads: of the routed experts, those that some token of the batch uses."""
    model, batch = replica.model, np.asarray(batch, float)
    shared_b, expert_b = model.expert_split_b()
    touched = np.zeros_like(batch)
    if expert_b and model.experts and model.experts_per_token:
        miss = (1.0 - model.experts_per_token / model.experts) ** batch
        touched = model.experts * (1.0 - miss)
    elif model.kind == "moe":
        # The number of experts is not recorded: larger batches touch more, up to all weights.
        total, active = model.params_total_b or 0.0, model.params_active_b or 0.0
        return np.asarray(np.minimum(active * np.maximum(batch, 1.0), total) * 1e9 * replica.bits / 8)
    return np.asarray((shared_b + touched * expert_b) * 1e9 * replica.bits / 8)


def reduce_seconds(replica: Replica, tokens: Any) -> Floats:
    """Return the seconds that one layer spends on all-reduces between the accelerators."""
    tokens = np.asarray(tokens, float)
    if replica.count == 1:
        return np.zeros_like(tokens)
    card, hidden = replica.accelerator, replica.model.hidden or 0
    latency = roofline().speed.reduce_latency_us.value[card.interconnect] * 1e-6
    moved = 2.0 * hidden * tokens * 2.0 * (replica.count - 1) / replica.count
    link = (card.interconnect_gb_s_one_way or 16.0) * 1e9
    return np.asarray(2.0 * (latency + moved / link))


def prefill_seconds(replica: Replica, input_tokens: Any) -> Floats:
    """Return the seconds that reading one prompt takes, by compute, with nothing else running."""
    tokens = np.asarray(input_tokens, float)
    work = 2e9 * (replica.model.params_active_b or 0.0) * tokens
    share = roofline().speed.prefill_share.value
    layers = replica.model.layers or 0
    compute = work / (replica.count * _flops(replica) * share) + layers * reduce_seconds(replica, tokens)
    return np.asarray(np.maximum(compute, decode_step_seconds(replica, 1.0, 1.0)))


def _flops(replica: Replica) -> float:
    """Return the dense FLOP/s of one accelerator for this precision."""
    # Packed integer weights are widened before they are multiplied; only fp4 formats use fp4 units.
    bits = 16.0 if replica.precision.lower() in _INTEGER_FORMATS else replica.bits
    tflops = replica.accelerator.tflops(bits)
    if not tflops:
        raise InvalidInput(f"gpu: the compute of {replica.accelerator.id} is not recorded")
    return tflops * 1e12


def throughput(
    replica: Replica, input_tokens: Any, output_tokens: Any, concurrency: Any
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return output tokens/s, seconds to the first token, seconds per further token and the batch, elementwise.

    Requests beyond what the cache holds or the engine runs at once wait; where the model does not fit, the batch
    and the tokens/s are zero.
    """
    inputs, outputs = np.asarray(input_tokens, float), np.maximum(np.asarray(output_tokens, float), 1.0)
    wanted = np.asarray(concurrency, float)
    peak_context = inputs + outputs
    per_request = model_kv_bytes(replica.model, 1.0) * peak_context
    room = max(replica.cache_bytes(), 0.0)
    fitting = np.floor(room / per_request)
    batch = np.minimum(np.minimum(wanted, fitting), roofline().speed.max_batch.value)
    running = np.maximum(batch, 1.0)
    step = decode_step_seconds(replica, running, inputs + outputs / 2.0)
    prefill = prefill_seconds(replica, inputs)
    # While a request decodes its answer, the other requests of the batch have their prompts read once each.
    per_token = step + (running - 1.0) * prefill / outputs
    waves = np.maximum(wanted / running, 1.0)
    residence = prefill + outputs * per_token
    rate = np.where(batch >= 1.0, running * outputs / residence, 0.0)
    first = prefill + step + (waves - 1.0) * residence
    return np.asarray(rate), np.asarray(first), np.asarray(per_token), np.asarray(batch)


def estimate_throughput(
    model: OpenModel,
    accelerator: Accelerator,
    count: int,
    precision: str,
    input_tokens: float,
    output_tokens: float,
    concurrency: float,
) -> ThroughputEstimate:
    """Estimate one replica's speed for equal requests that arrive steadily."""
    replica = Replica(model, accelerator, count, precision)
    rate, first, per_token, batch = throughput(replica, input_tokens, output_tokens, concurrency)
    error = roofline().error
    basis = "roofline"
    if batch < 1:
        basis = "does not fit: weights, overhead and the cache of one request exceed the memory"
    elif batch < concurrency:
        basis = f"roofline; {batch:.0f} of {concurrency:g} requests run at once, the others wait"
    return ThroughputEstimate(
        output_tokens_per_second=float(rate),
        first_token_ms=float(first) * 1e3 if batch >= 1 else float("inf"),
        per_token_ms=float(per_token) * 1e3 if batch >= 1 else float("inf"),
        batch=float(batch),
        basis=basis,
        error=error.value,
        source=error.source,
    )
