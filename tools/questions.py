"""Which unknown fact is worth asking for: the probability that its answer changes the verdict. It words nothing."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tools.assessment import NextQuestion
from tools.assumptions import assumption
from tools.choose import flip_probability
from tools.draws import Draws
from tools.evaluate import Evaluation
from tools.facts import FactSpec, fact_dictionary

_BINS = 4
# A question that only moves the choice among models of one deployment is worth less than one that moves the deployment.
_MODEL_WEIGHT = 0.3


def rank_questions(evaluation: Evaluation) -> tuple[NextQuestion, ...]:
    """Return the unknown facts worth asking for, the most telling first."""
    deployments, choices = evaluation.codes("deployment"), evaluation.codes("deployment", "model")
    least = assumption("worth_asking").number
    ranked: list[tuple[float, NextQuestion]] = []
    for spec, groups in _open_facts(evaluation.draws):
        moves_deployment = flip_probability(deployments, groups)
        moves_model = flip_probability(choices, groups)
        worth = moves_deployment + _MODEL_WEIGHT * moves_model
        if worth >= least:
            ranked.append((worth, NextQuestion(spec.key, round(max(moves_deployment, moves_model), 3))))
    ranked.sort(key=lambda pair: -pair[0])  # stable: equal worth keeps the dictionary's order
    return tuple(question for _, question in ranked)


def _open_facts(draws: Draws) -> Iterator[tuple[FactSpec, npt.NDArray[np.int64]]]:
    for key, spec in fact_dictionary().items():
        if key not in draws.known:
            groups = _groups(draws, spec)
            if groups is not None:
                yield spec, groups


def _groups(draws: Draws, spec: FactSpec) -> npt.NDArray[np.int64] | None:
    """Return a code per draw for the answer that the draw stands for; None where nothing varies."""
    if spec.type == "number":
        # Output lengths depend on the task, but their rank is the column's.
        drawn = draws.column(spec.key) if draws.has_number(spec.key) else None
        return None if drawn is None else np.minimum((drawn * _BINS).astype(np.int64), _BINS - 1)
    if spec.type in ("choice", "flag"):
        codes = draws.codes[spec.key]
        return codes if codes.ndim else None
    if spec.type == "set":
        codes = np.asarray(sum(draws.members[spec.key][v] * 2**i for i, v in enumerate(spec.values)))
        return codes.astype(np.int64) if codes.ndim else None
    return None
