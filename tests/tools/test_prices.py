"""Laws of token prices: lines add up, genai-prices agrees, more never costs less, vector rates agree."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from genai_prices import Usage, calc_price
from hypothesis import assume, given
from hypothesis import strategies as st

from tools.api_cost import api_cost
from tools.errors import InvalidInput, UnknownName
from tools.token_prices import Processing, find_price, has_batch_price, has_price, price_list, token_rates

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
CONTEXTS: dict[Processing, dict[str, str]] = {
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
}


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


@given(
    st.sampled_from(("openai/gpt-6-luna", "openai/gpt-6-astra", "openai/gpt-4.1-mini")),
    st.sampled_from(tuple(CONTEXTS)),
    st.integers(1, 2_000_000),
    tokens,
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_genai_prices_agrees_on_every_processing(
    model: str, processing: Processing, inputs: int, outputs: int, cached: float, written: float
) -> None:
    ref = find_price(model)
    assume(has_price(ref.provider_id, ref.model, AS_OF, processing))
    read = int(inputs * cached)
    write = int((inputs - read) * written)
    usage = {"input_tokens": inputs, "cache_read_tokens": read, "output_tokens": outputs, "cache_write_tokens": write}
    ours = api_cost(
        model, inputs, outputs, cache_read_tokens=read, cache_write_tokens=write, processing=processing, on=AS_OF
    )
    theirs = calc_price(
        Usage(**usage), ref.model, provider_id=ref.provider_id, genai_request_timestamp=NOON,
        price_context=CONTEXTS[processing],
    )  # fmt: skip
    assert ours.usd == theirs.total_price


@given(st.integers(1, 1_500_000), tokens, st.integers(0, 23))
def test_genai_prices_agrees_at_every_hour(inputs: int, outputs: int, hour: int) -> None:
    ours = api_cost("deepseek/deepseek-v4-pro", inputs, outputs, on=AS_OF, hour_utc=hour)
    theirs = calc_price(
        Usage(input_tokens=inputs, output_tokens=outputs), "deepseek-v4-pro", provider_id="deepseek",
        genai_request_timestamp=NOON.replace(hour=hour),
    )  # fmt: skip
    assert ours.usd == theirs.total_price


@given(st.integers(1, 900_000), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_both_lifetimes_of_the_cache_are_priced_as_genai_prices_does(
    inputs: int, short: float, long: float, batch: bool
) -> None:
    writes = int(inputs * short)
    hours = int((inputs - writes) * long)
    ours = api_cost(
        "claude-haiku-5-5", inputs, 7, cache_write_tokens=writes, cache_write_1h_tokens=hours, batch=batch, on=AS_OF
    )
    theirs = calc_price(
        Usage(
            input_tokens=inputs, output_tokens=7, cache_write_tokens=writes + hours, cache_write_5m_tokens=writes,
            cache_write_1h_tokens=hours,
        ),
        "claude-haiku-5-5", provider_id="anthropic", genai_request_timestamp=NOON,
        price_context={"processing": "batch"} if batch else None,
    )  # fmt: skip
    assert ours.usd == theirs.total_price


@pytest.mark.parametrize(
    "model", ["openai/gpt-6-luna", "anthropic/claude-haiku-5-5", "azure/eu/gpt-6.1-sol", "grok-4.7"]
)
def test_a_tier_starts_one_token_above_its_threshold(model: str) -> None:
    prices = price_list(find_price(model), AS_OF)
    base, cliff = prices.tiers
    assert prices.tier_for(cliff.above_tokens) is base
    assert prices.tier_for(cliff.above_tokens + 1) is cliff
    below, above = (api_cost(model, cliff.above_tokens + more, 0, on=AS_OF).usd for more in (0, 1))
    assert below == base.input * cliff.above_tokens / 1_000_000
    assert above == cliff.input * (cliff.above_tokens + 1) / 1_000_000


def test_the_tier_is_that_of_one_request_not_of_all() -> None:
    many = api_cost("gpt-5.5", 1_000, 0, requests=1_000, on=AS_OF).usd
    assert many == 1_000 * api_cost("gpt-5.5", 1_000, 0, on=AS_OF).usd
    assert many < api_cost("gpt-5.5", 1_000_000, 0, on=AS_OF).usd


def test_a_processing_that_nobody_prices_is_never_the_list_price() -> None:
    for ref in (find_price(model) for model in MODELS):
        for processing in CONTEXTS:
            if not has_price(ref.provider_id, ref.model, AS_OF, processing):
                with pytest.raises(InvalidInput, match=f"no {processing} price is listed"):
                    price_list(ref, AS_OF, processing=processing)


def test_a_variant_that_prices_images_only_is_no_price_for_text() -> None:
    # gpt-image's batch variants differ in images; where text is not among them, batch must not be the list price.
    for ref in (find_price("openai/gpt-image-1"), find_price("google/gemini-3-pro-image-preview")):
        if has_batch_price(ref.provider_id, ref.model, AS_OF):
            assert price_list(ref, AS_OF, True).tiers[0].input < price_list(ref, AS_OF).tiers[0].input


def test_rates_of_a_processing_are_vectors_of_the_same_prices() -> None:
    rates = token_rates("openai", "gpt-6-luna", AS_OF, processing="flex")
    assert (rates.input, rates.output) == pytest.approx((0.05e-6, 0.25e-6))
    assert token_rates("openai", "gpt-6-luna", AS_OF, True) == token_rates(
        "openai", "gpt-6-luna", AS_OF, processing="batch"
    )


@pytest.mark.parametrize("name", ["gpt-6-lunar", "openai/gpt-6-lunar", "aws/gpt-6-lunar", "claude-opuss-5-5"])
def test_a_misspelt_name_is_no_other_model(name: str) -> None:
    """The package finds 'luna' in 'lunar'; a price of another model is worse than none."""
    with pytest.raises(UnknownName, match="Did you mean"):
        find_price(name)


def test_a_dated_name_is_the_model() -> None:
    assert find_price("gpt-6-luna-2026-10-01") == find_price("gpt-6-luna")
    assert find_price("gpt-4o-2024-08-06") == find_price("gpt-4o")
