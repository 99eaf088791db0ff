"""Which unknown fact is worth asking for: the probability that its answer changes the verdict. It words nothing."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from tools.assessment import NextQuestion
from tools.assumptions import assumption
from tools.choose import NOTHING
from tools.draws import Draws, Floats, Mask
from tools.evaluate import Evaluation
from tools.facts import FactSpec, fact_dictionary
from tools.question_trials import tried_changes
from tools.verdict import choose_option

_BINS = 4
# A question that only rules out the model named today is worth less than one that moves the deployment.
_MODEL_WEIGHT = 0.3
# In a group of n draws another deployment must lead by this many times the square root of n, which is about the
# standard error of a lead between two that are as good: less may be chance.
_SURE = 1.5
_HALF = 0.5

_Codes = npt.NDArray[np.int64]


def rank_questions(evaluation: Evaluation) -> tuple[NextQuestion, ...]:
    """Return the unknown facts worth asking for, the most telling first."""
    least = assumption("worth_asking").number
    today = choose_option(evaluation)
    worth: dict[str, tuple[float, float]] = {}
    groups = {spec.key: codes for spec, codes in _open_facts(evaluation.draws)}
    for key, deployment in _deployment_changes(evaluation, today, groups).items():
        model = _model_ruled_out(evaluation, today, groups[key])
        worth[key] = (deployment + _MODEL_WEIGHT * model, min(deployment + model, 1.0))
    for key, chance in tried_changes(evaluation).items():
        worth[key] = max(worth.get(key, (0.0, 0.0)), (chance, chance))
    # Stable: equal worth keeps the dictionary's order.
    ranked = sorted((key for key in fact_dictionary() if key in worth), key=lambda key: -worth[key][0])
    return tuple(NextQuestion(key, round(worth[key][1], 3)) for key in ranked if worth[key][0] >= least)


def _deployment_changes(evaluation: Evaluation, today: int | None, groups: Mapping[str, _Codes]) -> dict[str, float]:
    """Return per fact the probability that its answer changes the deployment, alone or with one more answer.

    An answer to two facts counts for the first only as far as the second alone would not have changed anything.
    """
    if not groups:
        return {}
    answers = [np.unique(codes, return_inverse=True)[1] for codes in groups.values()]
    sizes = np.array([codes.max() + 1 for codes in answers])
    starts = np.cumsum(sizes) - sizes
    columns = np.stack(answers) + starts[:, None]
    won, now = _winners(evaluation, today)
    chances = np.array([_with_each(columns, fact, won, now) for fact in range(len(columns))])
    chances = np.add.reduceat(chances, starts, axis=1)
    alone = np.diag(chances).copy()
    more = chances - alone[None, :]
    np.fill_diagonal(more, alone)
    return dict(zip(groups, more.max(axis=1).tolist(), strict=True))


def _winners(evaluation: Evaluation, today: int | None) -> tuple[_Codes, int]:
    """Return the deployment that wins in each draw and the one chosen today, as small codes; nothing counts as one."""
    index, nothing = evaluation.winners.index, int(evaluation.deployment_codes.max()) + 1
    won = np.where(index == NOTHING, nothing, evaluation.deployment_codes[np.maximum(index, 0)])
    now = nothing if today is None else int(evaluation.deployment_codes[today])
    present = np.union1d(won, [now])
    return np.searchsorted(present, won), int(np.searchsorted(present, now))


def _with_each(columns: _Codes, fact: int, won: _Codes, now: int) -> Floats:
    """Return, per answer to any fact, the share of draws in which it and one to `fact` make another deployment lead."""
    answers, deployments, count = int(columns.max()) + 1, int(won.max()) + 1, len(won)
    mine = columns[fact] - columns[fact].min()
    shape = (int(mine.max()) + 1, answers, max(deployments, now + 1))
    places = (mine * shape[1] + columns) * shape[2] + won
    counts = np.bincount(places.ravel(), minlength=shape[0] * shape[1] * shape[2]).reshape(shape)
    draws = counts.sum(axis=2)
    lead = counts.max(axis=2) - counts[:, :, now]
    return np.asarray(np.where(lead > _SURE * np.sqrt(draws), draws, 0).sum(axis=0) / count)


def _model_ruled_out(evaluation: Evaluation, today: int | None, codes: _Codes) -> float:
    """Return the probability of an answer with which today's option passes the gates less than half as often."""
    if today is None:
        return 0.0
    passing: Mask = evaluation.winners.allowed[today]
    if passing.all():
        return 0.0
    blocked = (group for group in np.unique(codes) if passing[codes == group].mean() < passing.mean() * _HALF)
    return float(sum((codes == group).mean() for group in blocked))


def _open_facts(draws: Draws) -> Iterator[tuple[FactSpec, _Codes]]:
    for key, spec in fact_dictionary().items():
        if key not in draws.known:
            groups = _groups(draws, spec)
            if groups is not None:
                yield spec, groups


def _groups(draws: Draws, spec: FactSpec) -> _Codes | None:
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
