"""Turns an evaluation into a verdict, its fall-back and the table of options. It draws and costs nothing."""

import numpy as np

from tools.assessment import Clarity, Fallback, MoneyRange, ServerSizing, Verdict
from tools.assumptions import assumption
from tools.bills import bill_of
from tools.capability import capability_of
from tools.choose import NOTHING, shares
from tools.draws import Floats, Mask
from tools.evaluate import Evaluation
from tools.hardware import Capacity
from tools.levels import enough_level
from tools.options import Option
from tools.reasons import cheapest_rival, reasons_for
from tools.sizing import GIB

_ROUTINE_NEED = 0.5  # up to here a small model is enough, and a miss shows
_NEAR_NEED = 0.25  # levels under the need at which the low end still counts as near


def choose_option(evaluation: Evaluation) -> int | None:
    """Return the best option of the deployment that wins most often; None where mostly nothing passes."""
    return choose_within(evaluation, np.ones(evaluation.draws.count, dtype=bool))


def choose_within(evaluation: Evaluation, inside: Mask) -> int | None:
    """Return what `choose_option` returns, looking only at some of the draws.

    Within the deployment it is, of the options that pass about as often as any, the one with the lowest mean cost,
    where a draw in which an option does not pass counts as a multiple of the best that does.
    """
    if not np.any(evaluation.volume.requests_per_month > 0):
        return None  # there is nothing to run
    index = evaluation.winners.index[inside]
    won = index[index != NOTHING]
    if len(won) * 2 < len(index):
        return None
    codes = evaluation.deployment_codes
    deployment = np.bincount(codes[won]).argmax()
    candidates = np.flatnonzero(codes == deployment)
    passing = evaluation.winners.allowed[np.ix_(candidates, inside)].mean(axis=1)
    candidates = candidates[passing >= passing.max() * assumption("passing_share").number]
    means = evaluation.penalised_usd[np.ix_(candidates, inside)].mean(axis=1)
    return int(candidates[means.argmin()])


def deployment_share(evaluation: Evaluation, deployment: str) -> float:
    """Return the share of all draws in which a deployment wins."""
    found = shares(evaluation.winners.index, [option.deployment for option in evaluation.options])
    return found.get(deployment, 0.0)


def money(usd: Floats, count: int) -> MoneyRange | None:
    """Return the range of an amount over the draws; None where it is not known in any."""
    finite = np.broadcast_to(usd, (count,))
    finite = finite[np.isfinite(finite)]
    if len(finite) == 0:
        return None
    low, high = np.percentile(finite, [5, 95])
    return MoneyRange(float(low), float(finite.mean()), float(high))


def make_verdict(evaluation: Evaluation) -> Verdict:
    """Say where the workload should run, how clear that is, and why."""
    chosen = choose_option(evaluation)
    if chosen is None:
        text = "No option in the catalogue passes the gates that your facts set; see what rules each one out."
        if not np.any(evaluation.volume.requests_per_month > 0):
            text = "There are no requests, so there is nothing to run."
        return Verdict("no_llm", "", "", "", "undetermined", 0.0, None, None, (text,))
    option = evaluation.on_hardware(chosen)
    probability = deployment_share(evaluation, option.deployment)
    usd = bill_of(option, evaluation.volume, evaluation.draws, evaluation.on).total_usd
    return Verdict(
        deployment=option.deployment,
        model=option.model,
        provider=option.provider,
        hardware=hardware_text(evaluation, option),
        clarity=_clarity(evaluation, chosen, probability),
        probability=round(probability, 3),
        monthly_usd=money(usd, evaluation.draws.count),
        fallback=_fallback(evaluation, chosen),
        reasons=reasons_for(evaluation, chosen, probability),
        sizing=tuple(_sizing(evaluation, leg) for leg in (option, *option.legs) if _fits(evaluation, leg)),
    )


def _fits(evaluation: Evaluation, option: Option) -> bool:
    """Say whether an option has own servers that hold the usual request."""
    return option.server is not None and bool(np.isfinite(np.median(evaluation.capacity(option).most_replicas)))


