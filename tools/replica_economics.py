"""What one replica of each server costs a month and how many tokens it serves, for break-evens. It knows no API."""

from dataclasses import dataclass

import numpy as np

from tools.assumptions import assumption
from tools.draws import Draws, Floats
from tools.hardware import decoding_streams, hours_per_month, may_reserve, may_sleep, must_buy, price_with_host
from tools.server_columns import ServerColumns, at_context
from tools.volume import Volume


@dataclass(frozen=True, slots=True)
class ReplicaEconomics:
    """One replica: US dollars per month, tokens a month it serves, and what stands still when it may sleep.

    `usd_per_month` is the price of a replica that has to be paid for; `owned_replicas` cost only their power.
    Where it `sleeps`, `usd_per_month` buys `capacity_tokens` of work and `standing_usd_per_month` the daily starts.
    """

    usd_per_month: float
    capacity_tokens: float
    sleeps: bool
    standing_usd_per_month: float
    power_usd_per_month: float
    owned_replicas: int


def replica_economics(
    columns: ServerColumns, volume: Volume, draws: Draws, *, asleep: bool = True
) -> tuple[ReplicaEconomics, ...]:
    """Return the economics of every server at the workload's own mix of tokens, with the mode open to most draws.

    Args:
        asleep: whether servers may be off between jobs where the workload allows it.
    """
    sleeps = asleep and bool(np.mean(may_sleep(draws)) > 0.5)
    hourly, monthly = _usd(columns, draws)
    power = _power_usd(columns, draws).mean(axis=1)
    owned = (columns.owned(draws) // columns.count)[:, 0]
    seconds = _seconds_per_request(columns, volume, draws)
    tokens = volume.input_tokens + volume.output_tokens
    usable = assumption("target_utilisation").number
    busiest = volume.growth_factors.max(axis=0) / np.maximum(volume.average_growth, 1e-9)
    peak = 1.0 if sleeps else draws.number("peak_factor") * busiest
    rate = np.median(usable * tokens / seconds / peak, axis=1)  # tokens per second; 0 where nothing fits
    starts = assumption("days_per_month").number * assumption("start_hours").number
    hours, storage = hours_per_month(), assumption("storage_usd_per_month").number
    return tuple(
        ReplicaEconomics(
            usd_per_month=float(hourly[i] * hours if sleeps else monthly[i] + storage),
            capacity_tokens=float(rate[i] * hours * 3600.0),
            sleeps=sleeps,
            standing_usd_per_month=float(hourly[i] * starts + storage),
            power_usd_per_month=float(power[i]),
            owned_replicas=int(owned[i]),
        )
        for i in range(len(columns.servers))
    )


def _usd(columns: ServerColumns, draws: Draws) -> tuple[Floats, Floats]:
    """Return US dollars per hour on demand, and per month in the cheapest standing mode, per replica."""
    hours = hours_per_month()
    on_demand = columns.count * columns.rent("on_demand", draws)
    reserved = columns.count * columns.rent("reserved_1y", draws)
    rented = np.where(may_reserve(draws), np.minimum(on_demand, reserved), on_demand) * hours
    rented = np.where(must_buy(draws), np.inf, rented)
    purchase = price_with_host(columns) * columns.count / assumption("accelerator_life_months").number
    own = np.where(must_buy(draws) | (columns.owned(draws) > 0), purchase + _power_usd(columns, draws), np.inf)
    standing = np.broadcast_to(np.minimum(rented, own), (len(columns.servers), draws.count))
    return _mean_known(np.broadcast_to(on_demand, standing.shape)), _mean_known(standing)


def _power_usd(columns: ServerColumns, draws: Draws) -> Floats:
    kilowatts = columns.kilowatts * columns.count * assumption("data_centre_overhead").number
    return np.asarray(kilowatts * hours_per_month() * draws.number("electricity_price"))


def _mean_known(usd: Floats) -> Floats:
    known = np.isfinite(usd)
    counts = known.sum(axis=1)
    return np.where(counts > 0, np.where(known, usd, 0.0).sum(axis=1) / np.maximum(counts, 1), np.inf)


def _seconds_per_request(columns: ServerColumns, volume: Volume, draws: Draws) -> Floats:
    waits = np.atleast_1d(draws.is_value("interaction", "interactive"))
    context = volume.input_tokens + volume.output_tokens
    attended, alone = (at_context(columns.speeds(w).output_seconds, context) for w in decoding_streams(draws))
    return np.asarray(
        columns.input_seconds * volume.input_tokens + np.where(waits, attended, alone) * volume.output_tokens
    )
