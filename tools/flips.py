"""Searches the smallest change of each stated fact that changes the deployment, and verifies every one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from tools.assessment import Flip
from tools.evaluate import Evaluation, evaluate
from tools.facts import Fact, FactSpec, FactValue, Range, spec_of
from tools.verdict import choose_option

_SEARCH_DRAWS = 64
_STEPS = (1.25, 1.6, 2.5, 4.0, 8.0, 20.0, 60.0, 200.0)
_BISECTIONS = 4
_SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def find_flips(facts: Mapping[str, Fact], evaluation: Evaluation) -> tuple[Flip, ...]:
    """Return at most one flip per stated fact; each was applied and does change the deployment."""
    deployment = deployment_of(evaluation)
    found = []
    for key, fact in facts.items():
        flip = _flip_of(facts, fact, evaluation, deployment)
        if flip is not None:
            found.append(flip)
        del key
    return tuple(found)


def deployment_of(evaluation: Evaluation) -> str:
    """Return the deployment that wins, `no_llm` where nothing passes."""
    chosen = choose_option(evaluation)
    return "no_llm" if chosen is None else evaluation.options[chosen].deployment


def _flip_of(facts: Mapping[str, Fact], fact: Fact, evaluation: Evaluation, deployment: str) -> Flip | None:
    spec = spec_of(fact.key)
    for value in _candidates(facts, spec, fact.value, evaluation.on, evaluation.draws.seed, deployment):
        after = _deployment_with(facts, fact, value, evaluation.on, evaluation.draws.count, evaluation.draws.seed)
        if after not in (deployment, "no_llm"):
            return Flip(fact.key, fact.value, value, after)  # type: ignore[arg-type]
    return None


def _candidates(
    facts: Mapping[str, Fact], spec: FactSpec, value: FactValue, on: date, seed: int, deployment: str
) -> Iterator[FactValue]:
    if spec.type in ("choice", "flag", "set"):
        others = _other_values(spec, value)
        fact = facts[spec.key]
        yield from (o for o in others if _deployment_with(facts, fact, o, on, _SEARCH_DRAWS, seed) != deployment)
    elif spec.type == "number":
        nearest = [
            found
            for direction in (True, False)
            if (found := _search_number(facts, spec, _middle(value), on, seed, deployment, direction)) is not None
        ]
        yield from sorted(nearest, key=lambda found: abs(np.log((found + 1e-9) / (_middle(value) + 1e-9))))


def _other_values(spec: FactSpec, value: FactValue) -> list[FactValue]:
    if spec.type == "flag":
        return [not value]
    if spec.type == "choice":
        return [other for other in spec.values if other != value]
    chosen = set(value) if isinstance(value, tuple) else {value}
    added: list[FactValue] = [
        tuple(v for v in spec.values if v in chosen | {extra})
        for extra in spec.values
        if extra not in chosen and extra != "none" and "none" not in chosen
    ]
    removed: list[FactValue] = [
        tuple(v for v in spec.values if v in chosen - {gone}) for gone in chosen if len(chosen) > 1
    ]
    return removed + added


def _middle(value: FactValue) -> float:
    if isinstance(value, Range):
        return (value.low + value.high) / 2
    return float(value) if isinstance(value, int | float) else 0.0


def _search_number(
    facts: Mapping[str, Fact],
    spec: FactSpec,
    start: float,
    on: date,
    seed: int,
    deployment: str,
    upwards: bool,
) -> float | None:
    """Walk away from the stated value until the deployment changes, then bisect."""
    fact, inside = facts[spec.key], start
    for outside in _walk(spec, start, upwards):
        if _deployment_with(facts, fact, outside, on, _SEARCH_DRAWS, seed) != deployment:
            for _ in range(_BISECTIONS):
                middle = (inside + outside) / 2
                if _deployment_with(facts, fact, middle, on, _SEARCH_DRAWS, seed) != deployment:
                    outside = middle
                else:
                    inside = middle
            return _tidy(outside, upwards)
        inside = outside
    return None


def _walk(spec: FactSpec, start: float, upwards: bool) -> Iterator[float]:
    if spec.maximum == 1:  # a share
        yield from (s for s in (_SHARES if upwards else reversed(_SHARES)) if (s > start) == upwards and s != start)
        return
    for step in _STEPS:
        value = start * step if upwards else start / step
        if (spec.maximum is None or value <= spec.maximum) and (spec.minimum is None or value >= spec.minimum):
            yield value


def _tidy(value: float, upwards: bool) -> float:
    """Round away from the stated value to three significant digits, so that the flip still holds."""
    if value == 0:
        return 0.0
    digits = 2 - int(np.floor(np.log10(abs(value))))
    scale = 10.0**digits
    return float((np.ceil if upwards else np.floor)(value * scale) / scale)


def _deployment_with(facts: Mapping[str, Fact], fact: Fact, value: FactValue, on: date, count: int, seed: int) -> str:
    changed = {**facts, fact.key: replace(fact, value=value)}
    return deployment_of(evaluate(changed, on, count, seed))
