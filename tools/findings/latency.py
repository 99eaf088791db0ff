"""Findings on latency: what one user would wait for and see, against what is wanted. It estimates nothing itself."""

from importlib import import_module
from typing import Any

from tools.findings.situation import Findings, Situation, finding, short


def stream(situation: Situation) -> Findings:
    """Say that text would stream more slowly from own servers than is wanted."""
    wanted = situation.number("tokens_per_second")
    for leg in situation.own:
        assert leg.server is not None
        reached = leg.server.rates.tokens_per_second_per_request
        if wanted is not None and reached < wanted:
            text = (
                f"One user would see about {reached:,.0f} tokens per second at the peak, {wanted:,.0f} are wanted: "
                "plan smaller batches (more replicas), a faster accelerator or speculative decoding."
            )
            source = f"{leg.server.rates.source}; decision material S5"
            yield finding("latency", "warning", "stream_speed", text, source)


def api_stream(situation: Situation) -> Findings:
    """Compare a vendor's measured speed with what is wanted, or say that none was measured."""
    seconds, rate = situation.number("first_token_seconds"), situation.number("tokens_per_second")
    if seconds is None and rate is None:
        return
    for leg in situation.outside:
        speed = _measured(leg.vendor.id if leg.vendor else "", leg.model)
        name = f"{short(leg.model)} at {leg.provider}"
        if speed is None:
            text = (
                f"You need a certain speed, and no measurement of {name} is on record. An API's latency cannot be "
                "tuned and changes with the hour: measure it for a week, at your own length, before you promise it."
            )
            yield finding("latency", "advice", "api_speed_unknown", text, "decision material S5")
            continue
        first, per_second = _figure(speed, "first_token_seconds"), _figure(speed, "tokens_per_second")
        source = str(getattr(speed, "cited", "") or getattr(speed, "source", "")) or "tools/data/api_speed.yaml"
        if seconds is not None and first is not None and first > seconds:
            text = f"{name} begins after about {first:.2g} s where it was measured; {seconds:g} s are wanted."
            yield finding("latency", "warning", "api_first_token", text, source)
        if rate is not None and per_second is not None and per_second < rate:
            text = f"{name} streams about {per_second:.0f} tokens per second where measured; {rate:g} are wanted."
            yield finding("latency", "warning", "api_stream_speed", text, source)


def _measured(vendor_id: str, model_id: str) -> Any:
    """Return the measured speed of a model at a vendor; None where the table of speeds has none."""
    try:
        found: Any = import_module("tools.api_speed").api_speed(vendor_id, model_id)
    except ModuleNotFoundError:
        return None
    return found


def _figure(speed: Any, key: str) -> float | None:
    value = getattr(speed, key, None)
    return float(value) if isinstance(value, int | float) else None


RULES = (stream, api_stream)
