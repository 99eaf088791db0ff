"""The exact search: a relaxation, what it rules out, and HiGHS on what is left. It knows arrays, not workloads.

A choice is ruled out when the relaxation with it costs at least as much as a plan already found; so the cheaper
of that plan and the best of what is left is the optimum. All limits count branches or rounds: the same programme
gives the same plan on every machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tools.portfolio_arrays import MICRO, Floats, Ints, ProgramArrays
from tools.portfolio_greedy import best_assignment, improve, penalised_usd
from tools.portfolio_highs import Relaxed, branch, relax
from tools.portfolio_matrix import Programme, programme_of, with_heavy
from tools.portfolio_tighten import boxes, probe_pools, rule_out, with_cells, with_steps

PROVEN_GAP = 1e-6
NODES = 400
_SAFETY = 1e-6
_HEAVY_ROUNDS = 4
_ROUNDS = 4
_WORTH = 0.95
_FIRST_COLUMNS, _CORE_COLUMNS = 400, 800
_CORE_NODES, _CORE_GAP = 20, 1e-4
_NEAR = 0.05
_CELLS = 6
_LARGE = 0.002
_FINAL, _FEW = 0.001, 600
_PLAIN = 2


@dataclass(frozen=True, slots=True)
class Found:
    """The best assignment found, its cost, and a proven lower bound on any; None where there is none."""

    assignment: Ints | None
    usd: float
    bound_usd: float

    @property
    def gap(self) -> float:
        """The share of the cost that a better plan could at most save."""
        if self.usd <= self.bound_usd:
            return 0.0
        return (self.usd - self.bound_usd) / self.usd


def search(arrays: ProgramArrays, pools_at_most: int | None, nodes: int = NODES) -> Found:
    """Find the cheapest assignment.

    Args:
        nodes: the most branches of each search by HiGHS.
    """
    if not len(arrays.api_usd):
        return Found(np.zeros(0, dtype=np.int64), 0.0, 0.0)
    return _Search(arrays, pools_at_most, nodes).run()


class _Search:
    """One search: the plain programme with its limits, the best assignment so far, and the bound known so far."""

    def __init__(self, arrays: ProgramArrays, pools_at_most: int | None, nodes: int) -> None:
        self.arrays, self.pools_at_most, self.nodes = arrays, pools_at_most, nodes
        self.plain = programme_of(arrays, pools_at_most)
        self.tight = self.plain
        self.best: Ints | None = None
        self.pools: set[int] = set()
        self.usd, self.known = np.inf, -np.inf

    def run(self) -> Found:
        """Relax, rule out, and branch on what is left."""
        relaxed = self._start()
        if relaxed is None:
            return self._found(np.inf)
        self.best, self.usd = best_assignment(self.arrays, self._rounded(relaxed.values), self.pools_at_most)
        rule_out(self.plain, relaxed, self.usd)
        if not self._ended(relaxed):
            probe_pools(self.plain, self.usd)
            self._core(self.plain, relaxed, _FIRST_COLUMNS)
            last = self._rounds()
            if last is not None and not self._ended(last):
                self._branch(last)
        return self._found(self.known)

    def _found(self, bound: float) -> Found:
        return Found(self.best, self.usd, min(bound, self.usd))

    def _ended(self, relaxed: Relaxed | None) -> bool:
        """Take note of a bound; return whether it proves the best assignment."""
        bound = np.inf if relaxed is None else relaxed.bound
        self.known = max(self.known, min(bound, self.usd))
        return self.best is not None and self.usd - self.known <= PROVEN_GAP * self.usd

    def _start(self) -> Relaxed | None:
        """Relax, and add the rows of heavy workloads that the relaxation breaks."""
        relaxed = relax(self.plain)
        for _ in range(_HEAVY_ROUNDS):
            more = self.plain if relaxed is None else with_heavy(self.arrays, self.plain, relaxed.values)
            if more is self.plain:
                break
            self.plain = self.tight = more
            relaxed = relax(more)
        return relaxed

    def _rounds(self) -> Relaxed | None:
        """Rule out, in rounds, with ever tighter planes under the staircases; None where that proves the best."""
        relaxed = relax(self.plain)
        for _ in range(_ROUNDS):
            if self._ended(relaxed) or relaxed is None:
                return None
            before, new = self.usd - self.known, self._note_pools(relaxed.values)
            self.tight = shaped = self._shaped({})
            relaxed = relax(shaped)
            if self._ended(relaxed) or relaxed is None:
                return None
            rule_out(shaped, relaxed, self.usd)
            decided = self._decided()
            probe_pools(shaped, self.usd)
            self._keep_limits(shaped)
            if self.usd - self.known > _WORTH * before and not new and self._decided() == decided:
                break
        if relaxed is None:
            return None
        self._core(shaped, relaxed, _CORE_COLUMNS)
        rule_out(shaped, relaxed, self.usd)
        self._keep_limits(shaped)
        return relaxed

    def _decided(self) -> int:
        """Return how many pools are open or closed for good."""
        pools = slice(self.plain.pool_column, self.plain.pool_column + len(self.arrays.pools.keys))
        return int((self.plain.lower[pools] == self.plain.upper[pools]).sum())

    def _note_pools(self, values: Floats) -> bool:
        """Take note of the pools to be shaped, at first those used, then all left; return whether one is new."""
        at = slice(self.plain.pool_column, self.plain.pool_column + len(self.arrays.pools.keys))
        pools = set(np.flatnonzero(self.plain.upper[at] > 0).tolist()) if self.pools else set(self._used(values))
        new = not pools <= self.pools
        self.pools = pools
        return new

    def _used(self, values: Floats) -> list[int]:
        """Return the pools that a relaxation uses."""
        start = self.plain.pool_column
        return [int(p) for p in np.flatnonzero(values[start : start + len(self.arrays.pools.keys)] > 1e-6)]

    def _shaped(self, cells: Mapping[int, int]) -> Programme:
        """Return the plain programme with steps and cells for the pools that some relaxation used."""
        pools = sorted(self.pools)
        found = list(boxes(self.arrays, self.tight, pools, self.usd))
        self._keep_limits(self.tight)
        stepped = with_steps(self.arrays, self.plain, pools, self.usd)
        return with_cells(self.arrays, stepped, found, cells)

    def _keep_limits(self, other: Programme) -> None:
        """Take over the limits of an extended programme's first columns."""
        size = len(self.plain.cost)
        self.plain.lower[:], self.plain.upper[:] = other.lower[:size], other.upper[:size]

    def _branch(self, relaxed: Relaxed) -> None:
        """Let HiGHS branch on cells and pools alone for a bound, then on everything that is left."""
        self.pools = set(self._used(relaxed.values))  # the rest would only slow HiGHS down
        full = self._shaped(dict.fromkeys(self.pools, _CELLS))
        size = len(self.plain.cost)
        coarsely = bool(full.whole[size:].any())
        if coarsely:
            whole = full.whole.copy()
            whole[: full.pool_column] = whole[full.block_column : size] = 0
            whole[len(self.arrays.api_usd) : full.pool_column] = self._large()
            coarse = branch(replace(full, whole=whole), self.nodes)
            self.known = max(self.known, min(np.inf if coarse.empty else coarse.bound, self.usd))
            if coarse.values is not None:
                self._within_cell(full, whole, coarse.values)
        gap, left = self.usd - self.known, int((self.plain.lower < self.plain.upper).sum())
        if gap <= PROVEN_GAP * self.usd or (coarsely and gap > _FINAL * self.usd and left > _FEW):
            return
        final = branch(full, self.nodes * (1 if coarsely else _PLAIN))
        self._try(final.values)
        self.known = max(self.known, min(np.inf if final.empty else final.bound, self.usd))

    def _large(self) -> Floats:
        """Return 1 for each pair of workload and pool whose replicas alone are a good part of the whole, else 0."""
        mean = self.arrays.load.mean(axis=2) / MICRO * self.arrays.pools.replica_usd
        large = mean[self.plain.pair_workload, self.plain.pair_pool] > _LARGE * self.usd
        return np.where(large, 1.0, 0.0)

    def _within_cell(self, programme: Programme, whole: Floats, values: Floats) -> None:
        """Search for a better assignment with the pools and cells that a coarse search has chosen."""
        lower, upper = programme.lower.copy(), programme.upper.copy()
        fixed = whole > 0
        lower[fixed] = upper[fixed] = np.round(values[fixed])
        inside = replace(programme, lower=lower, upper=upper)
        relaxed = relax(inside)
        if relaxed is not None:
            self._core(inside, relaxed, _CORE_COLUMNS)

    def _core(self, programme: Programme, relaxed: Relaxed, columns: int) -> None:
        """Search only choices that a relaxation finds nearly as good as its own; proves nothing."""
        whole = programme.whole > 0
        away = np.sort(np.abs(relaxed.reduced[whole]))
        most = away[min(columns, away.size - 1)]
        room = min(_NEAR * max(self.usd - relaxed.bound, 0.0), most) if np.isfinite(self.usd) else np.inf
        core = replace(programme, lower=programme.lower.copy(), upper=programme.upper.copy())
        off = whole & (np.abs(relaxed.reduced) > room)
        core.lower[off] = core.upper[off] = np.round(relaxed.values[off])
        self._try(branch(core, _CORE_NODES, _CORE_GAP).values)

    def _try(self, values: Floats | None) -> None:
        """Keep the assignment that some values tell, moved about where pools are not limited, if it is cheaper."""
        if values is None:
            return
        found = [self._rounded(values)]
        if self.pools_at_most is None:
            found.append(improve(self.arrays, found[0]))
        for other in found:
            cost = penalised_usd(self.arrays, other, self.pools_at_most)
            if cost < self.usd - _SAFETY or self.best is None:
                self.best, self.usd = other, cost

    def _rounded(self, values: Floats) -> Ints:
        """Return for each workload the choice with the largest value in a solution of the programme."""
        workloads = len(self.arrays.api_usd)
        shares = np.zeros(self.arrays.allowed.shape)
        shares[self.plain.pair_workload, self.plain.pair_pool] = values[workloads : self.plain.pool_column]
        return np.asarray(np.column_stack([values[:workloads], shares]).argmax(axis=1) - 1, dtype=np.int64)
