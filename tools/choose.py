"""Picks the winning option in every draw and counts outcomes. It knows arrays, no catalogue and no rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.draws import Floats, Mask

NOTHING = -1
_SHORTFALL_USD = 1e15  # one class of missing capability outweighs any bill


@dataclass(frozen=True, slots=True)
class Gated:
    """What the gates leave, per option and draw: shape (options, draws).

    `hard` may never be broken. `soft` are broken in their order, and only in draws that nothing else leaves.
    """

    hard: Mask
    soft: Mapping[str, Mask]


@dataclass(frozen=True, slots=True)
class Winners:
    """The chosen option per draw (NOTHING where hard gates leave none) and how many soft gates it broke."""

    index: npt.NDArray[np.int64]
    broken: npt.NDArray[np.int64]
    allowed: Mask


def relax(gated: Gated) -> tuple[Mask, npt.NDArray[np.int64]]:
    """Drop soft gates one after the other in the draws where nothing passes all of them."""
    soft = list(gated.soft.values())
    allowed = np.zeros_like(gated.hard)
    broken = np.zeros(gated.hard.shape[1], dtype=np.int64)
    open_draws = np.ones(gated.hard.shape[1], dtype=bool)
    for dropped in range(len(soft) + 1):
        passing = gated.hard.copy()
        for mask in soft[dropped:]:
            passing &= mask
        found = open_draws & passing.any(axis=0)
        allowed |= passing & found
        broken[found] = dropped
        open_draws &= ~found
    return allowed, broken


def pick_winners(gated: Gated, weighed_usd: Floats, shortfall: npt.NDArray[np.int64]) -> Winners:
    """Choose the cheapest allowed option per draw; missing capability, where unavoidable, comes before cost.

    Args:
        weighed_usd: cost after the preference for control inside the close-call band, shape (options, draws).
        shortfall: classes of capability missing, shape (options, draws), zero where adequate.
    """
    allowed, broken = relax(gated)
    keys = np.where(allowed, weighed_usd + shortfall * _SHORTFALL_USD, np.inf)
    index = np.argmin(keys, axis=0).astype(np.int64)
    index[~allowed.any(axis=0)] = NOTHING
    return Winners(index, broken, allowed)


def shares(winners: npt.NDArray[np.int64], labels: Sequence[str]) -> dict[str, float]:
    """Return the share of draws that each label wins, largest first; '' stands for nothing."""
    names = np.array([*labels, ""])[winners]
    found, counts = np.unique(names, return_counts=True)
    pairs = sorted(zip(found.tolist(), counts.tolist(), strict=True), key=lambda p: (-p[1], p[0]))
    return {name: count / len(winners) for name, count in pairs}
