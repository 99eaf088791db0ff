"""Searches the smallest change of each stated fact that changes the deployment, and verifies every one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.assessment import Flip
from tools.draws import draw_facts, stack_draws
from tools.evaluate import Evaluation, evaluate_draws
from tools.facts import Fact, FactSpec, FactValue, Range, spec_of
from tools.verdict import choose_option, choose_within

_SEARCH_DRAWS = 32
_STEPS = (1.25, 1.6, 2.5, 4.0, 8.0, 20.0, 60.0, 200.0)
_BISECTIONS = 4
_SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_TRIES = 3
# Facts whose stated value is read as a whole, so that variants of them cannot share one evaluation.
_READ_AS_STATED = frozenset(
    (
        "monthly_users", "annual_revenue", "company_region", "user_regions", "ships_weights", "trains_on_outputs",
        "sector", "regulations", "data_class", "owned_gpus", "existing_vendors", "flagship_score", "open_score",
        "tokens_per_second", "cloud",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Variant:
    """One stated fact with another value."""

    key: str
    value: FactValue


def find_flips(facts: Mapping[str, Fact], evaluation: Evaluation) -> tuple[Flip, ...]:
    """Return at most one flip per stated fact; each was applied and does change the deployment."""
    today = deployment_of(evaluation)
    ladders = {key: tuple(_ladders(spec_of(key), fact.value)) for key, fact in facts.items()}
    variants = [_Variant(key, value) for key, steps in ladders.items() for ladder in steps for value in ladder]
    outcome = dict(zip(variants, _deployments(facts, variants, evaluation), strict=True))
    crossings = {
        key: [crossing for ladder in steps if (crossing := _first_change(facts[key], key, ladder, outcome, today))]
        for key, steps in ladders.items()
    }
    narrowed = _narrow(facts, crossings, evaluation, today)
    found = (_verified(facts, key, values, evaluation, today) for key, values in narrowed.items())
    return tuple(flip for flip in found if flip is not None)


def deployment_of(evaluation: Evaluation) -> str:
    """Return the deployment that wins, `no_llm` where nothing passes."""
    chosen = choose_option(evaluation)
    return "no_llm" if chosen is None else evaluation.options[chosen].deployment


def _ladders(spec: FactSpec, value: FactValue) -> Iterator[tuple[FactValue, ...]]:
    """Yield the values to try, the nearest first: for numbers one ladder upwards and one downwards."""
    if spec.type == "number":
        middle = _middle(value)
        yield tuple(_walk(spec, middle, True))
        yield tuple(_walk(spec, middle, False))
    elif spec.type != "text":
        yield from ((other,) for other in _other_values(spec, value))


def _walk(spec: FactSpec, start: float, upwards: bool) -> Iterator[float]:
    if spec.maximum == 1:  # a share
        yield from (s for s in (_SHARES if upwards else reversed(_SHARES)) if (s > start) == upwards and s != start)
        return
    for step in _STEPS:
        value = start * step if upwards else start / step
        inside = (spec.maximum is None or value <= spec.maximum) and (spec.minimum is None or value >= spec.minimum)
        if inside and value != start:
            yield value


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
        tuple(v for v in spec.values if v in chosen - {gone})
        for gone in spec.values
        if gone in chosen and len(chosen) > 1
    ]
    return removed + added


def _middle(value: FactValue) -> float:
    if isinstance(value, Range):
        return (value.low + value.high) / 2
    return float(value) if isinstance(value, int | float) else 0.0


def _deployments(facts: Mapping[str, Fact], variants: Sequence[_Variant], evaluation: Evaluation) -> list[str]:
    """Return the deployment that each variant leads to, over few draws; variants are evaluated together."""
    results: dict[_Variant, str] = {}
    together = [variant for variant in variants if variant.key not in _READ_AS_STATED]
    alone = [[variant] for variant in variants if variant.key in _READ_AS_STATED]
    for group in ([together] if together else []) + alone:
        parts = [draw_facts(_changed(facts, variant), _SEARCH_DRAWS, evaluation.draws.seed) for variant in group]
        whole = evaluate_draws(stack_draws(parts), evaluation.on, lean=True)
        for number, variant in enumerate(group):
            inside = np.zeros(whole.draws.count, bool)
            inside[number * _SEARCH_DRAWS : (number + 1) * _SEARCH_DRAWS] = True
            chosen = choose_within(whole, inside)
            results[variant] = "no_llm" if chosen is None else whole.options[chosen].deployment
    return [results[variant] for variant in variants]


def _changed(facts: Mapping[str, Fact], variant: _Variant) -> dict[str, Fact]:
    return {**facts, variant.key: replace(facts[variant.key], value=variant.value)}


def _first_change(
    fact: Fact, key: str, ladder: Sequence[FactValue], outcome: Mapping[_Variant, str], today: str
) -> tuple[FactValue, FactValue] | None:
    """Return the last value on the ladder that keeps the deployment, and the first that changes it."""
    before = fact.value
    for value in ladder:
        if outcome[_Variant(key, value)] not in (today, "no_llm"):
            return before, value
        before = value
    return None


def _narrow(
    facts: Mapping[str, Fact],
    crossings: Mapping[str, Sequence[tuple[FactValue, FactValue]]],
    evaluation: Evaluation,
    today: str,
) -> dict[str, list[FactValue]]:
    """Bisect the crossings of numbers, all together; return per fact the values to verify, the nearest first."""
    spans = [
        (key, _middle(inside), _middle(outside))
        for key, pairs in crossings.items()
        for inside, outside in pairs
        if spec_of(key).type == "number"
    ]
    for _ in range(_BISECTIONS if spans else 0):
        middles = [_Variant(key, (inside + outside) / 2) for key, inside, outside in spans]
        after = _deployments(facts, middles, evaluation)
        spans = [
            (key, inside, middle) if found not in (today, "no_llm") else (key, middle, outside)
            for (key, inside, outside), middle, found in zip(
                spans, [(inside + outside) / 2 for _, inside, outside in spans], after, strict=True
            )
        ]
    values: dict[str, list[FactValue]] = {
        key: [outside for _, outside in pairs] for key, pairs in crossings.items() if spec_of(key).type != "number"
    }
    for key, inside, outside in sorted(spans, key=lambda span: _distance(_middle(facts[span[0]].value), span[2])):
        tidied = _tidy(outside, outside > inside)
        further = outside + (outside - inside) * 2
        values.setdefault(key, []).extend([tidied, _tidy(max(further, 0.0), outside > inside)])
    return values


def _distance(start: float, value: float) -> float:
    return float(abs(np.log((value + 1e-9) / (start + 1e-9))))


def _verified(
    facts: Mapping[str, Fact], key: str, values: Sequence[FactValue], evaluation: Evaluation, today: str
) -> Flip | None:
    """Return the first value that changes the deployment when applied with all draws."""
    spec = spec_of(key)
    for value in values[:_TRIES]:
        if isinstance(value, float) and spec.maximum is not None and value > spec.maximum:
            continue
        draws = draw_facts(_changed(facts, _Variant(key, value)), evaluation.draws.count, evaluation.draws.seed)
        after = deployment_of(evaluate_draws(draws, evaluation.on, lean=True))
        if after not in (today, "no_llm"):
            return Flip(key, facts[key].value, value, after)  # type: ignore[arg-type]
    return None


def _tidy(value: float, upwards: bool) -> float:
    """Round away from the stated value to three significant digits, so that the flip still holds."""
    if value == 0:
        return 0.0
    digits = 2 - int(np.floor(np.log10(abs(value))))
    scale = 10.0**digits
    return float((np.ceil if upwards else np.floor)(value * scale) / scale)