def _sizing(evaluation: Evaluation, option: Option) -> ServerSizing:
    assert option.server is not None
    server, capacity = option.server, evaluation.capacity(option)
    utilisation = assumption("target_utilisation").number
    peak = np.asarray(evaluation.volume.peak_requests_per_second)
    growth = evaluation.volume.growth_factors.max(axis=0)
    busy = capacity.busy_first_month * growth
    with np.errstate(divide="ignore", invalid="ignore"):
        seconds = np.where(peak > 0, busy * utilisation / peak, 0.0)
    return ServerSizing(
        model=option.model,
        accelerator=server.accelerator.id,
        accelerators_per_replica=server.count,
        precision=server.precision,
        weights_gib=round(server.replica.weights / GIB, 1),
        memory_gib=server.count * server.accelerator.memory_gb,
        peak_requests_per_second=_median(peak),
        seconds_per_request=_median(seconds),
        utilisation=utilisation,
        busy_replicas=_median(busy),
        spare_replicas=int(assumption("spare_replicas").number),
        replicas=int(np.median(capacity.most_replicas)),
        stream_tokens_per_second=_median(capacity.stream),
        first_token_seconds=_median(capacity.first_token_seconds),
        source=server.speed_source,
    )


def _median(values: Floats) -> float:
    """Return the median over the draws to four digits."""
    return float(f"{float(np.median(values)):.4g}")


def _clarity(evaluation: Evaluation, chosen: int, probability: float) -> Clarity:
    if probability < assumption("undetermined_probability").number:
        return "undetermined"
    rival = cheapest_rival(evaluation, chosen)
    band = 1 + assumption("close_call_band").number
    near = rival is not None and evaluation.mean_usd[rival] <= evaluation.mean_usd[chosen] * band
    sure = rival is None or _surely_able(evaluation, chosen)
    clear = probability >= assumption("clear_probability").number and not near and sure
    return "clear" if clear else "close_call"


def _surely_able(evaluation: Evaluation, chosen: int) -> bool:
    """Say whether the chosen models reach the need even at the low end of what is known of them."""
    task = str(evaluation.draws.known.get("task", ""))
    if not task or {"flagship_score", "open_score"} <= set(evaluation.draws.known):
        return True
    option = evaluation.options[chosen]
    strongest = (option.legs or (option,))[-1]
    needed = float(np.median(enough_level(evaluation.draws)))
    return needed <= _ROUTINE_NEED or capability_of(strongest.model, task, evaluation.on).low >= needed - _NEAR_NEED


def _fallback(evaluation: Evaluation, chosen: int) -> Fallback | None:
    """Return the cheapest option of another lineage that passes the hard gates, if possible as able and independent."""
    mine = evaluation.options[chosen]
    steps = evaluation.steps.mean(axis=1)
    passing = (evaluation.hard.mean(axis=1) > 0.5) & np.isfinite(evaluation.mean_usd)
    ranked = [
        other
        for i in np.argsort(evaluation.weighed_usd.mean(axis=1), kind="stable")
        if passing[i] and (other := evaluation.options[i]).lineage != mine.lineage and not other.legs
    ]
    lacking = {id(o): max(float(lack - steps[chosen]), 0.0) for o, lack in zip(evaluation.options, steps, strict=True)}
    if not ranked:
        return None
    # As able as can be had, then somebody else's, then cheap; half a step is within the error of the levels.
    best = min(ranked, key=lambda o: (max(lacking[id(o)] - 0.5, 0.0), o.provider == mine.provider))
    return Fallback(best.deployment, best.model, best.lineage)


def hardware_text(evaluation: Evaluation, option: Option) -> str:
    """Say how many of which accelerators, for the median draw of the busiest month; empty for an API."""
    parts = [_server_text(evaluation, leg) for leg in (option, *option.legs) if leg.server is not None]
    return "; ".join(parts)


def _server_text(evaluation: Evaluation, option: Option) -> str:
    return replicas_text(option, evaluation.capacity(option))


def replicas_text(option: Option, capacity: Capacity) -> str:
    """Say how many accelerators a capacity takes in the median draw; empty where the model does not fit."""
    assert option.server is not None
    most = np.median(capacity.most_replicas)
    if not np.isfinite(most):
        return ""
    spare = int(assumption("spare_replicas").number)
    return (
        f"{int(most) * option.server.count} x {option.server.accelerator.id} ({option.server.precision}; "
        f"{int(most)} replicas of {option.server.count}, {spare} of them spare)"
    )
