"""Laws of sizing, speed and availability."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.availability import availability
from tools.catalogue.accelerators import find_accelerator
from tools.catalogue.open_models import find_open_model
from tools.errors import InvalidInput
from tools.sizing import kv_cache_bytes, model_kv_bytes, serving_memory
from tools.throughput import Replica, throughput, touched_weight_bytes

LLAMA = find_open_model("llama 3.1 8b")
SPARSE = find_open_model("gpt-oss-120b")
H100 = find_accelerator("H100")
shares = st.lists(st.floats(0, 1), min_size=1, max_size=6)


@given(st.integers(1, 200), st.integers(1, 128), st.integers(1, 512), st.integers(0, 10**6))
def test_the_cache_is_the_product_of_its_parts(layers: int, heads: int, width: int, tokens: int) -> None:
    assert kv_cache_bytes(layers, heads, width, tokens) == 2 * layers * heads * width * tokens * 2


@given(st.floats(1, 16), st.integers(0, 10**6), st.integers(0, 512))
def test_memory_is_the_sum_of_its_parts_and_grows_with_requests(bits: float, tokens: int, users: int) -> None:
    one = serving_memory(bits, tokens, users, model=LLAMA)
    assert one.total_bytes == one.weights_bytes + one.kv_bytes + one.overhead_bytes
    assert serving_memory(bits, tokens, users + 1, model=LLAMA).total_bytes >= one.total_bytes


def test_plain_attention_matches_the_architecture() -> None:
    assert model_kv_bytes(LLAMA, 1) == kv_cache_bytes(32, 8, 128, 1)


@given(shares)
def test_a_chain_is_no_better_than_its_worst_part_and_a_spare_never_hurts(uptimes: list[float]) -> None:
    assert availability(uptimes) <= min(uptimes) + 1e-12
    assert availability(uptimes, any_of=True) >= max(uptimes) - 1e-12


def test_more_requests_at_once_give_more_tokens_each_of_them_slower() -> None:
    replica = Replica(LLAMA, H100, 1, "bf16")
    rate, _, per_token, batch = throughput(replica, 512, 256, np.array([1, 2, 4, 8, 16, 32, 64]))
    assert np.all(np.diff(rate) > 0)
    assert np.all(np.diff(per_token) > 0)
    assert batch.tolist() == [1, 2, 4, 8, 16, 32, 64]


def test_the_cache_limits_how_many_run_at_once() -> None:
    replica = Replica(find_open_model("llama 3.3 70b"), H100, 2, "bf16")
    _, first, _, batch = throughput(replica, 8000, 500, np.array([1.0, 400.0]))
    assert batch[1] == replica.largest_batch(8500) < 400
    assert first[1] > first[0]


def test_a_larger_batch_touches_more_experts_up_to_all() -> None:
    replica = Replica(SPARSE, H100, 1, "mxfp4")
    read = touched_weight_bytes(replica, np.array([1, 8, 64, 100_000]))
    assert np.all(np.diff(read) > 0)
    shared, expert = SPARSE.expert_split_b()  # of the shared weights, at 16 bits, all but the input embeddings is read
    assert read[0] == pytest.approx((shared - SPARSE.embedding_b()) * 2e9 + 4 * expert * 1e9 * 4.25 / 8)
    assert read[-1] == pytest.approx(replica.weights - SPARSE.embedding_b() * 2e9)


def test_a_checkpoint_in_four_bits_is_not_widened() -> None:
    assert Replica(SPARSE, H100, 1, "bf16").bits == 4.25


def test_unknown_architectures_have_no_speed() -> None:
    with pytest.raises(InvalidInput, match="not recorded"):
        Replica(find_open_model("DeepSeek V4.1 Flash"), H100, 1, "bf16")


@pytest.mark.parametrize("bad", [[True], [math.nan], [-0.1], [1.1]])
def test_shares_outside_zero_to_one_are_refused(bad: list[float]) -> None:
    with pytest.raises(InvalidInput, match=r"uptimes\[0\]"):
        availability(bad)
