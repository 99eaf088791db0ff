"""How the monthly cost of the ways to run a workload changes with its volume. It chooses nothing and draws nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tools.assess import DRAWS, facts_of
from tools.assessment import Deployment
from tools.assumptions import assuming
from tools.bills import bill_of
from tools.draws import Floats
from tools.errors import UnknownName
from tools.evaluate import Evaluation, evaluate
from tools.facts import Portfolio, Workload
from tools.gates import gates
from tools.options import Option
from tools.verdict import choose_option
from tools.workload_break_even import compared, workload_break_even

# Volumes from a hundredth to a hundred times today's, wider where the break-even lies further out.
_LEAST, _MOST, _POINTS = 0.01, 100.0, 17
_BAND = (5, 95)


@dataclass(frozen=True, slots=True)
class CostCurve:
    """One concrete way to run the workload: US dollars a month at each volume, as percentiles over the draws.

    `open` says that no rule forbids it today; `chosen` that it is the verdict's; `compared` that the
    break-even is that of this line and another.
    """

    deployment: Deployment
    model: str
    place: str
    low_usd: tuple[float, ...]
    expected_usd: tuple[float, ...]
    high_usd: tuple[float, ...]
    open: bool
    chosen: bool
    compared: bool


@dataclass(frozen=True, slots=True)
class RuledOutKind:
    """A deployment of which no option passes today, with the rule that most of them fail."""

    deployment: Deployment
    reason: str


@dataclass(frozen=True, slots=True)
class CostCurves:
    """The curves of one workload over `tokens_per_month`; today's volume is a range (5th, mean, 95th percentile).

    `break_even_tokens` is the verdict's break-even in tokens a month, None where there is none; `break_even_reason`
    says how it comes about, or why there is none.
    """

    workload: str
    tokens_per_month: tuple[float, ...]
    curves: tuple[CostCurve, ...]
    today_tokens: tuple[float, float, float]
    break_even_tokens: float | None
    break_even_reason: str
    ruled_out: tuple[RuledOutKind, ...]


def cost_curves(portfolio: Portfolio, name: str, as_of: date, *, seed: int = 0) -> CostCurves:
    """Cost a workload's choice, its break-even pair and the best of each other kind over a range of volumes.

    Raises:
        UnknownName: there is no workload of that name.
    """
    workload = workload_of(portfolio, name)
    with assuming(portfolio.assumptions):
        evaluation = evaluate(facts_of(portfolio.organization, workload), as_of, DRAWS, seed)
        point = workload_break_even(evaluation)
        today = evaluation.volume.first_month_tokens
        tokens = _volumes(float(np.mean(today)), point.tokens_per_month)
        return CostCurves(
            workload=name,
            tokens_per_month=tuple(tokens.tolist()),
            curves=tuple(_curves(evaluation, tokens)),
            today_tokens=_range(np.broadcast_to(today, (evaluation.draws.count,))),
            break_even_tokens=point.tokens_per_month,
            break_even_reason=point.reason,
            ruled_out=tuple(_ruled_out(evaluation)),
        )


def workload_of(portfolio: Portfolio, name: str) -> Workload:
    """Return a workload by its name, or say which names there are."""
    for workload in portfolio.workloads:
        if workload.name == name:
            return workload
    raise UnknownName.of("workload", name, [workload.name for workload in portfolio.workloads])


def _volumes(today: float, break_even: float | None) -> Floats:
    """Return volumes on a logarithmic scale that hold today's and the break-even with room on both sides."""
    if today <= 0:
        return np.zeros(0)
    low, high = today * _LEAST, today * _MOST
    if break_even is not None and break_even > 0:
        low, high = min(low, break_even / 10), max(high, break_even * 10)
    below = np.geomspace(low, today, _POINTS // 2 + 1)
    return np.concatenate([below, np.geomspace(today, high, _POINTS // 2 + 1)[1:]])


def _curves(evaluation: Evaluation, tokens: Floats) -> Iterator[CostCurve]:
    if len(tokens) == 0:
        return
    chosen, pair = choose_option(evaluation), compared(evaluation) or ()
    for option, index in _representatives(evaluation, chosen, pair):
        usd = [_usd(evaluation, option, tokens_wanted) for tokens_wanted in tokens]
        known = [amounts[np.isfinite(amounts)] for amounts in usd]
        if any(len(amounts) == 0 for amounts in known):
            continue
        ranges = [_range(amounts) for amounts in known]
        yield CostCurve(
            deployment=option.deployment,
            model=option.model,
            place=_place(option),
            low_usd=tuple(low for low, _, _ in ranges),
            expected_usd=tuple(mean for _, mean, _ in ranges),
            high_usd=tuple(high for _, _, high in ranges),
            open=bool(evaluation.mostly_allowed[_index_of(evaluation, option)]),
            chosen=index == chosen,
            compared=option in pair,
        )


def _usd(evaluation: Evaluation, option: Option, tokens: float) -> Floats:
    """Return the cost per draw at a mean volume of so many tokens in the first month."""
    factor = np.asarray(tokens / float(np.mean(evaluation.volume.first_month_tokens)))
    volume = evaluation.volume.scaled(factor)
    total = bill_of(option, volume, evaluation.draws, evaluation.on).total_usd
    return np.broadcast_to(total, (evaluation.draws.count,))


def _representatives(evaluation: Evaluation, chosen: int | None, pair: Sequence[Option]) -> list[tuple[Option, int]]:
    """Return the choice, the pair of the break-even, and the cheapest that passes of every other deployment."""
    found: list[tuple[Option, int]] = []
    if chosen is not None:
        found.append((evaluation.on_hardware(chosen), chosen))
    for option in pair:
        # The break-even is that of this very server: beside it, the choice may run on another one.
        if all(option != other for other, _ in found):
            index = _index_of(evaluation, option)
            found.append((option, -1 if index == chosen else index))
    allowed, means = evaluation.mostly_allowed, evaluation.mean_usd
    for index in np.argsort(means, kind="stable"):
        place = int(index)
        deployment = evaluation.options[place].deployment
        drawn = any(option.deployment == deployment for option, _ in found)
        if allowed[place] and np.isfinite(means[place]) and not drawn:
            found.append((evaluation.on_hardware(place), place))
    return found


def _index_of(evaluation: Evaluation, wanted: Option) -> int:
    same = (
        index
        for index, option in enumerate(evaluation.options)
        if (option.deployment, option.model, option.provider) == (wanted.deployment, wanted.model, wanted.provider)
    )
    return next(same, -1)


def _ruled_out(evaluation: Evaluation) -> Iterator[RuledOutKind]:
    allowed = evaluation.mostly_allowed
    for deployment in dict.fromkeys(option.deployment for option in evaluation.options):
        members = np.array([option.deployment == deployment for option in evaluation.options])
        if allowed[members].any():
            continue
        shares = {gate.rule: float(evaluation.blocked[gate.rule][members].mean()) for gate in gates()}
        worst = max(gates(), key=lambda gate: shares[gate.rule])
        if shares[worst.rule] > 0:
            yield RuledOutKind(deployment, worst.text)


def _place(option: Option) -> str:
    if option.server is not None:
        return f"{option.server.count} x {option.server.accelerator.id}"
    return option.provider


def _range(amounts: Sequence[float] | Floats) -> tuple[float, float, float]:
    low, high = np.percentile(amounts, _BAND)
    return float(low), float(np.mean(amounts)), float(high)
