"""Evaluates all options of one workload over all draws: gates, costs, winners. It explains nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from tools.assumptions import assumption
from tools.bills import HOURS_PER_DAY, bill_of, buys_hardware, people_items, replicas_needed
from tools.choose import Gated, Winners, pick_winners
from tools.draws import Draws, Floats, Mask, draw_facts
from tools.facts import Fact
from tools.gates import capability_shortfall, gates
from tools.option_set import OptionSet, option_set
from tools.options import Option
from tools.serving import ServerColumns
from tools.volume import Volume, resolve_volume


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything computed for one workload; matrices have shape (options, draws).

    `weighed_usd` is the cost after the preferences inside the band; `penalised_usd` the same where an option is
    adequate, and more than the best cost where it is not. `monthly_usd` is infinite where an option has no known
    price. `best_server` is the cheapest of the option's servers in each draw, -1 for APIs.
    """

    on: date
    draws: Draws
    volume: Volume
    option_set: OptionSet
    monthly_usd: Floats
    weighed_usd: Floats
    penalised_usd: Floats
    best_server: npt.NDArray[np.int64]
    blocked: Mapping[str, Mask]
    hard: Mask
    winners: Winners

    @property
    def options(self) -> tuple[Option, ...]:
        """The options, in the order of the matrices' rows."""
        return self.option_set.kinds

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

    def on_hardware(self, index: int) -> Option:
        """Return an option with the servers that are cheapest in most of the draws it wins, or in most of all."""
        won = self.winners.index == index
        rows = self.best_server[index][won] if won.any() else self.best_server[index]
        if rows[0] < 0:
            return self.options[index]
        return self.option_set.servers[int(np.bincount(rows).argmax())]


def evaluate(facts: Mapping[str, Fact], on: date, count: int, seed: int) -> Evaluation:
    """Evaluate one workload on a date with `count` draws of what is unknown."""
    draws = draw_facts(facts, count, seed)
    volume = resolve_volume(draws)
    options = option_set(on)
    monthly, best_server = _costs(options, volume, draws, on)
    blocked = {gate.rule: _rows([gate.mask(o, draws) for o in options.kinds], count) for gate in gates()}
    hard = np.isfinite(monthly)
    for gate in gates():
        if gate.hard:
            hard &= ~blocked[gate.rule]
    soft = {gate.rule: ~blocked[gate.rule] for gate in gates() if not gate.hard}
    shortfall = _rows([capability_shortfall(o, draws) for o in options.kinds], count)
    weighed = monthly * (1 - assumption("close_call_band").number * _preference(options, draws))
    winners = pick_winners(Gated(hard, soft), weighed, shortfall.astype(np.int64))
    penalised = _penalised(winners.allowed, shortfall, weighed)
    return Evaluation(on, draws, volume, options, monthly, weighed, penalised, best_server, blocked, hard, winners)


def _penalised(allowed: Mask, shortfall: npt.NDArray[np.generic], weighed: Floats) -> Floats:
    """Return the weighed cost, or a multiple of the draw's best where an option does not pass or lacks capability."""
    lacking = np.where(allowed, shortfall, np.inf)
    adequate = allowed & (lacking == lacking.min(axis=0))
    best = np.where(adequate, weighed, np.inf).min(axis=0)
    known = np.where(np.isfinite(best), best, 0.0)
    return np.where(adequate, weighed, known * assumption("second_choice_factor").number)


def _rows(rows: list[npt.NDArray[np.generic]], count: int) -> np.ndarray:
    return np.stack([np.broadcast_to(row, (count,)) for row in rows])


def _costs(options: OptionSet, volume: Volume, draws: Draws, on: date) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return US dollars per month and the cheapest server; servers are one matrix, APIs come one by one."""
    costs = np.empty((len(options.kinds), draws.count))
    best = np.full(costs.shape, -1, dtype=np.int64)
    for i, option in enumerate(options.kinds):
        if option.server is None:
            costs[i] = bill_of(option, volume, draws, on).total_usd
    if len(options.servers):
        people = sum(item.amount_usd for item in people_items(options.servers[0], draws))
        matrix = _server_costs(options.columns, volume, draws) + people
        ends = [*options.starts[1:], len(options.servers)]
        for kind, start, end in zip(options.server_kinds, options.starts, ends, strict=True):
            cheapest = matrix[start:end].argmin(axis=0)
            best[kind] = cheapest + start
            costs[kind] = np.take_along_axis(matrix[start:end], cheapest[None], axis=0)[0]
    return costs, best


def _server_costs(columns: ServerColumns, volume: Volume, draws: Draws) -> Floats:
    """Return rent or purchase, power and storage for a column of servers; the same sums as their bills."""
    replicas = replicas_needed(columns, volume) + assumption("spare_replicas").number
    gpus = replicas * columns.count
    hours = assumption("days_per_month").number * HOURS_PER_DAY
    bought = buys_hardware(draws)
    hardware = gpus * columns.usd_per_gpu_hour * hours
    if np.any(bought):
        to_buy = gpus - np.minimum(gpus, columns.owned(draws))
        purchase = np.where(to_buy > 0, to_buy * columns.purchase_usd, 0.0)
        power = gpus * columns.kilowatts * assumption("data_centre_overhead").number * hours
        own = purchase / assumption("accelerator_life_months").number + power * draws.number("electricity_price")
        hardware = np.where(bought, np.where(np.isnan(own), np.inf, own), hardware)
    total = hardware + replicas * assumption("storage_usd_per_month").number
    return np.broadcast_to(total, (len(columns.accelerators), draws.count))


def _preference(options: OptionSet, draws: Draws) -> Floats:
    """Return 0 to 1 per option and draw: what control, simplicity and a capability margin are worth inside the band."""
    weights = assumption("preferences").value
    critical = draws.is_value("criticality", "mission_critical") * weights["mission_critical"]
    core = draws.is_value("core_differentiator", "true") * weights["core_differentiator"]
    used = draws.members["existing_vendors"]
    rows = []
    for option in options.kinds:
        vendor = used.get(option.vendor.id) if option.vendor else None
        known = 0.0 if vendor is None else vendor * weights["existing_vendor"]
        simple = weights["simplicity"].get(option.deployment, 0.0)
        margin = option.tier / 2 * weights["capability_margin"]
        control = weights["control"].get(option.deployment, 0.0) * (critical + core)
        rows.append(np.minimum(control + simple + margin + known, 1.0))
    return _rows(rows, draws.count)
