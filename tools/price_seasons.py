"""Token prices over the planning horizon: which months have which rates. It knows no option and no people."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from tools.assumptions import assumed_values, assumption
from tools.draws import Floats
from tools.price_lists import change_dates
from tools.price_names import PriceRef
from tools.token_prices import TokenRates, has_batch_price, token_rates
from tools.volume import Volume


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """Months of the horizon, counted from 0, in which the same rates hold; no batch rates where none are listed."""

    listed: TokenRates
    batch: TokenRates | None
    months: tuple[int, ...]


def months_from(on: date) -> tuple[date, ...]:
    """Return the first day of each month of the horizon, the first being the day itself."""
    count = int(assumption("horizon_months").number)
    ahead = [(on.year * 12 + on.month - 1 + i) for i in range(count)]
    return (on, *(date(month // 12, month % 12 + 1, 1) for month in ahead[1:]))


def price_periods(provider: str, model: str, on: date) -> tuple[PricePeriod, ...]:
    """Return the periods of equal prices over the horizon, so that announced changes are counted when they come."""
    return _price_periods(provider, model, on, assumed_values())


@cache
def _price_periods(provider: str, model: str, on: date, assumed: str) -> tuple[PricePeriod, ...]:
    grouped: dict[tuple[object, ...], list[int]] = {}
    found: dict[tuple[object, ...], tuple[TokenRates, TokenRates | None]] = {}
    months, changes = months_from(on), change_dates(PriceRef(provider, model))
    key: tuple[object, ...] = ()
    for number, month in enumerate(months):
        if number == 0 or any(months[number - 1] < day <= month for day in changes):
            listed = token_rates(provider, model, month)
            batch = token_rates(provider, model, month, True) if has_batch_price(provider, model, month) else None
            key = (_figures(listed), _figures(batch) if batch else None)
            found.setdefault(key, (listed, batch))
        grouped.setdefault(key, []).append(number)
    return tuple(PricePeriod(*found[key], tuple(months)) for key, months in grouped.items())


def _figures(rates: TokenRates) -> tuple[object, ...]:
    own = (rates.input, rates.cached_input, rates.output, rates.per_request)
    return (*own, *((*_figures(cliff), cliff.above_tokens) for cliff in rates.cliffs))


def request_parts(rates: TokenRates, volume: Volume, count: int) -> Floats:
    """Return US dollars of one request: fresh input (with the request fee), cached input, output: shape (3, draws)."""
    fresh, cached, output = (np.asarray(rate) for rate in (rates.input, rates.cached_input, rates.output))
    for cliff in rates.cliffs:  # a tier re-prices the whole request
        above = volume.input_tokens > cliff.above_tokens
        fresh = np.where(above, cliff.input, fresh)
        cached = np.where(above, cliff.cached_input, cached)
        output = np.where(above, cliff.output, output)
    parts = (
        volume.input_tokens * (1 - volume.cached_share) * fresh + rates.per_request,
        volume.input_tokens * volume.cached_share * cached,
        volume.output_tokens * output,
    )
    return np.stack([np.broadcast_to(part, (count,)) for part in parts])
