"""How far each option is below what the work needs, in steps of capability. It knows levels and no price."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumption
from tools.capability import level_table, needed_level
from tools.capability_evidence import method
from tools.draws import Draws, Floats
from tools.facts import fact_dictionary
from tools.options import Option

_OPEN = ("hosted_open", "self_hosted")
DIFFICULTIES = ("routine", "moderate", "frontier")
Steps = npt.NDArray[np.int64]


def levels_of(options: Sequence[Option], on: date) -> Floats:
    """Return the capability level of each option for every task of the dictionary, shape (options, tasks)."""
    return level_table([option.model for option in options], on)


def needed_levels(draws: Draws) -> Floats:
    """Return the level that the work needs, per draw; where an error is dear, a little more."""
    difficulties = fact_dictionary()["difficulty"].values
    table = np.array([[needed_level(task, d) for d in difficulties] for task in fact_dictionary()["task"].values])
    margin = draws.code_table("error_cost", assumption("error_cost_margin").value)
    return np.asarray(table[draws.codes["task"], draws.codes["difficulty"]] + margin)


def enough_level(draws: Draws) -> Floats:
    """Return the level from which a model counts as adequate, per draw: the need, less the noise of the levels."""
    return needed_levels(draws) - method().noise_levels


def shortfalls(options: Sequence[Option], levels: Floats, draws: Draws, below: float = 0.0) -> Steps:
    """Return the steps of capability that each option lacks per draw, zero where it is adequate.

    Args:
        levels: shape (options, tasks).
        below: levels under the need that still do, for the easy share behind a router.
    """
    codes = np.broadcast_to(draws.codes["task"], (draws.count,))
    lacking = enough_level(draws) - below - levels[:, codes]
    steps = np.ceil(np.maximum(lacking, 0.0) / assumption("capability_step").number).astype(np.int64)
    return _by_own_scores(options, levels[:, codes], steps, draws)


def _by_own_scores(options: Sequence[Option], levels: Floats, steps: Steps, draws: Draws) -> Steps:
    """Let the user's own test scores overrule the levels of open models."""
    if not {"flagship_score", "open_score"} <= set(draws.known):
        return steps
    gap = draws.number("flagship_score") - draws.number("open_score")
    wide = gap > draws.code_table("error_cost", assumption("score_tolerance").value)
    is_open = np.array([[option.deployment in _OPEN] for option in options])
    # Scores are of the best open model tried: they speak for models of the better open classes only.
    good = levels >= assumption("scored_model_level").number
    by_score = np.where(good, np.where(wide, np.maximum(steps, 1), 0), np.maximum(np.where(wide, 1, 0), steps))
    # And of the best proprietary one: where only that one passes, its smaller siblings are not known to.
    best = np.where(is_open, -np.inf, levels).max(axis=0)
    lesser = wide & (levels < best - assumption("flagship_level_span").number)
    return np.asarray(np.where(is_open, by_score, np.where(lesser, np.maximum(steps, 1), steps)))
