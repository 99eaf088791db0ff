"""What requests to a token-priced model cost, line by line. It knows no catalogue and no hardware."""

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.assessment import CostLine
from tools.errors import InvalidInput
from tools.token_prices import MILLION, NOON, PriceList, PriceRef, Processing, Tier, find_price, price_list


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One exact line of a bill: `amount_usd` is quantity × unit price, in decimal arithmetic."""

    name: str
    quantity: Decimal
    unit: str
    unit_price_usd: Decimal
    amount_usd: Decimal
    source: str

    def cost_line(self) -> CostLine:
        """Return the line in the floats of an assessment."""
        price, amount = float(self.unit_price_usd), float(self.amount_usd)
        return CostLine(self.name, float(self.quantity), self.unit, price, amount, self.source)


@dataclass(frozen=True, slots=True)
class ApiCost:
    """US dollars in all, exactly the sum of the lines, and what was priced."""

    usd: Decimal
    lines: tuple[PricedLine, ...]
    ref: PriceRef
    note: str = ""


def api_cost(
    model: str,
    input_tokens: float,
    output_tokens: float = 0,
    *,
    on: date,
    cache_read_tokens: float = 0,
    cache_write_tokens: float = 0,
    cache_write_1h_tokens: float = 0,
    requests: float = 1,
    batch: bool = False,
    processing: Processing = "standard",
    hour_utc: int = NOON,
) -> ApiCost:
    """Price `requests` equal requests on a day.

    Args:
        model: a name that genai-prices or the own table knows, with or without provider ('openai/gpt-6-luna').
        input_tokens: tokens of ONE request, those read from and written to the cache included. A price tier
            is judged per request, so a total over many requests must not be given as one.
        cache_write_tokens: written to the cache for its shortest lifetime (five minutes where there are several).
        requests: how many such requests.
        processing: standard, batch, flex, priority or fast; InvalidInput where no such price is listed.
        hour_utc: hour of the day, for the providers whose prices change with it.
    """
    counts = _checked(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_read_tokens=cache_read_tokens,
        cache_write_tokens=cache_write_tokens,
        cache_write_1h_tokens=cache_write_1h_tokens,
        requests=requests,
    )
    fresh = _fresh_tokens(counts)
    ref = find_price(model)
    prices = price_list(ref, on, batch, processing, hour_utc)
    tier = _fitting_tier(prices, counts)
    lines = _lines(counts, fresh, tier, prices.source)
    if prices.per_request:
        lines.append(_line("Requests", counts["requests"], "request", prices.per_request, prices.source))
    note = _note(prices, tier, counts["input_tokens"], hour_utc)
    return ApiCost(sum((line.amount_usd for line in lines), Decimal(0)), tuple(lines), prices.ref, note)


def _fresh_tokens(counts: dict[str, Decimal]) -> Decimal:
    cached = counts["cache_read_tokens"] + counts["cache_write_tokens"] + counts["cache_write_1h_tokens"]
    if cached > counts["input_tokens"]:
        raise InvalidInput(
            "cache_read_tokens: cached tokens are part of input_tokens; "
            f"expected read + write to be at most {counts['input_tokens']}"
        )
    return counts["input_tokens"] - cached


def _fitting_tier(prices: PriceList, counts: dict[str, Decimal]) -> Tier:
    """Return the tier of one request, or say which of its tokens have no price."""
    tokens = counts["input_tokens"]
    if prices.most_tokens is not None and tokens > prices.most_tokens:
        raise InvalidInput(
            f"processing: no {prices.processing} price is listed for {prices.ref} above {prices.most_tokens:,} input "
            "tokens in a request; expected fewer tokens, or standard"
        )
    tier = prices.tier_for(tokens)
    if tier.output is None and counts["output_tokens"]:
        raise InvalidInput(f"output_tokens: {prices.ref} has no price per output token; expected 0")
    if tier.cache_write_1h is None and counts["cache_write_1h_tokens"]:
        raise InvalidInput(f"cache_write_1h_tokens: {prices.ref} has no price for one-hour cache writes; expected 0")
    return tier


def _checked(**counts: float) -> dict[str, Decimal]:
    for key, value in counts.items():
        if isinstance(value, bool) or not math.isfinite(value) or value < 0:
            raise InvalidInput(f"{key}: {value!r} does not fit; expected a number from 0")
    return {key: Decimal(str(value)) for key, value in counts.items()}


def _lines(counts: dict[str, Decimal], fresh: Decimal, tier: Tier, source: str) -> list[PricedLine]:
    requests = counts["requests"]
    parts = (
        ("Input tokens", fresh, tier.input, True),
        ("Cached input tokens, read", counts["cache_read_tokens"], tier.cached_input, False),
        ("Input tokens written to the cache", counts["cache_write_tokens"], tier.cache_write, False),
        (
            "Input tokens written to the cache for an hour",
            counts["cache_write_1h_tokens"],
            tier.cache_write_1h or Decimal(0),
            False,
        ),
        ("Output tokens", counts["output_tokens"], tier.output or Decimal(0), tier.output is not None),
    )
    return [
        _line(name, tokens * requests / MILLION, "million tokens", price, source)
        for name, tokens, price, always in parts
        if tokens or always
    ]


def _line(name: str, quantity: Decimal, unit: str, price: Decimal, source: str) -> PricedLine:
    return PricedLine(name, quantity, unit, price, quantity * price, source)


def _note(prices: PriceList, tier: Tier, input_tokens: Decimal, hour_utc: int) -> str:
    notes = []
    if tier.above_tokens:
        notes.append(f"over {tier.above_tokens:,} input tokens in a request: the higher tier prices all of it")
    if prices.context_tokens is not None and input_tokens > prices.context_tokens:
        notes.append(f"more than the model's context of {prices.context_tokens:,} tokens: such a request is refused")
    if prices.other_hours:
        hours = ", ".join(map(str, prices.other_hours))
        notes.append(f"priced at {hour_utc}:00 UTC; other prices hold in the hours (UTC) from {hours}")
    return "; ".join(notes)
