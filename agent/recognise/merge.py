"""Makes one candidate per fact out of several: unions sets, joins accelerators, keeps the surest. Reads no text."""

from collections.abc import Iterable
from dataclasses import replace

from agent.recognise.values import FactCandidate
from tools.facts import spec_of


def merge(found: Iterable[FactCandidate]) -> list[FactCandidate]:
    """Resolve candidates of the same fact; the result has one per fact, in the order of the text.

    A set gathers every value named; its quote is the one of the surest candidate, since values that stand far
    apart share no substring shorter than the whole. Accelerators owned are joined by commas. For the rest the
    highest confidence wins, and among equals the later words, which correct the earlier.
    """
    groups: dict[str, list[FactCandidate]] = {}
    for candidate in found:
        groups.setdefault(candidate.key, []).append(candidate)
    return sorted((_one(group) for group in groups.values()), key=lambda candidate: candidate.start)


def _one(group: list[FactCandidate]) -> FactCandidate:
    spec = spec_of(group[0].key)
    surest = max(
        group,
        key=lambda candidate: (candidate.confidence, -candidate.start if spec.type == "choice" else candidate.start),
    )
    if spec.type == "set":
        named = {value for candidate in group for value in _values(candidate)}
        if len(named) > 1:
            named.discard("none")
        return replace(surest, value=tuple(value for value in spec.values if value in named))
    if spec.key == "owned_gpus":
        parts = dict.fromkeys(str(candidate.value) for candidate in sorted(group, key=lambda item: item.start))
        return replace(surest, value=", ".join(parts))
    return surest


def _values(candidate: FactCandidate) -> tuple[str, ...]:
    return candidate.value if isinstance(candidate.value, tuple) else (str(candidate.value),)
