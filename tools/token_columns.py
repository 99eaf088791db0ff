"""The token prices of many APIs as columns, for arithmetic over options and draws. It knows no gate and no people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tools.draws import Draws, Floats, Mask
from tools.price_seasons import PricePeriod, months_from, price_periods
from tools.token_prices import PriceRef, TokenRates
from tools.volume import Volume

Parts = tuple[Floats, Floats, Floats]
_FREE = TokenRates(0, 0.0, 0.0, 0.0, 0.0, True, 0.0, "paid by the hour")


@dataclass(frozen=True, slots=True, eq=False)
class RateColumns:
    """US dollars per token (and per request), each of shape (options, 1), for requests above `above_tokens`."""

    above_tokens: Floats
    fresh: Floats
    cached: Floats
    output: Floats
    per_request: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """Months, counted from 0, in which no price changes: tiers in rising order, and the same for batch work."""

    months: tuple[int, ...]
    listed: tuple[RateColumns, ...]
    batch: tuple[RateColumns, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TokenColumns:
    """All seasons of the horizon for a column of APIs."""

    seasons: tuple[Season, ...]

    def monthly_usd(self, volume: Volume, draws: Draws) -> Floats:
        """Return US dollars per month for tokens, shape (options, draws); the same sums as the bills."""
        total: Floats = np.zeros((1, 1))
        for weight, parts in self._seasonal(volume, draws):
            total = total + weight * (parts[0] + parts[1] + parts[2])
        return np.broadcast_to(total, (total.shape[0], draws.count))

    def parts_usd(self, volume: Volume, draws: Draws) -> Floats:
        """Return US dollars per month of fresh input (fees included), cached input, output: (3, options, draws)."""
        total: Floats = np.zeros((3, 1, 1))
        for weight, parts in self._seasonal(volume, draws):
            total = total + weight * np.stack(np.broadcast_arrays(*parts))
        return np.broadcast_to(total, (3, total.shape[1], draws.count))

    def _seasonal(self, volume: Volume, draws: Draws) -> Iterator[tuple[Floats, Parts]]:
        """Yield, per season, the requests of an average month that fall into it, and the parts of one request."""
        background = np.atleast_1d(draws.is_value("interaction", "background"))
        for season in self.seasons:
            share = volume.growth_factors[list(season.months)].sum(axis=0) / len(volume.growth_factors)
            parts = _per_request(season.listed, volume)
            if background.any():
                batched = _per_request(season.batch, volume)
                one, two, three = (np.where(background, b, p) for b, p in zip(batched, parts, strict=True))
                parts = (one, two, three)
            yield np.asarray(volume.requests_per_month * share), parts


def _per_request(tiers: Sequence[RateColumns], volume: Volume) -> Parts:
    """Return US dollars of one request: fresh input with the fee, cached input, output, each (options, 1 or draws)."""
    first, *further = tiers
    fresh, cached, output, fee = first.fresh, first.cached, first.output, first.per_request
    for tier in further:  # a tier re-prices the whole request
        above: Mask = np.asarray(volume.input_tokens > tier.above_tokens)
        if above.any():
            fresh, cached = np.where(above, tier.fresh, fresh), np.where(above, tier.cached, cached)
            output = np.where(above, tier.output, output)
    return (
        np.asarray(volume.input_tokens * (1 - volume.cached_share) * fresh + fee),
        np.asarray(volume.input_tokens * volume.cached_share * cached),
        np.asarray(volume.output_tokens * output),
    )


def token_columns(prices: Sequence[PriceRef | None], on: date) -> TokenColumns:
    """Stack the prices of APIs on a date; announced changes begin a new season. None has tokens free of charge."""
    months = tuple(range(len(months_from(on))))
    free = (PricePeriod(_FREE, None, months),)
    periods = [free if ref is None else price_periods(ref.provider_id, ref.model, on) for ref in prices]
    count = sum(len(period.months) for period in periods[0]) if periods else 0
    by_month: dict[tuple[int, ...], list[int]] = {}
    for month in range(count):
        key = tuple(next(i for i, p in enumerate(option) if month in p.months) for option in periods)
        by_month.setdefault(key, []).append(month)
    seasons = []
    for key, found in by_month.items():
        current = [option[i] for option, i in zip(periods, key, strict=True)]
        listed = _tiers([period.listed for period in current])
        batch = _tiers([period.batch or period.listed for period in current])
        seasons.append(Season(tuple(found), listed, batch))
    return TokenColumns(tuple(seasons))


def _tiers(rates: Sequence[TokenRates]) -> tuple[RateColumns, ...]:
    """Return one set of columns per tier; where an option has fewer tiers, its last one is never reached."""
    depth = max(len(rate.cliffs) for rate in rates)
    columns = [_columns(rates, [0.0] * len(rates))]
    for level in range(depth):
        tier = [rate.cliffs[level] if level < len(rate.cliffs) else rate for rate in rates]
        starts = [float(rate.cliffs[level].above_tokens) if level < len(rate.cliffs) else np.inf for rate in rates]
        columns.append(_columns(tier, starts))
    return tuple(columns)


def _columns(rates: Sequence[TokenRates], starts: Sequence[float]) -> RateColumns:
    def column(values: list[float]) -> Floats:
        return np.array(values, float).reshape(-1, 1)

    return RateColumns(
        column(list(starts)),
        column([rate.input for rate in rates]),
        column([rate.cached_input for rate in rates]),
        column([rate.output for rate in rates]),
        column([rate.per_request for rate in rates]),
    )
