"""Laws of speed over models, accelerators and loads, and what the answers are based on."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.catalogue.accelerators import Accelerator, accelerators, find_accelerator
from tools.catalogue.open_models import OpenModel, find_open_model, open_models
from tools.measured import carried_factor, measured_rows, pair_factor
from tools.roofline import roofline
from tools.throughput import (
    Replica,
    decode_step_seconds,
    estimate_throughput,
    prefill_seconds,
    replica_seconds,
    throughput,
)

MODELS = [m for m in open_models().values() if m.candidate]
CARDS = [card for card in accelerators().values() if card.tflops(16.0)]
models = st.sampled_from(MODELS)
cards = st.sampled_from(CARDS)
counts = st.sampled_from([1, 2, 4, 8])
precisions = st.sampled_from(["bf16", "fp8", "fp4", "int4"])
tokens = st.integers(1, 100_000)
H100 = find_accelerator("H100")


@given(models, cards, counts, precisions, tokens, tokens)
def test_a_larger_batch_never_lowers_the_speed_of_all_nor_raises_that_of_one(
    model: OpenModel, card: Accelerator, count: int, precision: str, inputs: int, outputs: int
) -> None:
    seconds, seen, first = replica_seconds(
        Replica(model, card, count, precision), inputs, outputs, np.arange(1, 200, 9)
    )
    assert np.all(np.diff(seconds) <= 1e-12 * seconds[:-1])
    assert np.all(np.diff(seen) <= 0)
    assert np.all(np.diff(first) >= 0)


@given(models, cards, counts, precisions, tokens, st.integers(1, 256), st.floats(1.0, 10.0))
def test_more_bandwidth_compute_or_link_is_never_slower(
    model: OpenModel, card: Accelerator, count: int, precision: str, context: int, batch: int, times: float
) -> None:
    better = [
        dataclasses.replace(card, mem_bandwidth_gb_s=card.mem_bandwidth_gb_s * times),
        dataclasses.replace(card, dense_tflops={name: value * times for name, value in card.dense_tflops.items()}),
        dataclasses.replace(card, interconnect_gb_s_one_way=(card.interconnect_gb_s_one_way or 16.0) * times),
    ]
    plain = Replica(model, card, count, precision)
    for other in (Replica(model, one, count, precision) for one in better):
        assert decode_step_seconds(other, batch, context) <= decode_step_seconds(plain, batch, context) * (1 + 1e-12)
        assert prefill_seconds(other, context) <= prefill_seconds(plain, context) * (1 + 1e-12)


@given(models, cards, counts, precisions, st.integers(1, 256), tokens, tokens)
def test_a_longer_context_never_makes_a_step_or_a_prompt_faster(
    model: OpenModel, card: Accelerator, count: int, precision: str, batch: int, one: int, other: int
) -> None:
    replica = Replica(model, card, count, precision)
    low, high = sorted((one, other))
    assert decode_step_seconds(replica, batch, low) <= decode_step_seconds(replica, batch, high)
    assert prefill_seconds(replica, low) <= prefill_seconds(replica, high)


@given(models, cards, counts, precisions, tokens, tokens)
def test_arrays_are_the_points_one_by_one(
    model: OpenModel, card: Accelerator, count: int, precision: str, inputs: int, outputs: int
) -> None:
    replica = Replica(model, card, count, precision)
    loads = np.array([1.0, 7.0, 64.0, 1000.0])
    together = throughput(replica, inputs, outputs, loads)
    for i, load in enumerate(loads):
        assert [float(x[i]) for x in together] == pytest.approx(
            [float(x) for x in throughput(replica, inputs, outputs, load)]
        )


@given(models, cards, counts, precisions, tokens, tokens, st.integers(1, 400))
def test_no_answer_without_room_and_none_above_what_fits(
    model: OpenModel, card: Accelerator, count: int, precision: str, inputs: int, outputs: int, load: int
) -> None:
    replica = Replica(model, card, count, precision)
    rate, first, per_token, batch = throughput(replica, inputs, outputs, load)
    assert 0 <= batch <= min(load, float(replica.largest_batch(inputs + outputs)), roofline().speed.max_batch.value)
    assert (rate > 0) == (batch > 0)
    assert first > 0
    assert per_token > 0


@pytest.mark.parametrize("name", ["L4", "A10G", "L40S", "RTX 4090", "MI300X", "T4", "Gaudi3"])
def test_accelerators_without_rows_answer_by_the_roofline(name: str) -> None:
    model = find_open_model("Qwen3-8B")
    answer = estimate_throughput(model, find_accelerator(name), 1, "fp8", 512, 128, 8)
    assert answer.basis == "roofline"
    assert answer.output_tokens_per_second > 0
    assert answer.error == roofline().errors.roofline.value


def test_every_measured_row_is_answered_as_measured() -> None:
    rows = [row for rows in measured_rows().values() for row in rows][::40]
    for row in rows:
        args = (row.count, row.precision, row.input_tokens, row.output_tokens, row.concurrency)
        answer = estimate_throughput(open_models()[row.model], accelerators()[row.gpu], *args)
        assert answer.basis == "measured row"
        assert answer.source
        assert "row " in answer.source


def test_what_is_carried_is_the_rows_own_ratio_where_the_point_is_theirs() -> None:
    rows = measured_rows()[find_open_model("Qwen3-32B").architecture, "H100-SXM-80GB"][:3]
    ratios = np.log([1.3, 1.3, 1.3])
    point = (rows[0].count, rows[0].input_tokens, rows[0].output_tokens, rows[0].concurrency)
    assert carried_factor(rows, ratios, *point) == pytest.approx(1.3)


def test_replica_seconds_are_scaled_where_the_pair_is_measured_and_plain_elsewhere() -> None:
    measured = Replica(find_open_model("gpt-oss-120b"), find_accelerator("B200"), 1, "mxfp4")
    factor = pair_factor(measured)
    assert factor > 1.1, "measured rows of this pair are faster than the roofline"
    step, prompt = decode_step_seconds(measured, 1, 1000 + 50), prefill_seconds(measured, 1000)
    seconds, seen, first = replica_seconds(measured, 1000, 100, 1)
    assert seconds == pytest.approx((prompt + 100 * step) / factor)
    assert seen == pytest.approx(factor / step)
    assert first == pytest.approx((prompt + step) / factor)
    assert pair_factor(Replica(find_open_model("gpt-oss-20b"), find_accelerator("L4"), 1, "mxfp4")) == 1.0


def test_kin_of_one_architecture_share_their_factor() -> None:
    one = Replica(find_open_model("Llama 3.3 70B"), find_accelerator("H200"), 4, "fp8")
    other = Replica(find_open_model("Llama 3.1 70B"), find_accelerator("H200"), 4, "fp8")
    assert pair_factor(one) == pair_factor(other) != 1.0


def test_llama_cpp_spreads_layers_so_that_a_second_card_adds_room_not_speed() -> None:
    model = find_open_model("Llama 3.3 70B")
    one, two = (Replica(model, H100, count, "q4_k_m") for count in (1, 2))
    assert decode_step_seconds(one, 1, 1000) == decode_step_seconds(two, 1, 1000)
    assert two.largest_batch(1000) > one.largest_batch(1000)
