"""Searches the smallest change of each stated fact that changes the deployment, and verifies every one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.assessment import Flip
from tools.draws import draw_facts, stack_draws
from tools.evaluate import Evaluation, evaluate_draws
from tools.facts import Fact, FactSpec, FactValue, Range, spec_of
from tools.verdict import choose_option, choose_within

# Draws per variant of the search. Where so few choose otherwise than all do, the choice is close and more are taken.
_SEARCH_DRAWS = (32, 96)
_STEPS = (1.25, 1.6, 2.5, 4.0, 8.0, 20.0, 60.0, 200.0)
_BISECTIONS = 4
_SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_TRIES = 4
_REFINEMENTS = 3
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
    search = _Search(facts, evaluation, today, _enough_draws(facts, evaluation, today))
    stride = 1 if search.draws == _SEARCH_DRAWS[0] else 2  # a close choice takes more draws on a coarser ladder
    ladders = {key: tuple(_ladders(spec_of(key), fact.value, stride)) for key, fact in facts.items()}
    variants = [_Variant(key, value) for key, steps in ladders.items() for ladder in steps for value in ladder]
    outcome = dict(zip(variants, search.deployments(variants), strict=True))
    crossings = {
        key: [crossing for ladder in steps if (crossing := _first_change(facts[key], key, ladder, outcome, today))]
        for key, steps in ladders.items()
    }
    narrowed = _narrow(search, crossings)
    found = (_verified(search, key, values) for key, values in narrowed.items())
    return tuple(flip for flip in found if flip is not None)


def _enough_draws(facts: Mapping[str, Fact], evaluation: Evaluation, today: str) -> int:
    """Return how many draws choose today's deployment too, for the facts as they stand."""
    for count in _SEARCH_DRAWS:
        draws = draw_facts(facts, count, evaluation.draws.seed)
        if deployment_of(evaluate_draws(draws, evaluation.on, lean=True)) == today:
            return count
    return _SEARCH_DRAWS[-1]


def deployment_of(evaluation: Evaluation) -> str:
    """Return the deployment that wins, `no_llm` where nothing passes."""
    chosen = choose_option(evaluation)
    return "no_llm" if chosen is None else evaluation.options[chosen].deployment


def _ladders(spec: FactSpec, value: FactValue, stride: int) -> Iterator[tuple[FactValue, ...]]:
    """Yield the values to try, the nearest first: for numbers one ladder upwards and one downwards."""
    if spec.type == "number":
        middle = _middle(value)
        yield tuple(_walk(spec, middle, True))[::stride]
        yield tuple(_walk(spec, middle, False))[::stride]
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


@dataclass(frozen=True, slots=True)
class _Search:
    """The facts as they stand, what they lead to, and how variants of them are tried."""

    facts: Mapping[str, Fact]
    evaluation: Evaluation
    today: str
    draws: int

    def deployments(self, variants: Sequence[_Variant]) -> list[str]:
        """Return the deployment that each variant leads to, over few draws; variants are evaluated together."""
        results: dict[_Variant, str] = {}
        together = [variant for variant in variants if variant.key not in _READ_AS_STATED]
        alone = [[variant] for variant in variants if variant.key in _READ_AS_STATED]
        seed, count = self.evaluation.draws.seed, self.draws
        for group in ([together] if together else []) + alone:
            parts = [draw_facts(_changed(self.facts, variant), count, seed) for variant in group]
            whole = evaluate_draws(stack_draws(parts), self.evaluation.on, lean=True)
            for number, variant in enumerate(group):
                inside = np.zeros(whole.draws.count, bool)
                inside[number * count : (number + 1) * count] = True
                chosen = choose_within(whole, inside)
                results[variant] = "no_llm" if chosen is None else whole.options[chosen].deployment
        return [results[variant] for variant in variants]

    def applied(self, key: str, value: FactValue) -> str:
        """Return the deployment that one value leads to, over all draws."""
        seed, count = self.evaluation.draws.seed, self.evaluation.draws.count
        draws = draw_facts(_changed(self.facts, _Variant(key, value)), count, seed)
        return deployment_of(evaluate_draws(draws, self.evaluation.on, lean=True))

    def changes(self, deployment: str) -> bool:
        """Say whether a deployment is another one than today's."""
        return deployment not in (self.today, "no_llm")


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
    search: _Search, crossings: Mapping[str, Sequence[tuple[FactValue, FactValue]]]
) -> dict[str, list[Sequence[FactValue]]]:
    """Bisect the crossings of numbers, all together; return per fact the runs of values to verify, nearest first."""
    spans = [
        (key, _middle(inside), _middle(outside))
        for key, pairs in crossings.items()
        for inside, outside in pairs
        if spec_of(key).type == "number"
    ]
    for _ in range(_BISECTIONS if spans else 0):
        middles = [_Variant(key, (inside + outside) / 2) for key, inside, outside in spans]
        after = search.deployments(middles)
        spans = [
            (key, inside, middle.value) if search.changes(found) else (key, middle.value, outside)  # type: ignore[misc]
            for (key, inside, outside), middle, found in zip(spans, middles, after, strict=True)
        ]
    values: dict[str, list[Sequence[FactValue]]] = {
        key: [[outside] for _, outside in pairs] for key, pairs in crossings.items() if spec_of(key).type != "number"
    }
    facts = search.facts
    for key, inside, outside in sorted(spans, key=lambda span: _distance(_middle(facts[span[0]].value), span[2])):
        values.setdefault(key, []).append(_outwards(_middle(facts[key].value), inside, outside, spec_of(key)))
    return values


def _outwards(start: float, inside: float, outside: float, spec: FactSpec) -> Sequence[FactValue]:
    """Return the crossing that few draws found and, should all draws not agree, values further and further out."""
    upwards = outside > inside
    further = [_tidy(outside, upwards), _tidy(max(outside + (outside - inside) * 2, 0.0), upwards)]
    beyond = [value for value in _walk(spec, start, upwards) if (value > further[-1]) == upwards]
    return [value for value in (*further, *beyond) if spec.maximum is None or value <= spec.maximum][:_TRIES]


def _distance(start: float, value: float) -> float:
    return float(abs(np.log((value + 1e-9) / (start + 1e-9))))


def _verified(search: _Search, key: str, runs: Sequence[Sequence[FactValue]]) -> Flip | None:
    """Return the first value that changes the deployment when applied with all draws."""
    for run in runs:
        failed: FactValue | None = None
        for value in run:
            after = search.applied(key, value)
            if search.changes(after):
                value, after = _refined(search, key, failed, value, after)
                return Flip(key, search.facts[key].value, value, after)  # type: ignore[arg-type]
            failed = value
    return None


def _refined(
    search: _Search, key: str, failed: FactValue | None, value: FactValue, after: str
) -> tuple[FactValue, str]:
    """Return a value nearer to one that was tried and did not change the deployment, where both are numbers."""
    if not isinstance(failed, float) or not isinstance(value, float):
        return value, after
    for _ in range(_REFINEMENTS):
        middle = _tidy((failed + value) / 2, value > failed)
        found = search.applied(key, middle)
        if search.changes(found):
            value, after = middle, found
        else:
            failed = middle
    return value, after


def _tidy(value: float, upwards: bool) -> float:
    """Round away from the stated value to three significant digits, so that the flip still holds."""
    if value == 0:
        return 0.0
    digits = 2 - int(np.floor(np.log10(abs(value))))
    scale = 10.0**digits
    return float((np.ceil if upwards else np.floor)(value * scale) / scale)
