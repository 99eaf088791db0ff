"""Laws of memory: caches of every candidate against its own architecture, growth, weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.catalogue.accelerators import find_accelerator
from tools.catalogue.open_models import OpenModel, find_open_model, open_models
from tools.errors import InvalidInput
from tools.replica import Replica
from tools.roofline import roofline
from tools.sizing import checkpoint_bytes, kv_cache_bytes, model_kv_bytes, request_bytes, serving_memory, weights_bytes

H100 = find_accelerator("H100")
SIZED = [m for m in open_models().values() if m.kv_bytes_per_token_bf16 is not None and m.layers and m.params_total_b]
CANDIDATES = [m for m in open_models().values() if m.candidate]
models = st.sampled_from(SIZED)
lengths = st.integers(0, 2_000_000)


def test_many_current_checkpoints_are_complete() -> None:
    current = [m for m in CANDIDATES if m.released >= "2025"]
    assert len(current) >= 55
    for model in CANDIDATES:
        needed: list[object] = [
            model.layers,
            model.hidden,
            model.params_total_b,
            model.params_active_b,
            model.max_context,
        ]
        needed += [model.kv_bytes_per_token_bf16, model.attn_heads, model.license_id]
        needed += [model.experts, model.experts_per_token] if model.kind == "moe" else []
        assert all(needed), model.id
        assert model.full_attention_layers is not None, model.id


@pytest.mark.parametrize("model", SIZED, ids=lambda m: m.name)
def test_growth_per_token_is_that_of_the_architecture(model: OpenModel) -> None:
    far, step = 2**22, 2**20
    assert model_kv_bytes(model, far + step) - model_kv_bytes(model, far) == (model.kv_bytes_per_token_bf16 or 0) * step


@pytest.mark.parametrize("model", CANDIDATES, ids=lambda m: m.name)
def test_every_layer_of_a_candidate_is_accounted_for(model: OpenModel) -> None:
    cached = (model.full_attention_layers or 0) + model.window_layers
    if model.attention == "compressed":
        assert model.window_layers == (model.layers or 0) >= sum(model.compressed_layers.values())
    elif model.state_bytes_per_request:
        assert cached < (model.layers or 0)
    else:
        assert cached == model.layers
    assert bool(model.window_layers) <= bool(model.sliding_window)
    assert (model.attention == "latent") == bool(model.kv_lora_rank)


@given(models, lengths, lengths)
def test_a_longer_context_never_takes_less(model: OpenModel, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert model_kv_bytes(model, low) <= model_kv_bytes(model, high)
    assert request_bytes(model, low) == model_kv_bytes(model, low) + model.state_bytes_per_request


@given(models, st.lists(lengths, min_size=1, max_size=5), st.sampled_from([0.5, 1.0, 2.0]))
def test_arrays_of_lengths_are_the_lengths_one_by_one(model: OpenModel, tokens: list[int], width: float) -> None:
    together = model_kv_bytes(model, np.array(tokens), width)
    assert together.tolist() == [model_kv_bytes(model, each, width) for each in tokens]


@given(st.integers(1, 10**6))
def test_a_window_never_takes_more_than_seeing_everything(tokens: int) -> None:
    for name in ("gpt-oss-120b", "google/gemma-3-27b-it", "c4ai-command-a-03-2025", "Olmo-3.1-32B-Think"):
        model = find_open_model(name)
        full = kv_cache_bytes(model.layers or 0, model.kv_heads or 0, model.head_dim or 0, tokens)
        assert model_kv_bytes(model, tokens) <= full
        if tokens <= (model.sliding_window or 0):
            assert model_kv_bytes(model, tokens) == full


@given(models, st.floats(1, 16), st.floats(1, 16))
def test_fewer_bits_never_weigh_more(model: OpenModel, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert checkpoint_bytes(model, low) <= checkpoint_bytes(model, high)
    assert checkpoint_bytes(model, low) >= weights_bytes(model.params_total_b or 0, low) * (1 - 1e-12)


@given(models, st.sampled_from(sorted(roofline().precision_bits)), st.sampled_from(sorted(roofline().precision_bits)))
def test_a_narrower_precision_never_weighs_more(model: OpenModel, one: str, other: str) -> None:
    a, b = Replica(model, H100, 1, one), Replica(model, H100, 1, other)
    if a.spread == b.spread and a.bits <= b.bits:
        assert a.weights <= b.weights


@given(models, st.floats(1, 16), st.integers(0, 10**6), st.integers(0, 512))
def test_memory_is_the_sum_of_its_lines(model: OpenModel, bits: float, tokens: int, users: int) -> None:
    memory = serving_memory(bits, tokens, users, model=model)
    assert memory.total_bytes == memory.weights_bytes + memory.kv_bytes + memory.overhead_bytes
    assert memory.state_bytes == model.state_bytes_per_request * users <= memory.overhead_bytes
    assert serving_memory(bits, tokens, users + 1, model=model).total_bytes >= memory.total_bytes


@given(models, st.integers(1, 500_000), st.integers(1, 500_000), st.sampled_from([1, 2, 4, 8]))
def test_longer_requests_never_fit_in_larger_number(model: OpenModel, one: int, other: int, count: int) -> None:
    replica = Replica(model, H100, count, "fp8")
    low, high = sorted((one, other))
    assert replica.largest_batch(low) >= replica.largest_batch(high)


def test_published_sizes_of_quantised_checkpoints() -> None:
    """An 8B model at four bits is a file of 5.7 GB, not 4.2: embeddings and head are not quantised (sizes from memory).

    Checkpoints published in four bits pack their experts only.
    """
    assert checkpoint_bytes(find_open_model("llama 3.1 8b"), 4.16) == pytest.approx(5.7e9, rel=0.03)
    assert checkpoint_bytes(find_open_model("llama 3.1 8b"), 8) == pytest.approx(9.1e9, rel=0.02)
    assert Replica(find_open_model("gpt-oss-120b"), H100, 1, "mxfp4").weights == pytest.approx(65.2e9, rel=0.02)
    assert Replica(find_open_model("gpt-oss-20b"), H100, 1, "mxfp4").weights == pytest.approx(13.8e9, rel=0.08)
    assert Replica(find_open_model("Kimi-K2.6"), H100, 8, "int4").weights == pytest.approx(594e9, rel=0.06)
    assert checkpoint_bytes(find_open_model("deepseek v3"), 8) == pytest.approx(671e9, rel=0.01)


def test_heads_fewer_than_accelerators_repeat_the_cache() -> None:
    model = find_open_model("Qwen3.5-397B-A17B")  # two key-value heads
    four, eight = Replica(model, H100, 8, "fp8"), Replica(model, H100, 8, "int4")
    assert four.shape.cache_ways == eight.shape.cache_ways == 2.0
    free = eight.cache_bytes() / 4
    assert eight.largest_batch(8192) == np.floor(free / request_bytes(model, 8192))


def test_an_unknown_architecture_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not recorded"):
        model_kv_bytes(find_open_model("DeepSeek V4.1 Flash"), 10)
