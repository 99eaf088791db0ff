"""The break-even of one workload: own servers against the cheapest API that could do the work."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.assessment import BreakEven, CostLine
from tools.assumptions import assumption
from tools.bills import HOURS_PER_DAY, bill_of, buys_hardware, draws_owned, people_items
from tools.break_even import BreakEvenPoint, stepwise_break_even
from tools.draws import Draws, Mask
from tools.evaluate import Evaluation
from tools.gates import gates
from tools.options import Option
from tools.serving import Server

# Rules on the workload's own demands: an option that fails one could not do the work at all.
_ABILITY = ("context_length", "kind_of_model", "capability")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One own server with its break-even and what a million tokens cost when its replicas are fully used."""

    option: Option
    point: BreakEvenPoint
    full_usd_per_million: float


def workload_break_even(evaluation: Evaluation) -> BreakEven:
    """Compare every able own server with the cheapest able API, at the workload's own mix of tokens."""
    servers, api = _able_servers(evaluation), _cheapest_api(evaluation)
    if not servers:
        return BreakEven(None, f"never: {_why_no_server(evaluation)}", "")
    if api is None:
        nothing = "never: no API in the catalogue can do this work, so there is nothing to compare with"
        return BreakEven(None, nothing, "")
    against = f"{api.model.rsplit('/', 1)[-1]} ({api.provider})"
    best = _best(evaluation, servers, api)
    model = best.option.model.rsplit("/", 1)[-1]
    assert best.option.server is not None
    server = f"{model} on {best.option.server.count} x {best.option.server.accelerator.id}"
    tokens = best.point.tokens_per_month
    if tokens is None:
        reason = f"{best.point.reason}. Even the cheapest is dearer: {server}.{_forbidden_note(evaluation)}"
        return BreakEven(None, reason, against)
    today = float(np.mean(evaluation.volume.first_month_tokens))
    thumb = assumption("rule_of_thumb_tokens").number
    text = (
        f"{server} with {best.point.reason}, costs as much as {against} at {tokens / 1e6:,.0f} million tokens a month; "
        f"this workload moves about {today / 1e6:,.0f} million. (Rule of thumb: {thumb / 1e6:,.0f} million.)"
        f"{_forbidden_note(evaluation)}"
    )
    return BreakEven(tokens, text, against)


def _best(evaluation: Evaluation, servers: Sequence[Option], api: Option) -> _Candidate:
    """Return the server that breaks even first; where none does, the one that is cheapest when fully used."""
    volume, draws = evaluation.volume, evaluation.draws
    tokens = float(np.mean(volume.first_month_tokens * volume.average_growth))
    api_usd, api_people = _parts(bill_of(api, volume, draws, evaluation.on).lines())
    own_people = sum(item.line().amount_usd or 0.0 for item in people_items(servers[0], draws))
    candidates = []
    for option in servers:
        assert option.server is not None
        replica_usd, capacity = _replica_usd(option.server, draws), _replica_capacity(evaluation, option.server)
        if not np.isfinite(replica_usd):
            continue
        point = stepwise_break_even(
            api_usd_per_million=api_usd / tokens * 1e6 if tokens else 0.0,
            people_usd_per_month=max(own_people - api_people, 0.0),
            replica_usd_per_month=replica_usd,
            replica_capacity_tokens=capacity,
            spare_replicas=int(assumption("spare_replicas").number),
        )
        candidates.append(_Candidate(option, point, replica_usd / capacity * 1e6))
    reached = [c for c in candidates if c.point.tokens_per_month is not None]
    if reached:
        return min(reached, key=lambda c: c.point.tokens_per_month or 0.0)
    return min(candidates, key=lambda c: c.full_usd_per_million)


def _parts(lines: Sequence[CostLine]) -> tuple[float, float]:
    """Split a bill into tokens or hardware, and people."""
    people = sum(line.amount_usd or 0.0 for line in lines if "engineer" in line.unit)
    return sum(line.amount_usd or 0.0 for line in lines) - people, people


def _replica_usd(server: Server, draws: Draws) -> float:
    """Return the monthly cost of one replica: rent, or purchase (unless owned) and power, and storage."""
    hours = assumption("days_per_month").number * HOURS_PER_DAY
    rent = np.asarray(server.usd_per_gpu_hour * hours * server.count)
    bought = buys_hardware(draws)
    if np.any(bought):
        price = 0.0 if draws_owned(draws, server) else server.purchase_usd
        purchase = price * server.count / assumption("accelerator_life_months").number
        kilowatts = server.kilowatts * server.count * assumption("data_centre_overhead").number
        own = purchase + kilowatts * hours * draws.number("electricity_price")
        rent = np.where(bought, own, rent)
    known = np.isfinite(rent)
    mean = float(np.mean(rent[known])) if np.any(known) else float("inf")
    return mean + assumption("storage_usd_per_month").number


def _replica_capacity(evaluation: Evaluation, server: Server) -> float:
    """Return the tokens a month that one replica serves when its peak hour is as busy as is planned for."""
    volume, rates = evaluation.volume, server.rates
    seconds = rates.seconds_per_input_token * volume.input_tokens + (
        rates.seconds_per_output_token * volume.output_tokens
    )
    per_request = volume.input_tokens + volume.output_tokens
    busiest = volume.growth_factors.max(axis=0) / np.maximum(volume.average_growth, 1e-9)
    peak = evaluation.draws.number("peak_factor") * busiest
    per_second = assumption("target_utilisation").number * per_request / seconds / peak
    return float(np.median(per_second)) * assumption("days_per_month").number * 86400.0


def _able_servers(evaluation: Evaluation) -> list[Option]:
    """Return the own servers that could do the work and that no rule about models forbids."""
    able = set(np.flatnonzero(_able(evaluation, (*_ABILITY, "licence", "country_policy"))).tolist())
    sets = evaluation.option_set
    ends = [*sets.starts[1:], len(sets.servers)]
    return [
        option
        for kind, start, end in zip(sets.server_kinds, sets.starts, ends, strict=True)
        if int(kind) in able
        for option in sets.servers[start:end]
    ]


def _cheapest_api(evaluation: Evaluation) -> Option | None:
    """Return the cheapest API that could do the work, whether or not a rule lets the data go there."""
    external = np.array([option.is_external for option in evaluation.options])
    passing = np.flatnonzero(_able(evaluation, _ABILITY) & external)
    if len(passing) == 0:
        return None
    return evaluation.options[int(passing[np.argmin(evaluation.mean_usd[passing])])]


def _able(evaluation: Evaluation, rules: Sequence[str]) -> Mask:
    """Say which options pass these rules in more than half of the draws."""
    able: Mask = np.isfinite(evaluation.monthly_usd)
    for rule in rules:
        able = able & ~evaluation.blocked[rule]
    return np.asarray(able.mean(axis=1) > 0.5)


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
