"""Draws of the facts that nobody stated. It knows the dictionary's priors and no cost or gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from tools.facts import Fact, FactSpec, FactValue, Range, fact_dictionary

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Draws:
    """One value per draw for every fact: shape () where it is known, (count,) where it is drawn."""

    count: int
    seed: int
    known: Mapping[str, FactValue]
    numbers: Mapping[str, Floats]
    codes: Mapping[str, npt.NDArray[np.int64]]
    members: Mapping[str, Mapping[str, Mask]]
    columns: Mapping[str, Floats] = field(default_factory=dict)

    def number(self, key: str) -> Floats:
        """Return the draws of a number fact."""
        return self.numbers[key]

    def column(self, key: str) -> Floats:
        """Return the uniform numbers in (0, 1) that stand behind the draws of one fact."""
        return self.columns[key] if key in self.columns else _uniform_column(key, self.count, self.seed)

    def has_number(self, key: str) -> bool:
        """Say whether a number is stated or has a prior to be drawn from."""
        return key in self.numbers

    def is_value(self, key: str, *values: str) -> Mask:
        """Return where a choice or flag fact has one of the values; flags are 'true' and 'false'."""
        names = _values_of(fact_dictionary()[key])
        codes = self.codes[key]
        masks = [codes == names.index(value) for value in values]
        return np.asarray(masks[0] if len(masks) == 1 else np.logical_or.reduce(masks))

    def has(self, key: str, *values: str) -> Mask:
        """Return where a set fact contains at least one of the values."""
        masks = [self.members[key][value] for value in values]
        return np.logical_or.reduce(np.broadcast_arrays(*masks)) if len(masks) > 1 else masks[0]

    def part(self, which: "Which") -> "Draws":
        """Return some of the draws."""
        length = len(np.arange(self.count)[which])
        return replace(
            self,
            count=length,
            columns={key: self.column(key)[which] for key in fact_dictionary()},
            numbers={key: part_of(values, which) for key, values in self.numbers.items()},
            codes={key: part_of(values, which) for key, values in self.codes.items()},
            members={
                key: {name: part_of(mask, which) for name, mask in masks.items()} for key, masks in self.members.items()
            },
        )

    def code_table(self, key: str, per_value: Mapping[str, float]) -> Floats:
        """Return a number per draw, looked up by the value of a choice fact."""
        names = _values_of(fact_dictionary()[key])
        table = np.array([float(per_value.get(name, np.nan)) for name in names])
        return np.asarray(table[self.codes[key]])


Which = slice | npt.NDArray[np.int64]
_Array = TypeVar("_Array", bound=npt.NDArray[np.generic])


def part_of(values: _Array, which: Which) -> _Array:
    """Return some of the draws, which run along the last axis; a value that holds for all draws stays as it is."""
    return values if values.ndim == 0 or values.shape[-1] == 1 else values[..., which]  # type: ignore[return-value]


def _values_of(spec: FactSpec) -> tuple[str, ...]:
    return ("false", "true") if spec.type == "flag" else spec.values


def draw_facts(facts: Mapping[str, Fact], count: int, seed: int) -> Draws:
    """Draw all facts of one workload, the stated ones as they are, ranges and unknown ones from their spread.

    Each fact has its own column of the sequence, so stating one fact never moves the draws of another.
    """
    numbers: dict[str, Floats] = {}
    codes: dict[str, npt.NDArray[np.int64]] = {}
    members: dict[str, Mapping[str, Mask]] = {}
    for key, spec in fact_dictionary().items():
        value = facts[key].value if key in facts else None
        column = _uniform_column(key, count, seed)
        if spec.type == "number":
            drawn = _draw_number(spec, value, column)
            if drawn is not None:
                numbers[key] = drawn
        elif spec.type in ("choice", "flag"):
            codes[key] = _draw_code(spec, value, column)
        elif spec.type == "set":
            members[key] = _draw_set(spec, value, column)
    known = {key: fact.value for key, fact in facts.items()}
    return Draws(count, seed, known, numbers, codes, members)


def stack_draws(parts: Sequence[Draws]) -> Draws:
    """Put the draws of variants of one workload one after the other; what is known by name is that of the first."""
    first, counts = parts[0], [part.count for part in parts]

    def joined(values: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        if all(value.ndim == 0 for value in values) and len({value.item() for value in values}) == 1:
            return values[0]
        return np.concatenate([np.broadcast_to(v, (n,)) for v, n in zip(values, counts, strict=True)])

    return Draws(
        count=sum(counts),
        seed=first.seed,
        known=first.known,
        numbers={key: joined([part.numbers[key] for part in parts]) for key in first.numbers},
        codes={key: joined([part.codes[key] for part in parts]) for key in first.codes},
        members={
            key: {name: joined([part.members[key][name] for part in parts]) for name in masks}
            for key, masks in first.members.items()
        },
        columns={key: np.concatenate([part.column(key) for part in parts]) for key in fact_dictionary()},
    )


@cache
def _uniform_column(key: str, count: int, seed: int) -> Floats:
    """Return stratified uniform numbers in (0, 1), one stratum per draw, in shuffled order.

    Latin hypercube sampling (McKay, Beckman and Conover 1979): each fact alone is covered evenly, whatever
    the number of facts.
    """
    index = list(fact_dictionary()).index(key)
    generator = np.random.default_rng([seed, index])
    return np.asarray((generator.permutation(count) + generator.random(count)) / count)


def _draw_number(spec: FactSpec, value: FactValue | None, column: Floats) -> Floats | None:
    if isinstance(value, Range):
        return value.low + (value.high - value.low) * column
    if isinstance(value, int | float):
        return np.asarray(float(value))
    prior = spec.prior
    if prior is None or prior.low is None or prior.usual is None or prior.high is None:
        return None
    return spread(prior.low, prior.usual, prior.high, column)


def spread(low: float, usual: float, high: float, column: Floats) -> Floats:
    """Map uniform draws to [low, high] with the median at `usual`; logarithmic where `low` is positive."""
    points = np.array([0.0, 0.5, 1.0])
    if low > 0:
        return np.asarray(np.exp(np.interp(column, points, np.log([low, usual, high]))))
    return np.asarray(np.interp(column, points, [low, usual, high]))


def _draw_code(spec: FactSpec, value: FactValue | None, column: Floats) -> npt.NDArray[np.int64]:
    names = _values_of(spec)
    if value is not None:
        name = str(value).lower() if spec.type == "flag" else str(value)
        return np.asarray(names.index(name), dtype=np.int64)
    weights = np.array([(spec.prior.weights or {}).get(name, 0.0) if spec.prior else 0.0 for name in names])
    if weights.sum() == 0:
        weights[:] = 1.0
    return _pick(weights, column)


def _pick(weights: Floats, column: Floats) -> npt.NDArray[np.int64]:
    edges = np.cumsum(weights / weights.sum())
    picked = np.minimum(np.searchsorted(edges, column, side="right"), len(weights) - 1).astype(np.int64)
    # A certain value is a known value: keep it scalar so that nothing is computed per draw.
    return np.asarray(picked[0]) if (weights > 0).sum() == 1 else np.asarray(picked)


def _draw_set(spec: FactSpec, value: FactValue | None, column: Floats) -> Mapping[str, Mask]:
    if value is not None:
        chosen = value if isinstance(value, tuple) else (str(value),)
        return {name: np.asarray(name in chosen) for name in spec.values}
    weights = (spec.prior.weights if spec.prior else None) or {"": 1.0}
    picked = _pick(np.array(list(weights.values())), column)
    lists = [tuple(entry.split("+")) for entry in weights]
    return {name: np.asarray(np.array([name in entry for entry in lists])[picked]) for name in spec.values}
