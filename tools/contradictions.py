"""Finds facts of one workload that cannot all be true, and pairs of which one overrules the other. It reads no file."""

from collections.abc import Mapping
from dataclasses import dataclass

from tools.assumptions import assumption
from tools.facts import Fact, Range, spec_of

# The same factor as in `tools.volume`, which takes requests and lengths where they differ by more (a test ties them).
MOST_APART = 1.5


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot be, and the facts that say so; the first is the one to look at first."""

    facts: tuple[str, ...]
    text: str


def contradictions(facts: Mapping[str, Fact]) -> list[Contradiction]:
    """Return every contradiction among the facts; for ranges only where no value inside them would do."""
    return [found for rule in (_volume, _context) if (found := rule(facts)) is not None]


def overruled(facts: Mapping[str, Fact]) -> list[str]:
    """Return what the reader should know about facts that may both be true, where the stricter one decides."""
    isolated = "air_gapped" in facts and facts["air_gapped"].value is True
    if isolated and "external_api" in facts and facts["external_api"].value != "forbidden":
        text = (
            f"air_gapped is true and external_api is {facts['external_api'].value}: the air gap decides, and only own "
            "servers are left. If the system does reach the internet, set air_gapped to false"
        )
        return [text]
    return []


def _volume(facts: Mapping[str, Fact]) -> Contradiction | None:
    """Hold tokens per month against requests times lengths; a length that is not stated may be anything possible."""
    if not {"requests_per_day", "tokens_per_month"} <= set(facts):
        return None
    requests, inputs, outputs = (_bounds(facts, key) for key in ("requests_per_day", "input_tokens", "output_tokens"))
    stated, days = _bounds(facts, "tokens_per_month"), assumption("days_per_month").number
    computed = Range(
        requests.low * days * (inputs.low + outputs.low), requests.high * days * (inputs.high + outputs.high)
    )
    if not (_apart(computed.low, stated.high) or _apart(stated.low, computed.high)):
        return None
    used = [key for key in ("requests_per_day", "input_tokens", "output_tokens") if key in facts]
    lengths = " and ".join(used[1:]) or "even the shortest requests"
    if len(used) == 1 and stated.low > computed.high:
        lengths = "even the longest requests"
    bound = "at least " if computed.low > stated.high and len(used) < 3 else ""
    bound = "at most " if computed.high < stated.low and len(used) < 3 else bound
    figure = computed.low if computed.low > stated.high else computed.high
    both = stated.high if computed.low > stated.high else stated.low
    text = (
        f"contradicts the rest: requests_per_day with {lengths} gives {bound}{figure:,.0f} tokens a month, but "
        f"tokens_per_month says {both:,.0f}, more than a factor {MOST_APART:g} apart; expected figures that agree, or "
        "leave tokens_per_month out"
    )
    return Contradiction(("tokens_per_month", *used), text)


def _apart(larger: float, smaller: float) -> bool:
    return larger > MOST_APART * max(smaller, 1e-9)


def _context(facts: Mapping[str, Fact]) -> Contradiction | None:
    """The longest request cannot be shorter than the average one."""
    lengths = [key for key in ("input_tokens", "output_tokens") if key in facts]
    if "context_tokens" not in facts or not lengths:
        return None
    longest = _bounds(facts, "context_tokens").high
    average = sum(_bounds(facts, key).low for key in lengths)
    if longest >= average:
        return None
    text = (
        f"contradicts the rest: the longest request has {longest:,.0f} tokens, but the average one has {average:,.0f} "
        f"({' + '.join(lengths)}); expected context_tokens from {average:.0f}, or shorter requests"
    )
    return Contradiction(("context_tokens", *lengths), text)


def _bounds(facts: Mapping[str, Fact], key: str) -> Range:
    """Return the least and the greatest value that a number may have."""
    if key not in facts:
        spec = spec_of(key)
        return Range(spec.minimum or 0.0, spec.maximum if spec.maximum is not None else float("inf"))
    value = facts[key].value
    if isinstance(value, Range):
        return value
    assert isinstance(value, int | float)
    return Range(float(value), float(value))
