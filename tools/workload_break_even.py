"""The break-even of one workload: own servers against the cheapest API that could do the work."""

from collections.abc import Sequence

import numpy as np

from tools.assessment import BreakEven, CostLine
from tools.assumptions import assumption
from tools.bills import bill_of, replicas_needed
from tools.break_even import stepwise_break_even
from tools.draws import Mask
from tools.evaluate import Evaluation
from tools.gates import gates
from tools.options import Option
from tools.volume import Volume

# Rules on the workload's own demands: an option that fails one could not do the work at all.
_ABILITY = ("context_length", "kind_of_model", "capability")


def workload_break_even(evaluation: Evaluation) -> BreakEven:
    """Compare the cheapest able own server with the cheapest able API, at the workload's own mix of tokens."""
    server = _cheapest(evaluation, external=False)
    api = _cheapest(evaluation, external=True)
    if server is None:
        return BreakEven(None, f"never: {_why_no_server(evaluation)}", "")
    if api is None:
        return BreakEven(
            None, "never: no API in the catalogue can do this work, so there is nothing to compare with", ""
        )
    against = f"{api.model.rsplit('/', 1)[-1]} ({api.provider})"
    tokens, reason = _solve(evaluation, server, api)
    if tokens is None:
        return BreakEven(None, f"{reason}.{_forbidden_note(evaluation)}", against)
    today = float(np.mean(evaluation.volume.first_month_tokens))
    thumb = assumption("rule_of_thumb_tokens").number
    text = (
        f"{server.model.rsplit('/', 1)[-1]} on {reason}, costs as much as {against} at {tokens / 1e6:,.0f} million "
        f"tokens a month; this workload moves about {today / 1e6:,.0f} million. "
        f"(Rule of thumb: {thumb / 1e6:,.0f} million.){_forbidden_note(evaluation)}"
    )
    return BreakEven(tokens, text, against)


def _solve(evaluation: Evaluation, server: Option, api: Option) -> tuple[float | None, str]:
    volume, draws = evaluation.volume, evaluation.draws
    tokens = _tokens_per_month(volume)
    api_bill = bill_of(api, volume, draws, evaluation.on).lines()
    own_bill = bill_of(server, volume, draws, evaluation.on).lines()
    api_usd, api_people = _parts(api_bill)
    own_usd, own_people = _parts(own_bill)
    assert server.server is not None
    spare = int(assumption("spare_replicas").number)
    replicas = float(np.mean(replicas_needed(server.server.rates, volume))) + spare
    point = stepwise_break_even(
        api_usd_per_million=api_usd / tokens * 1e6 if tokens else 0.0,
        people_usd_per_month=max(own_people - api_people, 0.0),
        replica_usd_per_month=own_usd / replicas,
        replica_capacity_tokens=_replica_capacity(evaluation, server),
        spare_replicas=spare,
    )
    return point.tokens_per_month, point.reason


def _parts(lines: Sequence[CostLine]) -> tuple[float, float]:
    """Split a bill into tokens or hardware, and people."""
    people = sum(line.amount_usd or 0.0 for line in lines if "engineer" in line.unit)
    return sum(line.amount_usd or 0.0 for line in lines) - people, people


def _tokens_per_month(volume: Volume) -> float:
    return float(np.mean(volume.first_month_tokens * volume.average_growth))


def _replica_capacity(evaluation: Evaluation, server: Option) -> float:
    """Return the tokens a month that one replica serves when its peak hour is as busy as is planned for."""
    assert server.server is not None
    volume, rates = evaluation.volume, server.server.rates
    seconds = rates.seconds_per_input_token * volume.input_tokens + (
        rates.seconds_per_output_token * volume.output_tokens
    )
    per_request = volume.input_tokens + volume.output_tokens
    busiest = volume.growth_factors.max(axis=0) / np.maximum(volume.average_growth, 1e-9)
    peak = evaluation.draws.number("peak_factor") * busiest
    per_second = assumption("target_utilisation").number * per_request / seconds / peak
    return float(np.median(per_second)) * assumption("days_per_month").number * 86400.0


def _cheapest(evaluation: Evaluation, external: bool) -> Option | None:
    """Return the cheapest option of one side that could do the work and that no rule about models forbids."""
    rules = (*_ABILITY, "licence", "country_policy") if not external else _ABILITY
    able: Mask = np.isfinite(evaluation.monthly_usd)
    for rule in rules:
        able = able & ~evaluation.blocked[rule]
    side = np.array([option.is_external == external for option in evaluation.options])
    passing = np.flatnonzero((able.mean(axis=1) > 0.5) & side)
    if len(passing) == 0:
        return None
    return evaluation.on_hardware(int(passing[np.argmin(evaluation.mean_usd[passing])]))


def _why_no_server(evaluation: Evaluation) -> str:
    own = np.array([not option.is_external for option in evaluation.options])
    shares = {gate.rule: float(evaluation.blocked[gate.rule][own].mean()) for gate in gates()}
    worst = max(gates(), key=lambda gate: shares[gate.rule])
    return f"no own server passes; most fail this rule: {worst.text}"


def _forbidden_note(evaluation: Evaluation) -> str:
    external = np.array([option.is_external for option in evaluation.options])
    for gate in gates():
        mask = evaluation.blocked[gate.rule]
        if gate.hard and bool(mask[external].all()):
            return f" For comparison only, an API is ruled out: {gate.text}"
        if gate.rule == "platform_team" and bool(mask[~external].all()):
            return f" Own servers are ruled out for now: {gate.text}"
    return ""
