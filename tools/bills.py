"""What an option costs per month, item by item and per draw. It knows prices and volumes, and no gate."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from tools.assessment import CostLine
from tools.assumptions import assumption
from tools.draws import Draws, Floats, Mask
from tools.options import Option
from tools.serving import Rates, Server, ServingRates
from tools.token_prices import TokenRates, has_batch_price, token_rates
from tools.volume import Volume

WEEKS_PER_YEAR = 52.0
HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class BillItem:
    """One item of a monthly bill per draw: `amount_usd` is what `quantity` costs, averaged over the horizon."""

    name: str
    unit: str
    quantity: Floats
    amount_usd: Floats
    source: str

    def line(self, where: Mask | None = None) -> CostLine:
        """Return the mean over the draws, or over some of them, as one line."""
        quantity, amount = _mean(self.quantity, where), _mean(self.amount_usd, where)
        return CostLine(self.name, quantity, self.unit, amount / quantity if quantity else None, amount, self.source)


def _mean(values: Floats, where: Mask | None) -> float:
    values = np.asarray(values)
    return float(np.mean(values if where is None or values.ndim == 0 else values[where]))


@dataclass(frozen=True, slots=True)
class Bill:
    """All items of one option."""

    items: tuple[BillItem, ...]

    @property
    def total_usd(self) -> Floats:
        """US dollars per month and draw."""
        return np.asarray(sum((item.amount_usd for item in self.items), np.asarray(0.0)))

    def lines(self) -> tuple[CostLine, ...]:
        """Return the items that cost something; their sum is the mean of the total where all prices are known."""
        known = np.isfinite(self.total_usd)
        if not np.any(known):
            return tuple(item.line() for item in self.items if np.all(np.isfinite(item.amount_usd)))
        where = known if known.ndim else None
        return tuple(item.line(where) for item in self.items if np.any(item.amount_usd != 0))


def months_from(on: date) -> tuple[date, ...]:
    """Return the first day of each month of the horizon, the first being the day itself."""
    count = int(assumption("horizon_months").number)
    ahead = [(on.year * 12 + on.month - 1 + i) for i in range(count)]
    return (on, *(date(month // 12, month % 12 + 1, 1) for month in ahead[1:]))


def token_items(option: Option, volume: Volume, draws: Draws, on: date) -> Iterator[BillItem]:
    """Yield the token items of an API option; background work is priced as batch where a batch price exists."""
    assert option.price is not None
    provider, model = option.price.provider_id, option.price.model
    batched = draws.is_value("interaction", "background")
    amounts = np.zeros((3, draws.count))
    for period in price_periods(provider, model, on):
        per_request = _per_request(period.listed, volume, draws.count)
        if period.batch is not None and np.any(batched):
            per_request = np.where(batched, _per_request(period.batch, volume, draws.count), per_request)
        share = volume.growth_factors[list(period.months)].sum(axis=0) / len(volume.growth_factors)
        amounts = amounts + volume.requests_per_month * share * per_request
    requests = volume.requests_per_month * volume.average_growth
    source = token_rates(provider, model, on).source
    fresh = requests * volume.input_tokens * (1 - volume.cached_share) / 1e6
    cached = requests * volume.input_tokens * volume.cached_share / 1e6
    yield BillItem("input tokens", "million tokens", fresh, amounts[0], source)
    yield BillItem("cached input tokens", "million tokens", cached, amounts[1], source)
    yield BillItem("output tokens", "million tokens", requests * volume.output_tokens / 1e6, amounts[2], source)


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """Months of the horizon, counted from 0, in which the same rates hold; no batch rates where none are listed."""

    listed: TokenRates
    batch: TokenRates | None
    months: tuple[int, ...]


@cache
def price_periods(provider: str, model: str, on: date) -> tuple[PricePeriod, ...]:
    """Return the periods of equal prices over the horizon, so that announced changes are counted when they come."""
    grouped: dict[tuple[object, ...], list[int]] = {}
    found: dict[tuple[object, ...], tuple[TokenRates, TokenRates | None]] = {}
    for number, month in enumerate(months_from(on)):
        listed = token_rates(provider, model, month)
        batch = token_rates(provider, model, month, True) if has_batch_price(provider, model, month) else None
        key = (_figures(listed), _figures(batch) if batch else None)
        grouped.setdefault(key, []).append(number)
        found.setdefault(key, (listed, batch))
    return tuple(PricePeriod(*found[key], tuple(months)) for key, months in grouped.items())


def _figures(rates: TokenRates) -> tuple[object, ...]:
    own = (rates.input, rates.cached_input, rates.output, rates.per_request)
    return (*own, *((*_figures(cliff), cliff.above_tokens) for cliff in rates.cliffs))


def _per_request(rates: TokenRates, volume: Volume, count: int) -> Floats:
    """Return US dollars of one request: fresh input (with the request fee), cached input, output."""
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


def people_items(option: Option, draws: Draws) -> Iterator[BillItem]:
    """Yield what running and setting up cost in engineers' time."""
    yearly = draws.number("engineer_cost")
    if option.server is not None:
        assumed = assumption("self_host_engineers")
        engineers = draws.code_table("platform_team", assumed.value)
        name = "engineers who run the service"
    else:
        assumed = assumption("api_engineers")
        engineers = np.asarray(assumed.number)
        name = "engineers who look after the integration"
    yield BillItem(name, "full-time engineers", engineers, engineers * yearly / 12, assumed.cited)
    once = assumption("set_up_engineer_weeks")
    weeks = float(once.of(option.deployment))
    months = assumption("horizon_months").number
    yield BillItem(
        "set-up, spread over the horizon",
        "engineer weeks a month",
        np.asarray(weeks / months),
        weeks * yearly / WEEKS_PER_YEAR / months,
        once.cited,
    )


