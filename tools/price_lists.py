"""Price lists of models on a day, read from the genai-prices package or the own table. It knows no usage.

Batch and the processing tiers are prices of their own; one that is not listed is an error, never the list price.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from tools.catalogue.own_prices import OwnPrice, OwnTier, Processing, own_price, own_prices
from tools.errors import InvalidInput
from tools.price_names import PriceRef, listed_model, resolve

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

# What the package calls each way of processing; it ignores a context that it does not know.
_CONTEXTS: dict[Processing, tuple[dict[str, str], ...]] = {
    "batch": ({"processing": "batch"},),
    "flex": ({"service_tier": "flex"},),
    "priority": ({"service_tier": "priority"},),
    "fast": ({"service_tier": "fast"}, {"speed": "fast"}),
}
NOON = 12
HOURS = range(24)


@dataclass(frozen=True, slots=True)
class Tier:
    """US dollars per million tokens for requests with more than `above_tokens` input tokens.

    `cache_write` is that of the shortest lifetime (five minutes where there are several); `cache_write_1h` and
    `output` are None where no such price is listed.
    """

    above_tokens: int
    input: Decimal
    cached_input: Decimal
    cache_write: Decimal
    output: Decimal | None
    cache_write_1h: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of a model on a day: tiers in rising order, the first from zero, and per request.

    `most_tokens`: above so many input tokens this processing is not priced, though the standard one is.
    `other_hours`: hours of the day (UTC) at which other prices hold.
    """

    ref: PriceRef
    on: date
    processing: Processing
    tiers: tuple[Tier, ...]
    per_request: Decimal
    source: str
    most_tokens: int | None = None
    context_tokens: int | None = None
    other_hours: tuple[int, ...] = ()

    def tier_for(self, input_tokens: float | Decimal) -> Tier:
        """Return the tier that a request with this many input tokens (cached ones included) falls into."""
        return next(t for t in reversed(self.tiers) if input_tokens > t.above_tokens or t is self.tiers[0])


@cache
def data_version() -> str:
    """Name the price data: its package and version (the snapshot carries no date of its own)."""
    return f"genai-prices {version('genai-prices')}"


def prices_of(ref: PriceRef, on: date, processing: Processing, hour_utc: int = NOON) -> PriceList:
    """Return a model's prices at an hour of a day, or raise InvalidInput saying what is listed."""
    if hour_utc not in HOURS:
        raise InvalidInput(f"hour_utc: {hour_utc!r} does not fit; expected 0 to 23")
    found = _search(ref, on, processing, hour_utc)
    if found is not None:
        return found
    if processing == "standard":
        raise InvalidInput(f"model: {ref} has no price per input token on {on} in {data_version()} or the own table")
    listed: list[Processing] = ["standard", *_CONTEXTS]
    others = [known for known in listed if is_listed(ref, on, known)]
    raise InvalidInput(
        f"{'batch' if processing == 'batch' else 'processing'}: no {processing} price is listed for {ref} on {on}; "
        f"listed: {', '.join(others) or 'none'}"
    )


def is_listed(ref: PriceRef, on: date, processing: Processing) -> bool:
    """Say whether a price for a way of processing is listed on a day."""
    return _search(ref, on, processing, NOON) is not None


@cache
def change_dates(ref: PriceRef) -> frozenset[date]:
    """Return the days on which a model's listed prices change; between two of them every day has the same."""
    ref = resolve(ref.provider_id, ref.model)
    model = listed_model(ref)
    dated = [] if model is None else [*(model.prices if isinstance(model.prices, list) else ())]
    dated += [] if model is None else [*(model.price_variants or ())]
    listed = {getattr(entry.constraint, "start_date", None) for entry in dated}
    own = {record.since for record in own_prices().get((ref.provider_id, ref.model.lower()), ())}
    return frozenset(day for day in listed | own if day is not None)


@cache
def _search(ref: PriceRef, on: date, processing: Processing, hour_utc: int) -> PriceList | None:
    ref = resolve(ref.provider_id, ref.model)
    model = listed_model(ref)
    prices = _prices_at(model, _moment(on, hour_utc), processing) if model else None
    if model is not None and prices is not None:
        return _from_package(ref, model, prices, on, processing, hour_utc)
    own = own_price(ref.provider_id, ref.model, on, processing)
    if own is None:
        return None
    standard = None if processing == "standard" else _search(ref, on, "standard", hour_utc)
    return _from_own_table(ref, own, on, standard)


def _moment(on: date, hour_utc: int) -> datetime:
    return datetime.combine(on, time(hour_utc), tzinfo=UTC)


