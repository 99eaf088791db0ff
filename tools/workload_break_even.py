"""The break-even of one workload: own servers against the cheapest API that could do the work."""

import math
from collections.abc import Sequence

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
from tools.verdict import choose_option

# Rules on the workload's own demands: an option that fails one could not do the work at all.
_DRAWS = 64
_ABILITY = ("context_length", "kind_of_model", "capability")


def workload_break_even(evaluation: Evaluation) -> BreakEven:
    """Compare every able own server with the cheapest able API, at the workload's own mix of tokens."""
    if not np.any(evaluation.volume.requests_per_month > 0):
        return BreakEven(None, "never: there are no requests", "")
    servers, api = _able_servers(evaluation), _cheapest_api(evaluation)
    if len(servers) == 0:
        return BreakEven(None, f"never: {_why_no_server(evaluation)}", "")
    if api is None:
        nothing = "never: no API in the catalogue can do this work, so there is nothing to compare with"
        return BreakEven(None, nothing, "")
    against = f"{api.model.rsplit('/', 1)[-1]} ({api.provider})"
    option, point = _best(evaluation, servers, api)
    model = option.model.rsplit("/", 1)[-1]
    assert option.server is not None
    server = f"{model} on {option.server.count} x {option.server.accelerator.id}"
    tokens = point.tokens_per_month
    if tokens is None:
        reason = f"{point.reason}. Even the cheapest is dearer: {server}.{_forbidden_note(evaluation)}"
        return BreakEven(None, reason, against)
    today = float(np.mean(evaluation.volume.first_month_tokens))
    thumb = assumption("rule_of_thumb_tokens").number
    text = (
        f"{server} with {point.reason}, costs as much as {against} at {tokens / 1e6:,.0f} million tokens a month; "
        f"this workload moves about {today / 1e6:,.0f} million in its first month. The rule of thumb says "
        f"{thumb / 1e6:,.0f} million."
        f"{_forbidden_note(evaluation)}"
    )
    return BreakEven(tokens, text, against)


def compared(evaluation: Evaluation) -> tuple[Option, Option] | None:
    """Return the server and the API that the break-even compares; None where there is no such pair."""
    servers, api = _able_servers(evaluation), _cheapest_api(evaluation)
    if len(servers) == 0 or api is None or not np.any(evaluation.volume.requests_per_month > 0):
        return None
    return _best(evaluation, servers, api)[0], api


def _best(evaluation: Evaluation, servers: Rows, api: Option) -> tuple[Option, BreakEvenPoint]:
    """Return the server that breaks even first; where none does, the one that is cheapest when fully used."""
    few = _few(evaluation.draws.count)
    volume, draws = evaluation.volume.part(few), evaluation.draws.part(few)
    tokens = float(np.mean(volume.first_month_tokens * volume.average_growth))
    api_usd, api_people = _parts(bill_of(api, volume, draws, evaluation.on).lines())
    own = evaluation.option_set.on_server(int(servers[0]))
    own_people = sum(item.line().amount_usd or 0.0 for item in people_items(own, draws))
    people = max(own_people - api_people, 0.0)
    api_usd_per_million = api_usd / tokens * 1e6 if tokens else 0.0
    replicas = replica_economics(evaluation.option_set.columns.take(servers), volume, draws)
    place = _first_to_break_even(replicas, api_usd_per_million, people)
    return evaluation.option_set.on_server(int(servers[place])), _point(replicas[place], api_usd_per_million, people)


def _few(count: int) -> Rows:
    """Return evenly spaced draws; medians of one server need no more."""
    return np.unique(np.linspace(0, count - 1, _DRAWS).astype(np.int64))


def _first_to_break_even(replicas: Sequence[ReplicaEconomics], api_usd_per_million: float, people_usd: float) -> int:
    """Return the place of the server with the least break-even; where there is none, the cheapest when fully used."""
    points = [_estimate(replica, api_usd_per_million, people_usd) for replica in replicas]
    return min(range(len(points)), key=lambda place: (points[place], _full_usd_per_million(replicas[place])))


