"""How capable a model is for a task on a day, as a level, from dated evidence. It knows no price and no user.

Level 0 is routine work, 1 moderate, 2 the frontier of that day, as in the fact `difficulty`; between them it is
continuous, and a model is adequate when its level reaches `needed_level`. A model's level for a task is the weighted
mean of what its test scores stand for (see `tools.capability_levels`) and of a prior: the judged class in the
catalogue, mixed with the level of its kin (a predecessor, or a measured sibling of like size) where those tests are
few. The more, the fresher and the more independent the tests, the less the prior counts. Raising a score never lowers
the level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import median

import numpy as np
from numpy.typing import NDArray

from tools.capability_evidence import generation_caps, kin, method, needs, size_caps, token_runs
from tools.capability_gap import Gap, gap_of
from tools.capability_kin import Profile, measured_sibling, profile_of
from tools.capability_levels import EvidenceLine, evidence_on
from tools.catalogue.open_models import TIERS
from tools.errors import UnknownName
from tools.facts import fact_dictionary

__all__ = [
    "Capability", "EvidenceLine", "Gap", "adequate", "capability_of", "gap_of", "level_table", "needed_level",
    "reasoning_factor", "shortfall", "silent_failure_risk", "tasks",
]  # fmt: skip

_CONFIDENCES = ("read-in-source", "secondary", "unverified", "judgement")
_WIDEST, _NARROWEST = 0.6, 0.1  # half the band of a level that is only judged, and of one with endless evidence


@dataclass(frozen=True, slots=True)
class Capability:
    """A model's level for a task, the band it may lie in, and what that rests on; `kind` sums up the basis."""

    model: str
    task: str
    level: float
    low: float
    high: float
    kind: str  # measured | estimated | judged
    basis: str
    evidence: tuple[EvidenceLine, ...]
    confidence: str


@cache
def tasks() -> tuple[str, ...]:
    """Return the tasks of the fact dictionary, in its order: the columns of `level_table`."""
    return tuple(fact_dictionary()["task"].values)


def needed_level(task: str, difficulty: str) -> float:
    """Return the level a task needs at a difficulty; UnknownName for another task or difficulty."""
    levels = needs().levels
    if task not in levels:
        raise UnknownName.of("task", task, levels)
    if difficulty not in TIERS:
        raise UnknownName.of("difficulty", difficulty, TIERS)
    return levels[task][TIERS.index(difficulty)]


def adequate(level: float, needed: float) -> bool:
    """Say whether a level reaches the need, but for the noise of the marks."""
    return level >= needed - method().noise_levels