def _prices_at(model: "ModelInfo", at: datetime, processing: Processing) -> "ModelPrice | None":
    """Return the package's prices at a moment; None where it lists none per input token for this processing."""
    standard = model.get_prices(at)
    if standard.input_mtok is None:
        return None
    if processing == "standard":
        return standard
    for context in _CONTEXTS[processing]:
        variants = [
            variant.prices
            for variant in model.price_variants or ()
            if variant.when == context and (variant.constraint is None or variant.constraint.active(at))
        ]
        # A variant may list images only; text would then silently be billed at the list price.
        needed = ["input_mtok"] if standard.output_mtok is None else ["input_mtok", "output_mtok"]
        if variants and all(any(getattr(v, key) is not None for v in variants) for key in needed):
            return model.get_prices(at, context)
    return None


def _from_package(
    ref: PriceRef, model: "ModelInfo", prices: "ModelPrice", on: date, processing: Processing, hour_utc: int
) -> PriceList:
    per_request = _at(prices.__dict__.get("requests_kcount"), 0) or Decimal(0)
    tiers = tuple(_tier(prices, start) for start in _tier_starts(prices))
    how = "list" if processing == "standard" else processing
    hour = "" if hour_utc == NOON else f" at {hour_utc}:00 UTC"
    return PriceList(
        ref=ref,
        on=on,
        processing=processing,
        tiers=tiers,
        per_request=per_request / 1000,
        source=f"{data_version()}, {ref}, {how} price on {on}{hour}",
        most_tokens=_most_tokens(tiers, _tier_starts(model.get_prices(_moment(on, hour_utc)))),
        context_tokens=model.context_window,
        other_hours=_other_hours(model, prices, on, processing),
    )


def _other_hours(model: "ModelInfo", prices: "ModelPrice", on: date, processing: Processing) -> tuple[int, ...]:
    timed = [*(model.prices if isinstance(model.prices, list) else ()), *(model.price_variants or ())]
    if not any(hasattr(entry.constraint, "start_time") for entry in timed):
        return ()
    return tuple(hour for hour in HOURS if _prices_at(model, _moment(on, hour), processing) != prices)


def _from_own_table(ref: PriceRef, own: OwnPrice, on: date, standard: PriceList | None) -> PriceList:
    tiers = tuple(_own_tier(tier) for tier in own.tiers)
    most_tokens = context_tokens = None
    if standard is not None:
        most_tokens = _most_tokens(tiers, [tier.above_tokens for tier in standard.tiers])
        context_tokens = standard.context_tokens
    return PriceList(ref, on, own.processing, tiers, Decimal(0), own.cited, most_tokens, context_tokens)


def _most_tokens(tiers: tuple[Tier, ...], standard_starts: list[int]) -> int | None:
    """Where only the list price has a tier for long requests, they are not processed in this way."""
    return standard_starts[1] if len(standard_starts) > 1 and len(tiers) == 1 else None


def _own_tier(tier: OwnTier) -> Tier:
    read = tier.input if tier.cache_read is None else tier.cache_read
    write = tier.input if tier.cache_write is None else tier.cache_write
    return Tier(tier.above_tokens, tier.input, read, write, tier.output, tier.cache_write_1h)


def _tier_starts(prices: "ModelPrice") -> list[int]:
    fields = (prices.input_mtok, prices.cache_read_mtok, prices.cache_write_mtok, prices.output_mtok)
    starts = {tier.start for value in fields if value is not None for tier in getattr(value, "tiers", ())}
    return sorted({0, *starts})


def _tier(prices: "ModelPrice", start: int) -> Tier:
    fresh = _at(prices.input_mtok, start)
    assert fresh is not None
    read, write = _at(prices.cache_read_mtok, start), _at(prices.cache_write_mtok, start)
    return Tier(
        above_tokens=start,
        input=fresh,
        # Where no own price is listed, the provider charges cached tokens like any other input token.
        cached_input=fresh if read is None else read,
        cache_write=fresh if write is None else write,
        output=_at(prices.output_mtok, start),
        cache_write_1h=_at(prices.__dict__.get("cache_write_1h_mtok"), start),
    )


def _at(value: "Decimal | TieredPrices | None", start: int) -> Decimal | None:
    """Return the price of a request with just more than `start` input tokens."""
    if value is None or isinstance(value, Decimal):
        return value
    passed = [tier.price for tier in value.tiers if start > 0 and tier.start <= start]
    return passed[-1] if passed else value.base
