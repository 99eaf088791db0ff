"""The table of all options of one workload: what each costs, line by line, or what rules it out. It decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tools.assessment import Blocker, MoneyRange, OptionResult
from tools.bill import Bill
from tools.bills import Computed, ServerUse, bill_of, use_servers
from tools.choose import NOTHING
from tools.draws import Floats
from tools.evaluate import Evaluation
from tools.gates import Gate, gates
from tools.options import Option
from tools.verdict import choose_option, hardware_text, money, replicas_text

_BRIEF = 12


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """What is computed for all rows at once."""

    token_parts_usd: Floats
    token_places: Mapping[int, int]
    servers: ServerUse | None
    server_places: Mapping[int, int]
    blocked_share: Mapping[str, Floats]


def option_table(evaluation: Evaluation, *, brief: bool = False) -> tuple[OptionResult, ...]:
    """Return one row per deployment, model and provider on its best hardware; what passes comes first.

    Args:
        brief: keep only the cheapest that pass, and of each deployment the cheapest that passes and that is blocked.
    """
    index = evaluation.winners.index
    won = np.bincount(index[index != NOTHING], minlength=len(evaluation.options)) / evaluation.draws.count
    options = [evaluation.on_hardware(i) for i in range(len(evaluation.options))]
    shared = _share(evaluation, options)
    shown = _telling(evaluation, won) if brief else range(len(options))
    rows = [_row(evaluation, i, options[i], shared, float(won[i])) for i in shown]
    rows.sort(key=lambda r: (not r.feasible, r.monthly_usd.expected if r.monthly_usd else np.inf))
    return tuple(rows)


def _telling(evaluation: Evaluation, won: Floats) -> list[int]:
    """Return the options that tell most: those that win, the cheapest, and per deployment the cheapest of each side."""
    passing = np.asarray(evaluation.winners.allowed.any(axis=1))
    ranked = [int(i) for i in np.argsort(evaluation.mean_usd, kind="stable")]
    kept = {int(i) for i in np.flatnonzero(won > 0)} | set([i for i in ranked if passing[i]][:_BRIEF])
    seen: set[tuple[str, bool]] = set()
    for i in ranked:
        side = (evaluation.options[i].deployment, bool(passing[i]))
        if side not in seen:
            seen.add(side)
            kept.add(i)
    chosen = choose_option(evaluation)
    return sorted(kept if chosen is None else kept | {chosen})


def _share(evaluation: Evaluation, options: list[Option]) -> _Shared:
    sets, kinds = evaluation.option_set, len(evaluation.option_set.kinds)
    own = [i for i in range(kinds) if options[i].server is not None]
    rows = np.array([evaluation.server_row(i) for i in own], np.int64)
    servers = use_servers(sets.columns.take(rows), evaluation.volume, evaluation.draws) if own else None
    return _Shared(
        token_parts_usd=sets.tokens.parts_usd(evaluation.volume, evaluation.draws),
        token_places={int(row): place for place, row in enumerate(sets.api_rows)},
        servers=servers,
        server_places={i: place for place, i in enumerate(own)},
        blocked_share={rule: mask.mean(axis=1) for rule, mask in evaluation.blocked.items()},
    )


def _row(evaluation: Evaluation, index: int, option: Option, shared: _Shared, won: float) -> OptionResult:
    feasible = bool(evaluation.winners.allowed[index].any())
    bill, hardware = _bill(evaluation, index, option, shared)
    return OptionResult(
        deployment=option.deployment,
        model=option.model,
        provider=option.provider,
        hardware=hardware,
        feasible=feasible,
        blockers=() if feasible else _blockers(index, shared),
        monthly_usd=_money(evaluation, index, bill, option),
        cost_lines=bill.lines(),
        share_of_draws=round(won, 3),
    )


def _bill(evaluation: Evaluation, index: int, option: Option, shared: _Shared) -> tuple[Bill, str]:
    volume, draws, on = evaluation.volume, evaluation.draws, evaluation.on
    if index in shared.server_places and shared.servers is not None:
        use = shared.servers.row(shared.server_places[index])
        return bill_of(option, volume, draws, on, Computed(server=use)), replicas_text(option, use.capacity)
    if index in shared.token_places:
        parts = shared.token_parts_usd[:, shared.token_places[index]]
        return bill_of(option, volume, draws, on, Computed(token_parts_usd=parts)), ""
    return bill_of(option, volume, draws, on), hardware_text(evaluation, option)


def _money(evaluation: Evaluation, index: int, bill: Bill, option: Option) -> MoneyRange | None:
    # The bill is for the hardware shown; the matrix takes the cheapest of each draw.
    return money(bill.total_usd if option.runs_servers else evaluation.monthly_usd[index], evaluation.draws.count)


def _blockers(index: int, shared: _Shared) -> tuple[Blocker, ...]:
    """Return the gates that block an option in every draw; where none does alone, the most frequent one."""
    certain = [gate for gate in gates() if shared.blocked_share[gate.rule][index] == 1.0]
    if not certain:
        certain = [max(gates(), key=lambda gate: float(shared.blocked_share[gate.rule][index]))]
    return tuple(_blocker(gate) for gate in certain)


def _blocker(gate: Gate) -> Blocker:
    return Blocker(gate.rule, gate.text, gate.facts, gate.source)
