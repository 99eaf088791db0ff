"""How fast a model serves on accelerators: a roofline over memory, compute and links. It knows no workload.

One replica decodes a batch in steps. A step reads the weights it touches or computes, whichever takes longer, and
reads the cache; on top come a fixed time per layer, step and request, and all-reduces between accelerators. Reading
the prompts of the other requests of the batch happens in between and slows the answers down.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.catalogue.accelerators import Accelerator
from tools.catalogue.open_models import OpenModel
from tools.measured import MeasuredRow, Nearby, nearby, pair_factor
from tools.replica import Replica
from tools.roofline import roofline, speed_constants
from tools.sizing import request_bytes
from tools.speed_model import Floats, first_token_seconds, prompt_seconds, step_seconds, touched_bytes
from tools.speed_model import reduce_seconds as _reduce_seconds

__all__ = [
    "Replica",
    "ThroughputEstimate",
    "decode_step_seconds",
    "estimate_throughput",
    "prefill_seconds",
    "reduce_seconds",
    "replica_seconds",
    "throughput",
    "touched_weight_bytes",
]

_FAR = 4.0
# What a precision needs for its own speed; without it the weights are stored so and widened to be multiplied.
_UNITS = {"fp8": "fp8", "fp4": "fp4", "mxfp4": "fp4", "nvfp4": "fp4"}
_LOADS = {
    "burst": "all prompts sent at once: the time to the first token is mostly waiting",
    "arrivals": "arrivals at random; lengths and concurrency are means of the run",
    "batch": "one fixed batch, prompts included in its time",
}


@dataclass(frozen=True, slots=True)
class ThroughputEstimate:
    """Speed of one replica at one concurrency; `error` is the relative error that nine in ten stay within.

    `basis` is `measured row`, `interpolated` (measured on this pair elsewhere) or `roofline`.
    """

    output_tokens_per_second: float
    first_token_ms: float
    per_token_ms: float
    batch: float
    basis: str
    error: float
    source: str
    note: str = ""


def decode_step_seconds(replica: Replica, batch: Any, context_tokens: Any) -> Floats:
    """Return the seconds that one decoding step takes for `batch` requests of a mean context, elementwise."""
    batch = np.asarray(batch, float)
    held = batch * request_bytes(replica.model, np.asarray(context_tokens, float))
    return np.asarray(step_seconds(replica.shape, speed_constants(), batch, held))


def touched_weight_bytes(replica: Replica, batch: Any) -> Floats:
    """Return the weight bytes that a step reads: of the routed experts, those that some token of the batch uses."""
    shared, hit = touched_bytes(replica.shape, np.asarray(batch, float))
    return np.asarray(shared + hit)


def reduce_seconds(replica: Replica, tokens: Any) -> Floats:
    """Return the seconds that one layer spends on all-reduces between the accelerators."""
    return np.asarray(_reduce_seconds(replica.shape, np.asarray(tokens, float)))


def prefill_seconds(replica: Replica, input_tokens: Any) -> Floats:
    """Return the seconds that reading one prompt takes, the engine's fixed time included, elementwise."""
    tokens, constants = np.asarray(input_tokens, float), speed_constants()
    work = prompt_seconds(replica.shape, constants, tokens, replica.attention_flops(tokens))
    return np.asarray(work + constants.prompt_ms * 1e-3)


def replica_seconds(
    replica: Replica, input_tokens: Any, output_tokens: Any, batch: Any
) -> tuple[Floats, Floats, Floats]:
    """Return, at a steady batch, replica seconds per request, tokens/s that a user sees, and seconds to the first.

    Elementwise over lengths and batch. Where this model was measured on this accelerator at this precision, the
    times are scaled by how measured and estimated speed compare there. Whether the batch fits: `largest_batch`.
    """
    step, prompt, per_token = _steady(replica, input_tokens, output_tokens, batch)
    outputs, factor = np.maximum(output_tokens, 1.0), pair_factor(replica)
    residence = outputs * per_token + prompt
    return (
        np.asarray(residence / np.maximum(batch, 1.0) / factor),
        np.asarray(factor / per_token),
        np.asarray(first_token_seconds(speed_constants(), step, prompt, np.asarray(batch, float)) / factor),
    )


def _steady(replica: Replica, inputs: Any, outputs: Any, batch: Any) -> tuple[Floats, Floats, Floats]:
    """Return the seconds of a step, of a prompt, and per token of a user while the others' prompts are read."""
    outputs, batch = np.maximum(np.asarray(outputs, float), 1.0), np.maximum(np.asarray(batch, float), 1.0)
    step = decode_step_seconds(replica, batch, np.asarray(inputs, float) + outputs / 2.0)
    prompt = prefill_seconds(replica, inputs)
    # While a request decodes its answer, the other requests of the batch have their prompts read once each.
    return step, prompt, np.asarray(step + (batch - 1.0) * prompt / outputs)


