"""Token prices from the genai-prices package, offline and by date. It knows prices, not usage.

Prices are those at noon UTC of the day, because a few providers charge by the time of day. Crossing a tier
reprices the whole request, so a tier is a set of rates and the input tokens per request above which it holds.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from tools.catalogue.proprietary import find_proprietary_model
from tools.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, Provider, TieredPrices

BATCH = {"processing": "batch"}
MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class PriceRef:
    """The genai-prices name of a model at a provider."""

    provider_id: str
    model: str

    def __str__(self) -> str:
        return f"{self.provider_id}/{self.model}"


@dataclass(frozen=True, slots=True)
class Tier:
    """US dollars per million tokens for requests with more than `above_tokens` input tokens."""

    above_tokens: int
    input: Decimal
    cached_input: Decimal
    cache_write: Decimal
    output: Decimal | None


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of a model on a day: tiers in rising order, the first from zero, and per request."""

    ref: PriceRef
    on: date
    batch: bool
    tiers: tuple[Tier, ...]
    per_request: Decimal
    source: str

    def tier_for(self, input_tokens: float | Decimal) -> Tier:
        """Return the tier that a request with this many input tokens (cached ones included) falls into."""
        return next(t for t in reversed(self.tiers) if input_tokens > t.above_tokens or t is self.tiers[0])


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


def find_price(model: str) -> PriceRef:
    """Resolve 'gpt-6-luna', 'openai/gpt-6-luna' or 'anthropic:claude-opus-5-5'; first parties go first."""
    name = model.strip()
    for separator in (":", "/"):
        provider_name, found, rest = name.partition(separator)
        provider = _providers().get(provider_name.lower()) if found else None
        if provider is not None:
            return _within(provider, rest)
    return _default_provider(name) or _from_catalogue(name) or _only_provider(name)


def price_list(ref: PriceRef, on: date, batch: bool = False) -> PriceList:
    """Return a model's prices on a day; InvalidInput where it has no token price or no batch price."""
    return _price_list(ref, on, batch)


@cache
def token_rates(provider_id: str, model: str, on: date, batch: bool = False) -> TokenRates:
    """Return a model's rates per token on a day, ready for numpy."""
    prices = _price_list(PriceRef(provider_id, model), on, batch)
    first, *rest = (_rates(tier, prices) for tier in prices.tiers)
    return TokenRates(
        first.above_tokens, first.input, first.cached_input, first.cache_write, first.output,
        first.output_priced, first.per_request, first.source, tuple(rest),
    )  # fmt: skip


@cache
def has_batch_price(provider_id: str, model: str, on: date) -> bool:
    """Say whether a batch price is listed: genai-prices itself ignores an unknown price context."""
    return _batch_listed(_lookup(PriceRef(provider_id, model)), _noon(on))


@cache
def data_version() -> str:
    """Name the price data: its package and version (the snapshot carries no date of its own)."""
    return f"genai-prices {version('genai-prices')}"


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=UTC)


@cache
def _providers() -> dict[str, "Provider"]:
    from genai_prices.data_snapshot import get_snapshot

    return {provider.id: provider for provider in get_snapshot().providers}


@cache
def _lookup(ref: PriceRef) -> "ModelInfo":
    provider = _providers().get(ref.provider_id)
    if provider is None:
        raise UnknownName.of("provider", ref.provider_id, _providers())
    exact = next((m for m in provider.models if m.id.lower() == ref.model.lower()), None)
    found = exact or provider.find_model(ref.model)
    if found is None:
        raise UnknownName.of(f"model of {provider.id}", ref.model, (m.id for m in provider.models))
    return found


def _within(provider: "Provider", model: str) -> PriceRef:
    return PriceRef(provider.id, _lookup(PriceRef(provider.id, model)).id)


def _default_provider(name: str) -> PriceRef | None:
    from genai_prices.data_snapshot import get_snapshot

    try:
        provider, model = get_snapshot().find_provider_model(name, None, None, None)
    except LookupError:
        return None
    return PriceRef(provider.id, model.id)


def _from_catalogue(name: str) -> PriceRef | None:
    try:
        known = find_proprietary_model(name)
    except UnknownName:
        return None
    return PriceRef(known.provider_id, known.price_model)


def _only_provider(name: str) -> PriceRef:
    found = []
    for provider in _providers().values():
        exact = next((m for m in provider.models if m.id.lower() == name.lower()), None)
        model = exact or provider.find_model(name)
        if model is not None:
            found.append(PriceRef(provider.id, model.id))
    if len(found) == 1:
        return found[0]
    if found:
        sellers = ", ".join(map(str, found[:12]))
        raise UnknownName(f"{name!r} is sold by several providers; say which: {sellers}")
    known = {model.id for provider in _providers().values() for model in provider.models}
    raise UnknownName.of("model with a token price", name, known)


def _batch_listed(model: "ModelInfo", at: datetime) -> bool:
    return any(
        variant.when == BATCH and (variant.constraint is None or variant.constraint.active(at))
        for variant in model.price_variants or ()
    )


@cache
def _price_list(ref: PriceRef, on: date, batch: bool) -> PriceList:
    model, at = _lookup(ref), _noon(on)
    if batch and not _batch_listed(model, at):
        raise InvalidInput(f"batch: no batch price is listed for {ref} on {on}; expected false")
    prices = model.get_prices(at, BATCH if batch else None)
    if prices.input_mtok is None:
        raise InvalidInput(f"model: {ref} has no price per input token in {data_version()}")
    per_request = prices.__dict__.get("requests_kcount") or Decimal(0)
    how = "batch" if batch else "list"
    return PriceList(
        ref=ref,
        on=on,
        batch=batch,
        tiers=tuple(_tier(prices, start) for start in _tier_starts(prices)),
        per_request=per_request / 1000 if isinstance(per_request, Decimal) else per_request.base / 1000,
        source=f"{data_version()}, {ref}, {how} price on {on}",
    )


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
    )


def _at(value: "Decimal | TieredPrices | None", start: int) -> Decimal | None:
    """Return the price of a request with just more than `start` input tokens."""
    if value is None or isinstance(value, Decimal):
        return value
    passed = [tier.price for tier in value.tiers if start > 0 and tier.start <= start]
    return passed[-1] if passed else value.base


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
