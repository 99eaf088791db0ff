"""Findings on latency: what one user would wait for and see, against what is wanted. It estimates nothing itself."""

import numpy as np

from tools.api_speed import ApiSpeed, api_speed
from tools.assessment import Severity
from tools.findings.situation import Findings, Situation, finding, short

_MEASURE = "An API's latency cannot be tuned: measure it for a week at your own length before you promise it."


def stream(situation: Situation) -> Findings:
    """Say that text would stream more slowly from own servers than is wanted."""
    wanted = situation.number("tokens_per_second")
    for leg in situation.own:
        assert leg.server is not None
        reached = float(np.median(situation.evaluation.capacity(leg).stream))
        if wanted is not None and reached < wanted:
            text = (
                f"One user would see about {reached:,.0f} tokens per second at the peak, {wanted:,.0f} are wanted: "
                "plan smaller batches (more replicas), a faster accelerator or speculative decoding."
            )
            source = f"{leg.server.speed_source}; decision material S5"
            yield finding("latency", "warning", "stream_speed", text, source)


def api_stream(situation: Situation) -> Findings:
    """Compare a vendor's speed on record with what is wanted, or say that none is known."""
    seconds, rate = situation.number("first_token_seconds"), situation.number("tokens_per_second")
    if seconds is None and rate is None:
        return
    for leg in situation.outside:
        speed = api_speed(leg.vendor.id if leg.vendor else "", leg.model)
        name = f"{short(leg.model)} at {leg.provider}"
        if speed is None:
            text = f"You need a certain speed, and nothing is on record for {name}. {_MEASURE}"
            yield finding("latency", "advice", "api_speed_unknown", text, "decision material S5")
            continue
        if seconds is not None:
            yield from _first_token(name, speed, seconds)
        pace = speed.output_tokens_per_second
        if rate is not None and pace is not None and pace < rate:
            text = f"{name} streams about {pace:.0f} tokens per second ({speed.basis}); {rate:g} are wanted. {_MEASURE}"
            yield finding("latency", _severity(speed), "api_stream_speed", text, _cited(speed))


def _first_token(name: str, speed: ApiSpeed, seconds: float) -> Findings:
    """Compare the wait for the first token, at the 95th percentile where it is known, and with thinking."""
    median, tail = speed.first_token_seconds_p50, speed.first_token_seconds_p95
    slow = tail if tail is not None else median
    if slow > seconds:
        which = "in one of twenty requests" if tail is not None else "in the median"
        text = (
            f"{name} begins after {slow:.2g} s or more {which} ({speed.basis}); {seconds:g} s are wanted for nineteen "
            f"of twenty. {_MEASURE}"
        )
        yield finding("latency", _severity(speed), "api_first_token", text, _cited(speed))
    thinking = speed.thinking_seconds_p50
    if thinking is not None and thinking > seconds >= slow:
        text = (
            f"{name} is fast enough only without thinking: at high effort it begins after about {thinking:.2g} s. Set "
            "the effort in the request, and test quality at that setting."
        )
        yield finding("latency", "advice", "thinking_wait", text, _cited(speed))


def _severity(speed: ApiSpeed) -> Severity:
    return "advice" if speed.kind == "judged" else "warning"


def _cited(speed: ApiSpeed) -> str:
    dated = speed.checked.isoformat()
    return f"tools/data/api_speed.yaml: {speed.source} ({dated}) [{speed.confidence}]; decision material S5"


RULES = (stream, api_stream)
