"""Laws of token prices: lines add up, genai-prices agrees, more never costs less, vector rates agree."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from genai_prices import Usage, calc_price
from hypothesis import given
from hypothesis import strategies as st

from tools.api_cost import api_cost
from tools.errors import InvalidInput, UnknownName
from tools.token_prices import find_price, has_batch_price, price_list, token_rates

AS_OF = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MODELS = (
    "openai/gpt-6-luna",
    "openai/gpt-5.5",
    "anthropic/claude-haiku-5-5",
    "google/gemini-3.1-pro-preview",
    "mistral/mistral-large-4",
    "groq/openai/gpt-oss-120b",
    "deepseek/deepseek-v4-pro",
)
tokens = st.integers(0, 2_000_000)


@given(st.sampled_from(MODELS), tokens, tokens, st.integers(0, 100), st.booleans())
def test_the_total_is_the_sum_of_its_lines(model: str, inputs: int, outputs: int, requests: int, batch: bool) -> None:
    ref = find_price(model)
    wants_batch = batch and has_batch_price(ref.provider_id, ref.model, AS_OF)
    cost = api_cost(model, inputs, outputs, requests=requests, batch=wants_batch, on=AS_OF)
    assert cost.usd == sum((line.amount_usd for line in cost.lines), Decimal(0))
    for line in cost.lines:
        assert line.quantity * line.unit_price_usd == line.amount_usd
        assert line.source.startswith("genai-prices ")


@given(st.sampled_from(MODELS), st.integers(1, 2_000_000), tokens, st.floats(0, 1), st.booleans())
def test_genai_prices_agrees(model: str, inputs: int, outputs: int, cached: float, batch: bool) -> None:
    ref = find_price(model)
    wants_batch = batch and has_batch_price(ref.provider_id, ref.model, AS_OF)
    read = int(inputs * cached)
    ours = api_cost(model, inputs, outputs, cache_read_tokens=read, batch=wants_batch, on=AS_OF)
    theirs = calc_price(
        Usage(input_tokens=inputs, cache_read_tokens=read, output_tokens=outputs),
        model_ref=ref.model,
        provider_id=ref.provider_id,
        genai_request_timestamp=NOON,
        price_context={"processing": "batch"} if wants_batch else None,
    )
    assert ours.usd == theirs.total_price


@given(st.sampled_from(MODELS), tokens, tokens, tokens)
def test_more_tokens_never_cost_less(model: str, inputs: int, outputs: int, more: int) -> None:
    before = api_cost(model, inputs, outputs, on=AS_OF).usd
    assert api_cost(model, inputs + more, outputs, on=AS_OF).usd >= before
    assert api_cost(model, inputs, outputs + more, on=AS_OF).usd >= before


@given(st.sampled_from(MODELS), st.integers(0, 900_000), tokens)
def test_vector_rates_agree_with_the_exact_price(model: str, inputs: int, outputs: int) -> None:
    ref = find_price(model)
    rates = token_rates(ref.provider_id, ref.model, AS_OF)
    held = [rate for rate in (rates, *rates.cliffs) if rate is rates or inputs > rate.above_tokens][-1]
    exact = api_cost(model, inputs, outputs, on=AS_OF).usd
    assert inputs * held.input + outputs * held.output == pytest.approx(float(exact))


def test_crossing_a_tier_reprices_the_whole_request() -> None:
    below, above = (api_cost("gpt-5.5", n, 0, on=AS_OF).usd for n in (272_000, 272_001))
    assert above > 2 * below


def test_every_proprietary_flagship_has_a_price_list_with_a_source() -> None:
    prices = price_list(find_price("gpt-6-astra"), AS_OF)
    assert [tier.above_tokens for tier in prices.tiers] == [0, 272_000]
    assert prices.source == "genai-prices 0.2.3, openai/gpt-6-astra, list price on 2026-11-22"


def test_several_sellers_and_no_first_party_must_be_narrowed() -> None:
    with pytest.raises(UnknownName, match="sold by several providers"):
        find_price("deepseek-ai/DeepSeek-V4.1-Flash")


@pytest.mark.parametrize("bad", [-1, float("nan"), float("inf")])
def test_impossible_counts_are_refused(bad: float) -> None:
    with pytest.raises(InvalidInput, match="requests"):
        api_cost("gpt-6-luna", 1, 1, requests=bad, on=AS_OF)