def _estimate(replica: ReplicaEconomics, api_usd_per_million: float, people_usd: float) -> float:
    """Return the break-even of one server in tokens a month, in the closed form of `stepwise_break_even`."""
    if not np.isfinite(replica.usd_per_month) or replica.capacity_tokens <= 0 or api_usd_per_million <= 0:
        return float("inf")
    owned = _stepwise_tokens(_on_own_cards(replica), replica, api_usd_per_million, people_usd)
    if owned <= _most_on_own_cards(replica):
        return owned
    full = _full_usd_per_million(replica)
    if replica.sleeps:
        fixed = people_usd + replica.standing_usd_per_month
        return fixed / (api_usd_per_million - full) * 1e6 if full < api_usd_per_million else float("inf")
    return _stepwise_tokens(replica.usd_per_month, replica, api_usd_per_million, people_usd)


def _stepwise_tokens(usd: float, replica: ReplicaEconomics, api_usd_per_million: float, people_usd: float) -> float:
    saved = replica.capacity_tokens * api_usd_per_million / 1e6 - usd
    if saved <= 0:
        return float("inf")
    first = people_usd + _spare() * usd
    return (first + max(math.ceil(first / saved), 1) * usd) / api_usd_per_million * 1e6


def _full_usd_per_million(replica: ReplicaEconomics) -> float:
    capacity = replica.capacity_tokens
    return replica.usd_per_month / capacity * 1e6 if capacity > 0 else float("inf")


def _spare() -> int:
    return int(assumption("spare_replicas").number)


def _on_own_cards(replica: ReplicaEconomics) -> float:
    """Return what a replica on owned cards costs a month: power and storage."""
    return replica.power_usd_per_month + assumption("storage_usd_per_month").number


def _most_on_own_cards(replica: ReplicaEconomics) -> float:
    """Return the tokens a month that the owned cards serve, the spare kept free."""
    return max(replica.owned_replicas - _spare(), 0) * replica.capacity_tokens


def _point(replica: ReplicaEconomics, api_usd_per_million: float, people_usd: float) -> BreakEvenPoint:
    if not np.isfinite(replica.usd_per_month) or replica.capacity_tokens <= 0:
        return BreakEvenPoint(None, "never: no price is on record for any server that could do this work")
    owned = _stepwise_point(_on_own_cards(replica), replica, api_usd_per_million, people_usd)
    if owned.tokens_per_month is not None and owned.tokens_per_month <= _most_on_own_cards(replica):
        return BreakEvenPoint(owned.tokens_per_month, f"{owned.reason}, on cards that are paid for")
    if not replica.sleeps:
        return _stepwise_point(replica.usd_per_month, replica, api_usd_per_million, people_usd)
    # Hours are paid as they are worked, so the cost is linear in tokens.
    fixed, per_million = people_usd + replica.standing_usd_per_month, _full_usd_per_million(replica)
    point = break_even(api_usd_per_million, fixed, per_million)
    if point.tokens_per_month is None:
        return point
    words = f"servers that run only while there is work ({per_million:,.3f} USD per million tokens) and the people"
    return BreakEvenPoint(point.tokens_per_month, f"{words}, {fixed:,.0f} USD a month")


def _stepwise_point(
    usd: float, replica: ReplicaEconomics, api_usd_per_million: float, people_usd: float
) -> BreakEvenPoint:
    return stepwise_break_even(
        api_usd_per_million=api_usd_per_million,
        people_usd_per_month=people_usd,
        replica_usd_per_month=usd,
        replica_capacity_tokens=replica.capacity_tokens,
        spare_replicas=_spare(),
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
    """Return the API that is chosen; else the cheapest able one, of those the gates let through where there are any."""
    chosen = choose_option(evaluation)
    single = np.array([option.is_external and not option.legs for option in evaluation.options])
    if chosen is not None and single[chosen]:
        return evaluation.options[chosen]
    able = _able(evaluation, _ABILITY) & single
    permitted = able & (evaluation.hard.mean(axis=1) > 0.5)
    passing = np.flatnonzero(permitted if permitted.any() else able)
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
