"""Prices that the guidance quotes are those of the price data on the day the article was reviewed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from genai_prices import Usage, calc_price

from knowledge.articles import load_guidance

BODIES = {article.name: " ".join(article.body.split()) for article in load_guidance()}
REVIEWED = datetime(2026, 11, 22, 12, tzinfo=UTC)
MILLION = 1_000_000


def list_price(provider: str, model: str, input_tokens: int, output_tokens: int, cached: int = 0) -> Decimal:
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, cache_read_tokens=cached)
    return calc_price(usage, model, provider_id=provider, genai_request_timestamp=REVIEWED).total_price


@pytest.mark.parametrize(
    ("provider", "model", "article", "quoted", "input_usd", "output_usd"),
    [
        ("openai", "gpt-6-luna", "cost-and-break-even", "0.10 USD per million input and 0.50 USD", "0.10", "0.50"),
        ("anthropic", "claude-haiku-5-5", "cost-and-break-even", "Claude Haiku 5.5 listed 0.10 USD", "0.10", "0.50"),
        ("anthropic", "claude-opus-5-5", "cost-and-break-even", "Claude Opus 5.5 listed 4 and 20", "4", "20"),
        ("openai", "gpt-6-astra", "hundred-million-tokens", "GPT-6 Astra (10 in, 50 out", "10", "50"),
        ("anthropic", "claude-opus-5-5", "hundred-million-tokens", "Claude Opus 5.5 (4 and 20)", "4", "20"),
        ("openai", "gpt-6-luna", "hosted-open-models", "at 0.10 and 0.50 USD", "0.10", "0.50"),
    ],
)  # fmt: skip
def test_a_quoted_price_is_the_list_price(
    provider: str, model: str, article: str, quoted: str, input_usd: str, output_usd: str
) -> None:
    assert quoted in BODIES[article]
    # A hundredth of a million tokens stays below every step of long-context prices.
    assert list_price(provider, model, MILLION // 100, 0) * 100 == Decimal(input_usd)
    assert list_price(provider, model, 0, MILLION // 100) * 100 == Decimal(output_usd)


@pytest.mark.parametrize(
    ("provider", "model", "quoted", "usd"),
    [
        ("openai", "gpt-6-astra", "2,000 USD on GPT-6 Astra", 2000),
        ("anthropic", "claude-opus-5-5", "800 USD on Claude Opus 5.5", 800),
        ("openai", "gpt-6-luna", "20 USD on GPT-6 Luna", 20),
    ],
)
def test_a_hundred_million_tokens_cost_what_the_article_says(provider: str, model: str, quoted: str, usd: int) -> None:
    requests, per_request = 10_000, 10_000
    one = list_price(provider, model, per_request * 3 // 4, per_request // 4)
    assert quoted in BODIES["hundred-million-tokens"]
    assert one * requests == usd


@pytest.mark.parametrize(
    ("provider", "model", "share"),
    [("openai", "gpt-6-astra", 10), ("openai", "gpt-6.1-sol", 20), ("anthropic", "claude-opus-5-5", 20)],
)
def test_cached_input_costs_the_share_that_the_article_says(provider: str, model: str, share: int) -> None:
    text = BODIES["caching-and-batch"]
    assert "a tenth of the normal input price at GPT-6 Astra" in text
    assert "a twentieth at GPT-6.1 Sol and Claude Opus 5.5" in text
    assert list_price(provider, model, 10_000, 0, cached=10_000) * share == list_price(provider, model, 10_000, 0)


def test_the_price_step_for_long_prompts_is_where_the_article_says() -> None:
    assert "GPT-6.1 Sol doubles its input price above 272,000 tokens" in BODIES["tokens-and-context"]
    below = list_price("openai", "gpt-6.1-sol", 272_000, 0) / 272_000
    above = list_price("openai", "gpt-6.1-sol", 272_001, 0) / 272_001
    assert above == 2 * below
