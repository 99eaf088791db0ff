"""The break-even of one workload: own servers against the cheapest API that could do the work."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.assessment import BreakEven, CostLine
from tools.assumptions import assumption
from tools.bills import bill_of
from tools.break_even import BreakEvenPoint, break_even, stepwise_break_even
from tools.draws import Mask
from tools.evaluate import Evaluation
from tools.gates import gates
from tools.options import Option
from tools.people import people_items
from tools.replica_economics import ReplicaEconomics, replica_economics
from tools.running_costs import Rows, reachable_servers

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
    if len(servers) == 0:
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


def _best(evaluation: Evaluation, servers: Rows, api: Option) -> _Candidate:
    """Return the server that breaks even first; where none does, the one that is cheapest when fully used."""
    volume, draws = evaluation.volume, evaluation.draws
    tokens = float(np.mean(volume.first_month_tokens * volume.average_growth))
    api_usd, api_people = _parts(bill_of(api, volume, draws, evaluation.on).lines())
    own = evaluation.option_set.servers[servers[0]]
    own_people = sum(item.line().amount_usd or 0.0 for item in people_items(own, draws))
    economics = replica_economics(evaluation.option_set.columns.take(servers), volume, draws)
    api_usd_per_million = api_usd / tokens * 1e6 if tokens else 0.0
    candidates = []
    for row, replica in zip(servers, economics, strict=True):
        if np.isfinite(replica.usd_per_month) and replica.capacity_tokens > 0:
            point = _point(replica, api_usd_per_million, max(own_people - api_people, 0.0))
            candidates.append(
                _Candidate(
                    evaluation.option_set.servers[row], point, replica.usd_per_month / replica.capacity_tokens * 1e6
                )
            )
    reached = [c for c in candidates if c.point.tokens_per_month is not None]
    if reached:
        return min(reached, key=lambda c: c.point.tokens_per_month or 0.0)
    return min(candidates, key=lambda c: c.full_usd_per_million)


def _point(replica: ReplicaEconomics, api_usd_per_million: float, people_usd: float) -> BreakEvenPoint:
    if replica.sleeps:  # hours are paid as they are worked, so the cost is linear in tokens
        fixed = people_usd + replica.standing_usd_per_month
        return break_even(api_usd_per_million, fixed, replica.usd_per_month / replica.capacity_tokens * 1e6)
    return stepwise_break_even(
        api_usd_per_million=api_usd_per_million,
        people_usd_per_month=people_usd,
        replica_usd_per_month=replica.usd_per_month,
        replica_capacity_tokens=replica.capacity_tokens,
        spare_replicas=int(assumption("spare_replicas").number),
    )


def _parts(lines: Sequence[CostLine]) -> tuple[float, float]:
    """Split a bill into tokens or hardware, and people."""
    people = sum(line.amount_usd or 0.0 for line in lines if "engineer" in line.unit)
    return sum(line.amount_usd or 0.0 for line in lines) - people, people


def _able_servers(evaluation: Evaluation) -> Rows:
    """Return the rows of the own servers that could do the work and that no rule about models forbids."""
    able = _able(evaluation, (*_ABILITY, "licence", "country_policy"))
    sets = evaluation.option_set
    rows = reachable_servers(sets, evaluation.draws)
    return rows[able[sets.server_kinds[np.searchsorted(sets.starts, rows, side="right") - 1]]]


def _cheapest_api(evaluation: Evaluation) -> Option | None:
    """Return the cheapest API that could do the work, whether or not a rule lets the data go there."""
    single = np.array([option.is_external and not option.legs for option in evaluation.options])
    passing = np.flatnonzero(_able(evaluation, _ABILITY) & single)
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