def shortfall(levels: NDArray[np.float64], needed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how many levels models fall short of needs, 0 where they are adequate; shapes broadcast."""
    missing = np.asarray(needed - levels, dtype=float)
    return np.where(missing > method().noise_levels, missing, 0.0)


def silent_failure_risk(level: float, needed: float) -> bool:
    """Say whether a model falls short by so little that its answers look right: nobody notices for months.

    One that falls short by more than a whole class fails in the open. Routine work hides no failure.
    """
    return needed > 0.5 and not adequate(level, needed) and needed - level <= method().silent_within_levels


@cache
def capability_of(model_id: str, task: str, on: date) -> Capability:
    """Return what is known on a day of a model (an id of either catalogue) for a task of the fact dictionary.

    UnknownName for a model in no catalogue or another task.
    """
    if task not in tasks():
        raise UnknownName.of("task", task, tasks())
    profile = profile_of(model_id)
    lines = evidence_on(on).get((profile.evidence_id, task), ())
    weight = sum(line.weight for line in lines)
    prior, prior_basis, from_kin = _prior(profile, task, on, weight)
    rules = method()
    total = rules.prior_weight + weight
    level = (rules.prior_weight * prior + sum(line.weight * line.level for line in lines)) / total
    level = min(level, _cap(profile, task), _cap_unproven(profile, task, on))
    half = _NARROWEST + (_WIDEST - _NARROWEST) * rules.prior_weight / total
    measured = weight >= rules.measured_from_weight
    kind = "measured" if measured else "estimated" if from_kin else "judged"
    basis = _measured_basis(lines) if measured else prior_basis + _thin_basis(lines)
    confidence = _confidence(lines) if measured else "judgement"
    return Capability(model_id, task, level, level - half, level + half, kind, basis, lines, confidence)


def _prior(profile: Profile, task: str, on: date, weight: float) -> tuple[float, str, bool]:
    """Return the level to shrink to, what it rests on, and whether a kin speaks for the model."""
    rules, judged = method(), _judged(profile, task)
    basis = f"judged: class {profile.tier} in the catalogue ({profile.tier_basis})"
    if weight >= rules.measured_from_weight:
        return judged, basis, False
    named = kin().get(profile.id)
    level = _own_level(named.of, task, on) if named else None
    who = f"{named.of}, {named.relation}," if named else ""
    if level is None and (found := measured_sibling(profile, task, on)):
        level, who = found.level, f"{found.id}, a sibling of like size,"
    if level is None:
        return judged, basis, False
    share = rules.kin_share
    return share * level + (1 - share) * judged, f"estimated from {who} and its class", True


def _judged(profile: Profile, task: str) -> float:
    """Return what the class in the catalogue stands for, by size and generation."""
    rules = method()
    if profile.size_b is not None and profile.size_b < rules.tiny_below_b and profile.use != "embedding":
        return rules.tiny_level
    caps = [
        cap.level
        for cap in generation_caps()
        if task in cap.tasks and profile.released is not None and profile.released < cap.released_before
    ]
    return min([rules.class_levels[profile.tier], *caps])


def _own_level(model: str, task: str, on: date) -> float | None:
    """Return the mean level of a model's own tests; None when they are too few."""
    lines = evidence_on(on).get((model, task), ())
    weight = sum(line.weight for line in lines)
    if weight < method().measured_from_weight:
        return None
    return sum(line.weight * line.level for line in lines) / weight


def _cap(profile: Profile, task: str) -> float:
    if profile.size_b is None:
        return method().highest_level
    caps = [cap.level for cap in size_caps() if task in cap.tasks and profile.size_b < cap.below_b]
    return min(caps, default=method().highest_level)


def _cap_unproven(profile: Profile, task: str, on: date) -> float:
    """Without an independent test of the model or its kin, no model passes for one at the very frontier."""
    rules, named = method(), kin().get(profile.id)
    names = (profile.evidence_id, named.of) if named else (profile.evidence_id,)
    lines = [line for name in names for line in evidence_on(on).get((name, task), ())]
    proof = sum(line.weight for line in lines if line.reporting == "independent")
    return rules.highest_level if proof >= rules.measured_from_weight else rules.unproven_level


def _measured_basis(lines: Sequence[EvidenceLine]) -> str:
    first, rest = lines[0], len(lines) - 1
    others = f" and {rest} other{'s' if rest > 1 else ''}" if rest else ""
    return f"measured {first.dated:%Y-%m} on {first.title} ({first.score:g}, {first.reporting}){others}"


def _thin_basis(lines: Sequence[EvidenceLine]) -> str:
    return f"; little is {_measured_basis(lines)}" if lines else ""


def _confidence(lines: Sequence[EvidenceLine]) -> str:
    """The weakest confidence among the tests that carry at least half of the heaviest one's weight."""
    carrying = [line.confidence for line in lines if line.weight >= lines[0].weight / 2]
    return max(carrying, key=_CONFIDENCES.index)


def level_table(model_ids: Sequence[str], on: date) -> NDArray[np.float64]:
    """Return the levels of models (rows) for the tasks of the fact dictionary (columns, in its order)."""
    return np.array([_levels(model_id, on) for model_id in model_ids], dtype=float).reshape(-1, len(tasks()))


@cache
def _levels(model_id: str, on: date) -> tuple[float, ...]:
    return tuple(capability_of(model_id, task, on).level for task in tasks())


def reasoning_factor(model_id: str, task: str, on: date) -> float:
    """Return a model's output tokens as a multiple of the median model's on the same test run, thinking included.

    1.0 where nothing was measured, and for tasks that need no long thinking: that is 'not known to differ', not 'the
    same'. The runs were at the highest effort, so the factor is for work at the frontier; at lower effort it shrinks.
    """
    profile = profile_of(model_id)
    related = kin().get(profile.id)
    for run in token_runs():
        if run.dated > on or task not in run.tasks:
            continue
        for name in (profile.evidence_id, related.of if related else ""):
            if name in run.tokens:
                return run.tokens[name] / median(run.tokens.values())
    return 1.0
