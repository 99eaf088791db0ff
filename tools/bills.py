"""What an option costs per month, item by item and per draw. It knows prices and volumes, and no gate."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumption
from tools.bill import Bill, BillItem
from tools.catalogue.hourly_prices import Mode
from tools.draws import Draws, Floats, Mask
from tools.hardware import (
    MODES,
    OWNED,
    SCALE_TO_ZERO,
    Capacity,
    ServerCosts,
    awake_hours,
    bought_accelerators,
    capacity_of,
    hours_per_month,
    power_kwh,
    server_costs,
)
from tools.options import Option
from tools.people import people_items
from tools.price_seasons import price_periods, request_parts
from tools.server_columns import ServerColumns, columns_of
from tools.serving import Server
from tools.side_costs import side_items
from tools.token_prices import PriceRef, token_rates
from tools.tuning_costs import tuning_items
from tools.volume import Volume, longest_request


@dataclass(frozen=True, slots=True, eq=False)
class ServerUse:
    """Servers at work: their replicas and what these cost, shape (servers, draws)."""

    columns: ServerColumns
    capacity: Capacity
    costs: ServerCosts

    def row(self, place: int) -> "ServerUse":
        """Return one of the servers."""
        rows = np.array([place])
        capacity = {f.name: getattr(self.capacity, f.name)[rows] for f in fields(Capacity)}
        costs = {f.name: getattr(self.costs, f.name)[rows] for f in fields(ServerCosts)}
        return ServerUse(self.columns.take(rows), Capacity(**capacity), ServerCosts(**costs))


def use_servers(columns: ServerColumns, volume: Volume, draws: Draws) -> ServerUse:
    """Plan a column of servers for a workload."""
    capacity = capacity_of(columns, volume, draws)
    costs = server_costs(columns, capacity, draws)
    holds = columns.holds(longest_request(draws))
    return ServerUse(columns, capacity, replace(costs, hardware_usd=np.where(holds, costs.hardware_usd, np.inf)))


@dataclass(frozen=True, slots=True)
class Computed:
    """What is known already when many bills are made at once: the parts of the token bill, or the server at work."""

    token_parts_usd: Floats | None = None
    server: ServerUse | None = None


_NOTHING = Computed()


def bill_of(option: Option, volume: Volume, draws: Draws, on: date, computed: Computed = _NOTHING) -> Bill:
    """Return the whole monthly bill of one option."""
    items = [*_legs_or_own(option, volume, draws, on, computed), *people_items(option, draws)]
    return Bill(tuple(items))


def _legs_or_own(option: Option, volume: Volume, draws: Draws, on: date, computed: Computed) -> Iterator[BillItem]:
    if not option.legs:
        yield from running_items(option, volume, draws, on, computed)
        return
    hard = hard_share(draws)
    for leg, share, which in zip(option.legs, (1.0 - hard, hard), ("easy", "hard"), strict=True):
        for item in running_items(leg, volume.scaled(share), draws, on):
            yield item.named(f" ({leg.model.rsplit('/', 1)[-1]}, {which} share)")


def hard_share(draws: Draws) -> Floats:
    """Return the share of requests that a router sends to the flagship, per draw."""
    return draws.code_table("difficulty", assumption("hard_share").value)


def running_items(
    option: Option, volume: Volume, draws: Draws, on: date, computed: Computed = _NOTHING
) -> Iterator[BillItem]:
    """Yield what tokens or servers cost, without people."""
    if option.server is not None:
        use = computed.server or use_servers(columns_of((option.server,)), volume, draws)
        yield from server_items(option.server, use, draws)
    else:
        if option.price is not None:
            yield from token_items(option, volume, draws, on, computed.token_parts_usd)
        yield from tuning_items(option, volume)
    yield from side_items(option, volume, draws)


def token_items(
    option: Option, volume: Volume, draws: Draws, on: date, parts_usd: Floats | None = None
) -> Iterator[BillItem]:
    """Yield the token items of an API option; background work is priced as batch where a batch price exists.

    Args:
        parts_usd: US dollars a month of fresh input, cached input and output, shape (3, draws), where known already.
    """
    assert option.price is not None
    provider, model = option.price.provider_id, option.price.model
    amounts = _token_parts_usd(option.price, volume, draws, on) if parts_usd is None else parts_usd
    requests = volume.requests_per_month * volume.average_growth
    source = token_rates(provider, model, on).source
    fresh = requests * volume.input_tokens * (1 - volume.cached_share) / 1e6
    cached = requests * volume.input_tokens * volume.cached_share / 1e6
    yield BillItem("input tokens", "million tokens", fresh, amounts[0], source)
    yield BillItem("cached input tokens", "million tokens", cached, amounts[1], source)
    yield BillItem("output tokens", "million tokens", requests * volume.output_tokens / 1e6, amounts[2], source)
    yield from _region_items(option, amounts.sum(axis=0), draws)


def _token_parts_usd(price: PriceRef, volume: Volume, draws: Draws, on: date) -> Floats:
    provider, model = price.provider_id, price.model
    batched = draws.is_value("interaction", "background")
    amounts = np.zeros((3, draws.count))
    for period in price_periods(provider, model, on):
        per_request = request_parts(period.listed, volume, draws.count)
        if period.batch is not None and np.any(batched):
            per_request = np.where(batched, request_parts(period.batch, volume, draws.count), per_request)
        share = volume.growth_factors[list(period.months)].sum(axis=0) / len(volume.growth_factors)
        amounts = amounts + volume.requests_per_month * share * per_request
    return amounts


def region_premium(option: Option) -> float:
    """Return what a vendor adds for a pinned region, as a share of the token price; 0 where none is listed."""
    if option.vendor is None or option.checkpoint is not None:  # hosts sell open models in their regions at list price
        return 0.0
    return option.vendor.residency_uplift or 0.0


def _region_items(option: Option, tokens_usd: Floats, draws: Draws) -> Iterator[BillItem]:
    premium = region_premium(option)
    if premium and option.vendor is not None:
        pinned = draws.has("residency", *draws.members["residency"])
        amount = np.where(pinned, tokens_usd * premium, 0.0)
        yield BillItem(
            "premium for a fixed region", "US dollars of token charges", np.where(pinned, tokens_usd, 0.0), amount,
            f"tools/data/vendors.yaml: {option.vendor.source} [{option.vendor.confidence}]",
        )  # fmt: skip


def server_items(server: Server, use: ServerUse, draws: Draws) -> Iterator[BillItem]:
    """Yield accelerators by billing mode, host and power of bought ones and storage."""
    capacity, costs = use.capacity, use.costs
    mode, hardware = _row(costs.mode, draws), _row(costs.hardware_usd, draws)
    hours = hours_per_month()
    quantities = {
        "on_demand": _row(capacity.mean_replicas, draws) * server.count * hours,
        "reserved": _row(capacity.most_replicas, draws) * server.count * hours,
        "scale_to_zero": _row(awake_hours(capacity), draws) * server.count,
    }
    names = {
        "on_demand": "rented on demand, month by month",
        "reserved": "reserved for a year",
        "scale_to_zero": "rented only while there is work",
    }
    for index, name in enumerate(MODES[: SCALE_TO_ZERO + 1]):
        here = mode == index
        if here.any():
            quantity = np.where(here, quantities[name], 0.0)
            usd = np.where(here, hardware, 0.0)
            paid: Mode = "reserved_1y" if name == "reserved" else "on_demand"
            source = server.rent_source(paid, str(draws.known.get("cloud", "")))
            yield BillItem(f"{server.accelerator.id}, {names[name]}", "accelerator hours", quantity, usd, source)
    if (mode == OWNED).any():
        yield from _owned_items(server, use, draws, mode == OWNED)
    storage = assumption("storage_usd_per_month")
    replicas = _row(capacity.mean_replicas, draws)
    yield BillItem("storage", "replicas", replicas, _row(costs.storage_usd, draws), storage.cited)


def _owned_items(server: Server, use: ServerUse, draws: Draws, here: Mask) -> Iterator[BillItem]:
    columns, capacity, costs = use.columns, use.capacity, use.costs
    life, host = assumption("accelerator_life_months"), assumption("host_share")
    bought = np.where(here, _row(bought_accelerators(columns, capacity, draws), draws), 0.0)
    usd = np.where(here, _row(costs.hardware_usd, draws), 0.0)
    yield BillItem(
        f"{server.accelerator.id}, bought with its host, written off over {life.number:.0f} months", "accelerators",
        bought, usd, f"{server.purchase_source}; {host.cited}",
    )  # fmt: skip
    overhead = assumption("data_centre_overhead")
    kwh = np.where(here, _row(power_kwh(columns, capacity), draws), 0.0)
    power = np.where(here, _row(costs.power_usd, draws), 0.0)
    yield BillItem("electricity", "kWh", kwh, power, f"{server.accelerator.source}; {overhead.cited}")


def _row(values: npt.NDArray[Any], draws: Draws) -> npt.NDArray[Any]:
    return np.asarray(np.broadcast_to(values, (1, draws.count))[0])
