"""Candidates of every stage and how they become facts: checked, merged, settled. It knows no stage's inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent.reading.reading import ReadFact, RejectedFact, Stage
from tools.errors import InvalidInput
from tools.facts import FactSpec, FactValue, check_value, plain_value, spec_of

_LONGEST_SET_QUOTE = 160
# Which stage is believed where two disagree about the same fact and are about equally sure.
_TRUST: Mapping[Stage, float] = {"recogniser": 0.3, "lexicon": 0.2, "encoder": 0.2, "model": 0.1, "examples": 0.0}


@dataclass(frozen=True, slots=True)
class Found:
    """A value that a stage found, with the place of the words that state it."""

    key: str
    value: object
    start: int
    end: int
    confidence: float
    stage: Stage
    note: str = ""
    needs_conversion: str = ""


def settle(
    message: str, found: Sequence[Found], asked: str | None, corrects: bool = False
) -> tuple[list[ReadFact], list[RejectedFact]]:
    """Check every candidate against message and dictionary and keep one value per fact.

    In a correction the later of two values stands, since the earlier is the one taken back.
    """
    groups: dict[str, list[Found]] = {}
    rejected: list[RejectedFact] = []
    for item in found:
        reason = _fault(message, item)
        if reason:
            rejected.append(_reject(message, item, reason))
        else:
            groups.setdefault(item.key, []).append(item)
    accepted: list[tuple[int, ReadFact]] = []
    for key, group in groups.items():
        spec = spec_of(key)
        best = _union(spec, message, group) if spec.type == "set" else _surest(group, corrects)
        accepted.append((best.start, _fact(message, spec, best)))
        if spec.type != "set":
            rejected += _losers(message, best, group)
    return [fact for _, fact in sorted(accepted, key=lambda pair: (pair[1].key != asked, pair[0]))], rejected


def _fault(message: str, item: Found) -> str:
    quote = message[item.start : item.end]
    if not 0 <= item.start < item.end <= len(message) or not quote.strip():
        return "its words are not in the message"
    try:
        check_value(spec_of(item.key), item.value)
    except InvalidInput as error:
        return str(error)
    return ""


def _fact(message: str, spec: FactSpec, item: Found) -> ReadFact:
    value = check_value(spec, item.value)
    quote = message[item.start : item.end]
    return ReadFact(spec.key, value, quote, round(item.confidence, 3), item.stage, item.note, item.needs_conversion)


def _reject(message: str, item: Found, reason: str) -> RejectedFact:
    value: FactValue = item.value if isinstance(item.value, str | bool | float | tuple) else str(item.value)
    return RejectedFact(item.key, value, message[max(item.start, 0) : max(item.end, 0)], reason)


def _surest(group: Sequence[Found], corrects: bool = False) -> Found:
    """Return the surest; of equals the last number ("40k, no, 50k") but the first choice ("mostly Azure, some AWS")."""
    first = spec_of(group[0].key).type == "choice" and not corrects

    def rank(item: Found) -> tuple[float, int]:
        return round(item.confidence + _TRUST[item.stage], 1), -item.start if first else item.start

    return max(group, key=rank)


def _losers(message: str, best: Found, group: Sequence[Found]) -> list[RejectedFact]:
    spec = spec_of(best.key)
    kept = check_value(spec, best.value)
    reason = f"the message also says {plain_value(kept)} for it, more clearly"
    return [_reject(message, item, reason) for item in group if check_value(spec, item.value) != kept]


def _union(spec: FactSpec, message: str, group: Sequence[Found]) -> Found:
    named: set[str] = set()
    for item in group:
        named.update(item.value if isinstance(item.value, tuple | list) else [str(item.value)])
    if len(named) > 1:
        named.discard("none")
    start, end = min(item.start for item in group), max(item.end for item in group)
    best = _surest(group)
    whole = end - start <= _LONGEST_SET_QUOTE
    place = {"start": start, "end": end} if whole else {}
    return replace(best, value=tuple(value for value in spec.values if value in named), **place)  # type: ignore[arg-type]
