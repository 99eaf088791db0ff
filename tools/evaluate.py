"""Evaluates all options of one workload over all draws: gates, costs, winners. It explains nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumption
from tools.choose import Gated, Winners, pick_winners
from tools.draws import Draws, Floats, Mask, draw_facts
from tools.facts import Fact
from tools.gates import gates
from tools.hardware import Capacity, capacity_of
from tools.hybrids import Field, Routers, propose_routers
from tools.latency import api_too_slow
from tools.levels import Steps, shortfalls
from tools.option_set import OptionSet, option_set
from tools.options import Option
from tools.preferences import preferences
from tools.running_costs import RunningCosts, people_matrix, running_costs
from tools.server_columns import columns_of
from tools.volume import Volume, resolve_volume


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Everything computed for one workload; matrices have shape (options, draws).

    `options` are the kinds of the option set and, after them, the routers put together for this workload.
    `weighed_usd` is the cost after the preferences inside the band; `penalised_usd` the same where an option is
    adequate, and more than the best cost where it is not. `monthly_usd` is infinite where an option has no known
    price. `best_server` is the cheapest of the option's servers in each draw, -1 for APIs. `steps` of capability are
    missing.
    """

    on: date
    draws: Draws
    volume: Volume
    option_set: OptionSet
    options: tuple[Option, ...]
    deployment_codes: npt.NDArray[np.int64]
    monthly_usd: Floats
    weighed_usd: Floats
    penalised_usd: Floats
    best_server: npt.NDArray[np.int64]
    steps: Steps
    blocked: Mapping[str, Mask]
    hard: Mask
    winners: Winners

    @property
    def mean_usd(self) -> Floats:
        """The mean cost of each option over the draws in which its price is known; infinite without one."""
        known = np.isfinite(self.monthly_usd)
        sums = np.where(known, self.monthly_usd, 0.0).sum(axis=1)
        counts = known.sum(axis=1)
        return np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)

    @property
    def mostly_allowed(self) -> Mask:
        """Which options pass the gates in more than half of the draws."""
        return np.asarray(self.winners.allowed.mean(axis=1) > 0.5)

    def capacity(self, option: Option) -> Capacity:
        """Return the replicas and speed of an option's own server."""
        assert option.server is not None
        return capacity_of(columns_of((option.server,)), self.volume, self.draws)

    def on_hardware(self, index: int) -> Option:
        """Return an option with the servers that are cheapest in most of the draws it wins, or in most of all."""
        option = self.options[index]
        if option.legs:
            legs = tuple(self._leg_on_hardware(leg) for leg in option.legs)
            return replace(option, legs=legs)
        row = self.server_row(index)
        return option if row < 0 else self.option_set.on_server(row)

    def server_row(self, index: int) -> int:
        """Return the server that `on_hardware` runs an option on; -1 for APIs and routers."""
        won = self.winners.index == index
        rows = self.best_server[index][won] if won.any() else self.best_server[index]
        return -1 if rows[0] < 0 else int(np.bincount(rows).argmax())

    def _leg_on_hardware(self, leg: Option) -> Option:
        if leg.server is None:
            return leg
        rows = self.best_server[self.options.index(leg)]
        return self.option_set.on_server(int(np.bincount(rows).argmax()))


def evaluate(facts: Mapping[str, Fact], on: date, count: int, seed: int) -> Evaluation:
    """Evaluate one workload on a date with `count` draws of what is unknown."""
    return evaluate_draws(draw_facts(facts, count, seed), on)


def evaluate_draws(draws: Draws, on: date, *, lean: bool = False) -> Evaluation:
    """Evaluate one workload, or variants of it that share what is known by name, over given draws.

    A `lean` evaluation leaves out own servers that cannot be chosen: the winners are the same, the table of options
    is not complete.
    """
    volume, options = resolve_volume(draws), option_set(on)
    steps = shortfalls(options.kinds, options.levels, draws)
    judged = {judged.rule: judged.mask(draws) for judged in options.judged}
    running = running_costs(options, volume, draws, _eligible(options, judged, steps) if lean else None)
    blocked = _blocked(options, judged, running, draws)
    blocked["capability"] = steps > 0
    hard = _hard(blocked, np.isfinite(running.monthly_usd))
    below = assumption("router_level_below").number
    field = Field(options, running.monthly_usd, hard, steps, shortfalls(options.kinds, options.levels, draws, below))
    routers = propose_routers(field, volume, draws)
    monthly = np.concatenate([running.monthly_usd + people_matrix(options, draws), routers.monthly_usd])
    return _decide(draws, volume, on, options, running, routers, monthly, _with_routers(blocked, routers), steps)


