"""Whether an API answers as fast as is asked, by measured figures. It knows no server and no price."""

from collections.abc import Sequence

import numpy as np

from tools.api_speed import ApiSpeed, api_speed
from tools.assumptions import assumption
from tools.draws import Draws, Mask
from tools.options import Option


def api_too_slow(options: Sequence[Option], draws: Draws) -> tuple[Mask, Mask]:
    """Say where an API misses the stream or the first token asked for, and where it is far from the first token.

    Shape (options, 1 or draws). The first is judged by the slow requests on record, the second by the usual one.
    """
    slow: Mask = np.zeros((len(options), 1), bool)
    far = slow
    if "tokens_per_second" in draws.known:
        stream = np.array([[_stream(speed_of(option))] for option in options])
        slow = slow | (stream < draws.number("tokens_per_second"))
    if "first_token_seconds" in draws.known:
        speeds = [speed_of(option) for option in options]
        wanted = draws.number("first_token_seconds")
        slow = slow | (np.array([[_first(speed)] for speed in speeds]) > wanted)
        usual = np.array([[speed.first_token_seconds_p50 if speed else 0.0] for speed in speeds])
        far = usual > wanted * assumption("latency_floor_factor").number
    return slow, far


def speed_of(option: Option) -> ApiSpeed | None:
    """Return the measured speed of an API option; None for own servers and where nothing is known."""
    if not option.is_external or option.vendor is None:
        return None
    return api_speed(option.vendor.id, option.model)


def _stream(speed: ApiSpeed | None) -> float:
    return np.inf if speed is None or speed.output_tokens_per_second is None else speed.output_tokens_per_second


def _first(speed: ApiSpeed | None) -> float:
    if speed is None:
        return 0.0
    return speed.first_token_seconds_p95 or speed.first_token_seconds_p50
