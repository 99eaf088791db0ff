"""The engine's own functions in plain loops: one option and one draw at a time. It measures nothing.

This is what evaluating a workload costs without matrices: per draw, every rule is asked about every option, every
server of every option is billed, and the best option is picked. A sample is timed, for the whole would take hours.
"""

import time
from collections.abc import Sequence
from datetime import date

import numpy as np

from tools.assumptions import assumption
from tools.bills import bill_of
from tools.draws import Draws
from tools.evaluate import Evaluation
from tools.gates import Judged, judged_rules
from tools.levels import shortfalls
from tools.option_set import OptionSet
from tools.options import Option
from tools.preferences import preferences
from tools.volume import Volume, resolve_volume

Rules = dict[int, tuple[Judged, ...]]


def servers_of(options: OptionSet, kind: int) -> Sequence[Option]:
    """Return the ways to run one kind of option: its servers, or the API itself."""
    found = np.flatnonzero(options.server_kinds == kind)
    if len(found) == 0:
        return (options.kinds[kind],)
    return [options.on_server(row) for row in range(options.starts[found[0]], options.ends[found[0]])]


def rules_of(options: OptionSet, kinds: Sequence[int]) -> Rules:
    """Prepare the rules of each kind alone."""
    return {kind: judged_rules((options.kinds[kind],)) for kind in kinds}


def evaluate_kind(options: OptionSet, kind: int, rules: Rules, volume: Volume, draw: Draws, on: date) -> float:
    """Judge, level, bill and weigh one kind in one draw; return its cheapest bill in US dollars a month."""
    option, levels = options.kinds[kind], options.levels[kind : kind + 1]
    for judged in rules[kind]:
        judged.mask(draw)
    shortfalls((option,), levels, draw)
    usd = min(float(bill_of(server, volume, draw, on).total_usd.min()) for server in servers_of(options, kind))
    worth = preferences((option,), levels, draw, on)[0, 0]
    assert usd * (1 - assumption("close_call_band").number * float(worth)) <= usd * 2
    return usd


def seconds_per_draw(evaluation: Evaluation, kinds: Sequence[int], draws: Sequence[int]) -> float:
    """Time some kinds in some draws, and scale by servers up to all options: seconds for one draw of all.

    A kind's bills have to agree with the evaluation's own matrix: it is the same sum.
    """
    options = evaluation.option_set
    rules = rules_of(options, kinds)
    seconds = 0.0
    for number in draws:
        draw = evaluation.draws.part(slice(number, number + 1))
        start = time.perf_counter()
        volume = resolve_volume(draw)
        bills = [evaluate_kind(options, kind, rules, volume, draw, evaluation.on) for kind in kinds]
        seconds += time.perf_counter() - start
        _compare(evaluation, kinds, number, bills)
    billed = sum(len(servers_of(options, kind)) for kind in kinds)
    return seconds / len(draws) * (len(options.servers) + len(options.api_rows)) / billed


def _compare(evaluation: Evaluation, kinds: Sequence[int], number: int, bills: Sequence[float]) -> None:
    ours = evaluation.monthly_usd[list(kinds), number]
    quick = ~evaluation.blocked["latency"][list(kinds), number]  # where latency is asked for, the cheapest may miss it
    apis = np.array([evaluation.option_set.kinds[kind].server is None for kind in kinds])
    np.testing.assert_allclose(np.array(bills)[apis], ours[apis], rtol=1e-9)
    assert (np.array(bills)[quick] <= ours[quick] * (1 + 1e-9)).all()


def sample_of(evaluation: Evaluation, count: int) -> list[int]:
    """Return kinds spread evenly over the option set."""
    return [int(kind) for kind in np.unique(np.linspace(0, len(evaluation.option_set.kinds) - 1, count).astype(int))]