def _eligible(options: OptionSet, judged: Mapping[str, Mask], steps: Steps) -> Mask:
    """Say which kinds could be chosen: those that pass the hard gates and, on own servers, lack least."""
    passing = _hard({**judged}, np.ones(steps.shape, bool))
    own = np.zeros((len(options.kinds), 1), bool)
    own[options.server_kinds] = True
    least = np.where(passing & own, steps, np.iinfo(np.int64).max).min(axis=0)
    router_easy = steps <= round(assumption("router_level_below").number / assumption("capability_step").number)
    return np.asarray(passing & np.where(own, (steps == least) | router_easy, True))


def _decide(
    draws: Draws,
    volume: Volume,
    on: date,
    options: OptionSet,
    running: RunningCosts,
    routers: Routers,
    monthly: Floats,
    blocked: dict[str, Mask],
    steps: Steps,
) -> Evaluation:
    everything = (*options.kinds, *routers.options)
    levels = np.concatenate([options.levels, options.levels[np.array([pair[1] for pair in routers.rows], np.int64)]])
    steps = np.concatenate([steps, routers.steps])
    hard = _hard(blocked, np.isfinite(monthly))
    soft = {gate.rule: ~blocked[gate.rule] for gate in gates() if not gate.hard}
    weighed = monthly * (1 - assumption("close_call_band").number * preferences(everything, levels, draws, on))
    winners = pick_winners(Gated(hard, soft), weighed, steps)
    nowhere = np.full((len(routers.options), draws.count), -1, np.int64)
    names = sorted({option.deployment for option in everything})
    return Evaluation(
        on=on,
        draws=draws,
        volume=volume,
        option_set=options,
        options=everything,
        deployment_codes=np.array([names.index(option.deployment) for option in everything]),
        monthly_usd=monthly,
        weighed_usd=weighed,
        penalised_usd=_penalised(winners.allowed, steps, weighed),
        best_server=np.concatenate([running.best_server, nowhere]),
        steps=steps,
        blocked=blocked,
        hard=hard,
        winners=winners,
    )


def _blocked(options: OptionSet, judged: Mapping[str, Mask], running: RunningCosts, draws: Draws) -> dict[str, Mask]:
    """Return, per rule, which kinds are blocked in which draws; capability is still to be added."""
    blocked = dict(judged)
    blocked["context_length"] = blocked["context_length"] | running.unfit
    slow, hopeless = api_too_slow(options.kinds, draws)
    blocked["latency"], blocked["latency_floor"] = running.slow | slow, running.hopeless | hopeless
    return blocked


def _with_routers(blocked: Mapping[str, Mask], routers: Routers) -> dict[str, Mask]:
    """Add rows for the routers: blocked where one of their legs is; capability is that of the pair."""
    easy, flagship = (np.array([pair[i] for pair in routers.rows], np.int64) for i in (0, 1))
    whole = {rule: np.concatenate([mask, mask[easy] | mask[flagship]]) for rule, mask in blocked.items()}
    whole["capability"] = np.concatenate([blocked["capability"], routers.steps > 0])
    return whole


def _hard(blocked: Mapping[str, Mask], priced: Mask) -> Mask:
    hard = priced.copy()
    for gate in gates():
        if gate.hard and gate.rule in blocked:
            hard &= ~blocked[gate.rule]
    return hard


def _penalised(allowed: Mask, shortfall: Steps, weighed: Floats) -> Floats:
    """Return the weighed cost, or a multiple of the draw's best where an option does not pass or lacks capability."""
    lacking = np.where(allowed, shortfall, np.inf)
    adequate = allowed & (lacking == lacking.min(axis=0))
    best = np.where(adequate, weighed, np.inf).min(axis=0)
    known = np.where(np.isfinite(best), best, 0.0)
    return np.where(adequate, weighed, known * assumption("second_choice_factor").number)
