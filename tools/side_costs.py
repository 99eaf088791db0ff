"""The small lines of a bill: traffic out of the organization's cloud, and training runs on own accelerators.

Prompts to an outside provider leave the cloud that the requests come from; answers of rented servers leave theirs.
The free allowance of a cloud is taken as used up by the rest of the organization's traffic.
"""

from collections.abc import Iterator

import numpy as np

from tools.assumptions import assumption
from tools.bill import BillItem
from tools.catalogue.egress import egress_prices, wire_weights
from tools.draws import Draws, Floats
from tools.hardware import must_buy
from tools.options import Option
from tools.volume import Volume


def side_items(option: Option, volume: Volume, draws: Draws) -> Iterator[BillItem]:
    """Yield traffic, and training where own servers are to be tuned."""
    weight = wire_weights()["plain" if option.is_external else "streamed"]
    gigabytes = _gigabytes(volume, option.is_external)
    if not option.is_external:
        gigabytes = np.where(must_buy(draws), 0.0, gigabytes)
    clouds = [egress_prices()[c] for c in _clouds(draws)]
    cited = "; ".join(dict.fromkeys([*(cloud.cited for cloud in clouds), f"{weight.source} [{weight.confidence}]"]))
    yield BillItem("traffic out of the cloud", "GB", gigabytes, traffic_usd(volume, draws, option.is_external), cited)
    if not option.is_external:
        yearly, price = assumption("tuning_tokens_per_year"), assumption("training_usd_per_million_tokens")
        millions = np.where(_tuned(draws), yearly.number / 1e6 / 12, 0.0)
        source = f"{price.cited}; {yearly.cited}"
        yield BillItem("training runs on own accelerators", "million tokens", millions, own_training_usd(draws), source)


def traffic_usd(volume: Volume, draws: Draws, external: bool) -> Floats:
    """Return US dollars per month and draw for what leaves the cloud; nothing is charged without a cloud."""
    rates = {cloud: price.first_usd_per_gb for cloud, price in egress_prices().items()}
    usd = _gigabytes(volume, external) * draws.code_table("cloud", {**rates, "none": 0.0})
    return np.asarray(usd if external else np.where(must_buy(draws), 0.0, usd))


def own_training_usd(draws: Draws) -> Floats:
    """Return US dollars per month and draw for training runs, at what services list, where own models are tuned."""
    millions = assumption("tuning_tokens_per_year").number / 1e6 / 12
    price = assumption("training_usd_per_million_tokens").number
    return np.where(_tuned(draws), millions * price, 0.0)


def _tuned(draws: Draws) -> Floats:
    return np.asarray(draws.is_value("customization", "light_tuning", "deep_tuning"))


def _gigabytes(volume: Volume, external: bool) -> Floats:
    tokens = volume.input_tokens if external else volume.output_tokens
    weight = wire_weights()["plain" if external else "streamed"].usual_bytes_per_token
    return np.asarray(volume.requests_per_month * volume.average_growth * tokens * weight / 1e9)


def _clouds(draws: Draws) -> tuple[str, ...]:
    known = draws.known.get("cloud")
    return tuple(egress_prices()) if known is None else (str(known),) if known != "none" else ()