def replicas_needed(rates: Rates, volume: Volume) -> Floats:
    """Return whole replicas for the peak hour, without the spare; `rates` may hold one server or a column."""
    seconds = rates.seconds_per_input_token * volume.input_tokens + (
        rates.seconds_per_output_token * volume.output_tokens
    )
    busy = volume.peak_requests_per_second * seconds / assumption("target_utilisation").number
    return np.asarray(np.maximum(np.ceil(busy), 1.0))


def server_items(server: Server, rates: ServingRates, volume: Volume, draws: Draws) -> Iterator[BillItem]:
    """Yield accelerators (rented, or bought and powered), and storage."""
    replicas = replicas_needed(rates, volume) + assumption("spare_replicas").number
    gpus = replicas * server.count
    bought = buys_hardware(draws)
    hours = assumption("days_per_month").number * HOURS_PER_DAY
    rented = np.where(bought, 0.0, gpus)
    rate = server.usd_per_gpu_hour
    yield BillItem(
        f"{server.accelerator.id}, rented on demand, always on", "accelerator hours",
        rented * hours, rented * hours * rate, server.rent_source,
    )  # fmt: skip
    own = np.where(bought, gpus, 0.0)
    free = np.minimum(own, float(draws_owned(draws, server)))
    life = assumption("accelerator_life_months")
    to_buy = own - free
    yield BillItem(
        f"{server.accelerator.id}, bought, written off over {life.number:.0f} months", "accelerators",
        to_buy, np.where(to_buy > 0, to_buy * server.purchase_usd / life.number, 0.0), server.purchase_source,
    )  # fmt: skip
    overhead = assumption("data_centre_overhead")
    kilowatt_hours = own * server.kilowatts * overhead.number * hours
    yield BillItem(
        "electricity", "kWh", kilowatt_hours,
        np.where(own > 0, kilowatt_hours * draws.number("electricity_price"), 0.0),
        f"{server.accelerator.source}; {overhead.cited}",
    )  # fmt: skip
    storage = assumption("storage_usd_per_month")
    yield BillItem("storage", "replicas", replicas, replicas * storage.number, storage.cited)


def buys_hardware(draws: Draws) -> Mask:
    """Return where accelerators are bought and not rented: no cloud, an air gap, or some already owned."""
    owned = np.asarray("owned_gpus" in draws.known)
    return np.asarray(draws.is_value("cloud", "none") | draws.is_value("air_gapped", "true") | owned)


def draws_owned(draws: Draws, server: Server) -> int:
    """Return how many accelerators of the server's type are already paid for."""
    from tools.owned import owned_accelerators

    text = draws.known.get("owned_gpus")
    return owned_accelerators(str(text)).get(server.accelerator.id, 0) if text else 0


def bill_of(option: Option, volume: Volume, draws: Draws, on: date) -> Bill:
    """Return the whole monthly bill of one option."""
    items = list(people_items(option, draws))
    if option.server is not None:
        items[:0] = server_items(option.server, option.server.rates, volume, draws)
    else:
        items[:0] = token_items(option, volume, draws, on)
    return Bill(tuple(items))
