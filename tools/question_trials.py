"""Tries answers that are never drawn, as to facts that count only when they are stated. It words nothing."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

import numpy as np

from tools.asking import TriedAnswer, tried_answers
from tools.draws import draw_facts
from tools.evaluate import Evaluation, evaluate_draws
from tools.facts import Fact
from tools.verdict import choose_option, choose_within

# One in so many draws is looked at again: the same draws with and without the answer, so little is left to chance.
_EVERY = 8
# With fewer draws than this, as for a file of many workloads, nothing is tried: it would say little and take long.
_LEAST_DRAWS = 256


def tried_changes(evaluation: Evaluation) -> dict[str, float]:
    """Return per fact the share of its tried answers with which another deployment is chosen."""
    passing = _passing_deployments(evaluation)
    if len(passing) == 1 or evaluation.draws.count < _LEAST_DRAWS:  # there is nowhere to move to, or too much to do
        return {}
    today = _deployment_of_part(evaluation)
    changes: dict[str, float] = {}
    for answer in _worth_trying(evaluation, passing, today):
        if _deployment_with(evaluation, answer) != today:
            for key in answer.says.keys() - evaluation.draws.known.keys():
                changes[key] = changes.get(key, 0.0) + answer.share
    return changes


def _worth_trying(evaluation: Evaluation, passing: AbstractSet[str], today: str) -> Iterator[TriedAnswer]:
    """Leave out what is known, and what cannot move this workload for a reason that is plain without computing."""
    known = evaluation.draws.known
    for key, answers in tried_answers().items():
        if key == "owned_gpus" and "self_hosted" not in passing:
            continue
        if key == "first_token_seconds" and known.get("interaction") == "background":
            continue
        for answer in answers:
            if today in answer.against and not known.keys() >= answer.says.keys():
                yield answer


def _passing_deployments(evaluation: Evaluation) -> set[str]:
    """Return the deployments that pass the gates in most of the draws."""
    return {evaluation.options[i].deployment for i in np.flatnonzero(evaluation.mostly_allowed)}


def _deployment_of_part(evaluation: Evaluation) -> str:
    """Return what is chosen today on the draws that are looked at again."""
    inside = np.zeros(evaluation.draws.count, bool)
    inside[::_EVERY] = True
    chosen = choose_within(evaluation, inside)
    return "no_llm" if chosen is None else evaluation.options[chosen].deployment


def _deployment_with(evaluation: Evaluation, answer: TriedAnswer) -> str:
    """Return what is chosen on those draws with an answer in place of the missing one."""
    draws = evaluation.draws
    known: Mapping[str, Fact] = {key: Fact(key, value) for key, value in draws.known.items()}
    drawn = draw_facts({**answer.facts(), **known}, draws.count, draws.seed).part(slice(None, None, _EVERY))
    after = evaluate_draws(drawn, evaluation.on, lean=True)
    chosen = choose_option(after)
    return "no_llm" if chosen is None else after.options[chosen].deployment