def throughput(
    replica: Replica, input_tokens: Any, output_tokens: Any, concurrency: Any
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return output tokens/s, seconds to the first token, seconds per further token and the batch, elementwise.

    The roofline alone. Requests beyond what the cache holds or the engine runs at once wait; where the model does
    not fit, the batch and the tokens/s are zero.
    """
    inputs, outputs = np.asarray(input_tokens, float), np.maximum(np.asarray(output_tokens, float), 1.0)
    wanted = np.asarray(concurrency, float)
    fitting = replica.largest_batch(inputs + outputs)
    batch = np.minimum(np.minimum(wanted, fitting), roofline().speed.max_batch.value)
    running = np.maximum(batch, 1.0)
    step, prompt, per_token = _steady(replica, inputs, outputs, running)
    waves = np.maximum(wanted / running, 1.0)
    residence = prompt + outputs * per_token
    rate = np.where(batch > 0.0, np.minimum(running, np.maximum(wanted, 0.0)) * outputs / residence, 0.0)
    first = first_token_seconds(speed_constants(), step, prompt, running) + (waves - 1.0) * residence
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
    """Estimate one replica's speed for equal requests that arrive steadily, from measured rows where there are any."""
    replica = Replica(model, accelerator, count, precision)
    rate, first, per_token, batch = (float(x) for x in throughput(replica, input_tokens, output_tokens, concurrency))
    near = nearby(replica, input_tokens, output_tokens, concurrency, throughput)
    if near is not None and near.row is not None:
        return _measured(near.row, near, ThroughputEstimate(rate, first * 1e3, per_token * 1e3, batch, "", 0.0, ""))
    errors = roofline().errors
    if batch <= 0:
        note = "does not fit: weights, overhead and the cache of one request exceed the memory"
        none, far = float("inf"), errors.roofline
        return ThroughputEstimate(0.0, none, none, batch, "roofline", far.value, far.source, note)
    waits = f"{batch:.0f} of {concurrency:g} requests run at once, the others wait" if batch < concurrency else ""
    if near is None:
        basis, factor, error, source = "roofline", 1.0, errors.roofline.value, errors.roofline.source
    else:
        basis, factor, error, source = "interpolated", near.factor, _carried_error(near.distance), near.source
    return ThroughputEstimate(
        rate * factor, first * 1e3 / factor, per_token * 1e3 / factor, batch, basis, error, source, waits
    )


def precision_note(accelerator: Accelerator, precision: str) -> str:
    """Say where an accelerator has no units for a precision; nothing where it has, or where its units are unknown."""
    units, asked = accelerator.dense_tflops, precision.lower()
    wide = "bf16" if "bf16" in units else "fp16"
    if wide not in units:
        return ""
    if asked == "bf16" and "bf16" not in units:
        return f"{accelerator.id} has no bf16 units: computed as fp16, which is as many bits"
    needed = _UNITS.get(asked)
    if needed is None or needed in units:
        return ""
    return f"{accelerator.id} has no {needed} units: {asked} saves memory of the weights only, computed in {wide}"


def _carried_error(distance: float) -> float:
    """Return the error of a speed carried from a row so far away: the interpolated one near it, the roofline's far off.

    Rows carried over at least 1, 2 and 3 e-folds were nine times in ten within 32, 38 and 44 % (2026-11-22).
    """
    errors = roofline().errors
    near, far = errors.interpolated.value, errors.roofline.value
    return near + (far - near) * min(distance / _FAR, 1.0)


def _measured(row: MeasuredRow, near: Nearby, estimate: ThroughputEstimate) -> ThroughputEstimate:
    """Return the measured row; a time that it does not give is the estimate's, scaled as the speeds are."""
    slower = estimate.output_tokens_per_second / row.output_tokens_per_second or 1.0
    first, per_token = row.first_token_ms, row.per_token_ms
    return ThroughputEstimate(
        output_tokens_per_second=row.output_tokens_per_second,
        first_token_ms=estimate.first_token_ms * slower if first is None else first,
        per_token_ms=estimate.per_token_ms * slower if per_token is None else per_token,
        batch=row.concurrency,
        basis="measured row",
        error=roofline().errors.measured.value,
        source=near.source,
        note="; ".join(part for part in (_LOADS.get(row.load, ""), near.note) if part),
    )
