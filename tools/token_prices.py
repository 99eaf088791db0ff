"""Token prices by date, from the genai-prices package and the own table, offline. It knows prices, not usage.

A few providers charge by the time of day: prices are those at noon UTC unless an hour is given. Crossing a tier
reprices the whole request, so a tier is a set of rates and the input tokens per request above which it holds. Batch
and the processing tiers are prices of their own; one that is not listed is an error, never the list price.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from tools.catalogue.own_prices import Processing
from tools.errors import InvalidInput
from tools.price_lists import NOON, PriceList, Tier, data_version, is_listed, prices_of
from tools.price_names import PriceRef, find_price

__all__ = (
    "MILLION", "NOON", "PriceList", "PriceRef", "Processing", "Tier", "TokenRates", "as_processing", "data_version",
    "find_price", "has_batch_price", "has_price", "price_list", "token_rates",
)  # fmt: skip

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class TokenRates:
    """US dollars per token as floats, for vector arithmetic; `cliffs` are the tiers above the first.

    `output` is 0.0 with `output_priced` False for models without an output price (embeddings).
    """

    above_tokens: int
    input: float
    cached_input: float
    cache_write: float
    output: float
    output_priced: bool
    per_request: float
    source: str
    cliffs: tuple["TokenRates", ...] = ()


def as_processing(batch: bool, processing: Processing = "standard") -> Processing:
    """Return the processing that two arguments name together: `batch` is the older name of one of them."""
    if batch and processing not in ("standard", "batch"):
        raise InvalidInput(f"processing: {processing!r} contradicts batch; expected one of the two")
    return "batch" if batch else processing


def price_list(
    ref: PriceRef, on: date, batch: bool = False, processing: Processing = "standard", hour_utc: int = NOON
) -> PriceList:
    """Return a model's prices on a day; InvalidInput where it has no token price, or none for this processing."""
    return prices_of(ref, on, as_processing(batch, processing), hour_utc)


@cache
def token_rates(
    provider_id: str, model: str, on: date, batch: bool = False, processing: Processing = "standard"
) -> TokenRates:
    """Return a model's rates per token on a day at noon UTC, ready for numpy."""
    prices = prices_of(PriceRef(provider_id, model), on, as_processing(batch, processing))
    first, *rest = (_rates(tier, prices) for tier in prices.tiers)
    return TokenRates(
        first.above_tokens, first.input, first.cached_input, first.cache_write, first.output,
        first.output_priced, first.per_request, first.source, tuple(rest),
    )  # fmt: skip


def has_batch_price(provider_id: str, model: str, on: date) -> bool:
    """Say whether a batch price is listed on a day."""
    return has_price(provider_id, model, on, "batch")


def has_price(provider_id: str, model: str, on: date, processing: Processing) -> bool:
    """Say whether a price for a way of processing is listed on a day."""
    return is_listed(PriceRef(provider_id, model), on, processing)


def _rates(tier: Tier, prices: PriceList) -> TokenRates:
    output = Decimal(0) if tier.output is None else tier.output
    return TokenRates(
        above_tokens=tier.above_tokens,
        input=float(tier.input / MILLION),
        cached_input=float(tier.cached_input / MILLION),
        cache_write=float(tier.cache_write / MILLION),
        output=float(output / MILLION),
        output_priced=tier.output is not None,
        per_request=float(prices.per_request),
        source=prices.source,
    )
