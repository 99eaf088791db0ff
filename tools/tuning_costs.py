"""What a tuned model costs beyond its tokens: training runs, and a dedicated endpoint where tokens have no price.

An endpoint is estimated: a host's accelerators at the market's hourly price, as many replicas as the peak hour of the
busiest month needs, always on. It knows no gate and no people.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from tools.assumptions import assumed_values, assumption
from tools.bill import BillItem
from tools.catalogue.accelerators import accelerators
from tools.catalogue.open_models import open_models
from tools.draws import Floats
from tools.hardware import hours_per_month
from tools.options import Option
from tools.server_columns import CONTEXTS, columns_of
from tools.serving import Server, servers_for
from tools.volume import Volume


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One replica of a dedicated endpoint: its time per token, and US dollars per hour (infinite if unknown)."""

    server: Server
    input_seconds: float
    output_seconds: float
    usd_per_hour: float

    def replicas(self, volume: Volume) -> Floats:
        """Return whole replicas for the peak hour of the busiest month, at least one."""
        return _replicas(np.asarray(self.input_seconds), np.asarray(self.output_seconds), volume)


def endpoint_of(option: Option) -> Endpoint | None:
    """Return the endpoint that serves a tuned open model without a token price; None for all other options."""
    if option.tuning is None or option.price is not None or option.checkpoint is None:
        return None
    return _endpoint(option.checkpoint.id, assumed_values())


@cache
def _endpoint(model_id: str, assumed: str) -> Endpoint | None:
    card = accelerators()[assumption("endpoint_accelerator").value]
    fitting = servers_for(open_models()[model_id], (card,))
    if not fitting:
        return None
    columns = columns_of(fitting[:1])
    table = columns.speeds(assumption("usual_stream").number * assumption("stream_margin").number)
    place = int(np.searchsorted(CONTEXTS, assumption("planning_tokens").number))
    rent = card.hourly_median("on_demand")
    return Endpoint(
        server=fitting[0],
        input_seconds=float(columns.input_seconds[0, 0]),
        output_seconds=float(table.output_seconds[0, place]),
        usd_per_hour=float("inf") if rent is None else rent * fitting[0].count,
    )


def _replicas(input_seconds: Floats, output_seconds: Floats, volume: Volume) -> Floats:
    per_request = input_seconds * volume.input_tokens + output_seconds * volume.output_tokens
    busy = volume.peak_requests_per_second * per_request / assumption("target_utilisation").number
    return np.asarray(np.maximum(np.ceil(busy), 1.0))


def tuning_items(option: Option, volume: Volume) -> Iterator[BillItem]:
    """Yield training, and hosting by the hour, of a tuned model."""
    if option.tuning is None:
        return
    yield _training(option)
    source = f"{option.tuning.source} [{option.tuning.confidence}]"
    endpoint, hours = endpoint_of(option), hours_per_month()
    if option.tuning.hosting_usd_per_hour is not None:
        usd = np.asarray(float(option.tuning.hosting_usd_per_hour) * hours)
        yield BillItem("hosting of the tuned model", "hours", np.asarray(hours), usd, source)
    elif endpoint is not None:
        replicas, cited = endpoint.replicas(volume), assumption("endpoint_accelerator").cited
        name = f"dedicated endpoint, estimated at {endpoint.server.count} x {endpoint.server.accelerator.id} a replica"
        worked = replicas * hours
        yield BillItem(name, "replica hours", worked, worked * endpoint.usd_per_hour, f"{cited}; {source}")


def _training(option: Option) -> BillItem:
    assert option.tuning is not None
    yearly, price = assumption("tuning_tokens_per_year"), option.tuning.training_usd_per_million_tokens
    guessed = assumption("training_usd_per_million_tokens")
    millions = yearly.number / 1e6 / 12
    usd = (float(price) if price is not None else guessed.number) * millions
    source = f"{option.tuning.source} [{option.tuning.confidence}]" if price is not None else guessed.cited
    name = "training runs, spread over the year"
    return BillItem(name, "million tokens", np.asarray(millions), np.asarray(usd), f"{source}; {yearly.cited}")


@dataclass(frozen=True, slots=True, eq=False)
class TuningColumns:
    """Training, listed hosting and endpoints of a column of options, shape (options, 1); zero where there is none."""

    fixed_usd: Floats
    input_seconds: Floats
    output_seconds: Floats
    replica_usd: Floats

    def monthly_usd(self, volume: Volume) -> Floats:
        """Return US dollars per month, shape (options, draws)."""
        replicas = _replicas(self.input_seconds, self.output_seconds, volume)
        return np.asarray(self.fixed_usd + self.replica_usd * replicas)


def tuning_columns(options: Sequence[Option]) -> TuningColumns:
    """Stack what tuning costs for options bought from others."""
    endpoints = [endpoint_of(option) for option in options]
    hours = hours_per_month()
    return TuningColumns(
        fixed_usd=_column([_fixed_usd(option, hours) for option in options]),
        input_seconds=_column([e.input_seconds if e else 0.0 for e in endpoints]),
        output_seconds=_column([e.output_seconds if e else 0.0 for e in endpoints]),
        replica_usd=_column([e.usd_per_hour * hours if e else 0.0 for e in endpoints]),
    )


def _fixed_usd(option: Option, hours: float) -> float:
    """Return training and listed hosting; infinite where a tuned model has neither price nor endpoint."""
    if option.tuning is None:
        return 0.0
    trained = float(_training(option).amount_usd)
    if option.tuning.hosting_usd_per_hour is not None:
        return trained + float(option.tuning.hosting_usd_per_hour) * hours
    known = option.price is not None or endpoint_of(option) is not None
    return trained if known else float("inf")


def _column(values: list[float]) -> Floats:
    return np.array(values, float).reshape(-1, 1)
