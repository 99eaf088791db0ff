"""The break-even of one workload: own servers against the cheapest API that could do the work."""

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

# Rules on the workload's own demands: an option that fails one could not do the work at all.
_DRAWS = 64
_ABILITY = ("context_length", "kind_of_model", "capability")


def workload_break_even(evaluation: Evaluation) -> BreakEven:
    """Compare every able own server with the cheapest able API, at the workload's own mix of tokens."""
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


def _best(evaluation: Evaluation, servers: Rows, api: Option) -> tuple[Option, BreakEvenPoint]:
    """Return the server that breaks even first; where none does, the one that is cheapest when fully used."""
    few = _few(evaluation.draws.count)
    volume, draws = evaluation.volume.part(few), evaluation.draws.part(few)
    tokens = float(np.mean(volume.first_month_tokens * volume.average_growth))
    api_usd, api_people = _parts(bill_of(api, volume, draws, evaluation.on).lines())
    own = evaluation.option_set.servers[servers[0]]
    own_people = sum(item.line().amount_usd or 0.0 for item in people_items(own, draws))
    people = max(own_people - api_people, 0.0)
    api_usd_per_million = api_usd / tokens * 1e6 if tokens else 0.0
    replicas = replica_economics(evaluation.option_set.columns.take(servers), volume, draws)
    place = _first_to_break_even(replicas, api_usd_per_million, people)
    return evaluation.option_set.servers[servers[place]], _point(replicas[place], api_usd_per_million, people)


def _few(count: int) -> Rows:
    """Return evenly spaced draws; medians of one server need no more."""
    return np.unique(np.linspace(0, count - 1, _DRAWS).astype(np.int64))


def _first_to_break_even(replicas: Sequence[ReplicaEconomics], api_usd_per_million: float, people_usd: float) -> int:
    """Return the place of the server with the least break-even, in the closed form of `stepwise_break_even`."""
    usd = np.array([replica.usd_per_month for replica in replicas])
    capacity = np.array([replica.capacity_tokens for replica in replicas])
    fixed = people_usd + np.array([replica.standing_usd_per_month for replica in replicas])
    sleeps = np.array([replica.sleeps for replica in replicas])
    spare = assumption("spare_replicas").number
    with np.errstate(divide="ignore", invalid="ignore"):
        full = np.where(np.isfinite(usd) & (capacity > 0), usd / capacity * 1e6, np.inf)
        saved = capacity * api_usd_per_million / 1e6 - usd
        first = people_usd + spare * usd
        stepwise = first + np.maximum(np.ceil(first / saved), 1.0) * usd
        linear = fixed / (api_usd_per_million - full) * api_usd_per_million
        due = np.where(sleeps, linear, stepwise)
    reached = np.where(np.isfinite(full) & (full < api_usd_per_million), due, np.inf)
    return int(reached.argmin() if np.isfinite(reached).any() else full.argmin())


def _point(replica: ReplicaEconomics, api_usd_per_million: float, people_usd: float) -> BreakEvenPoint:
    if not np.isfinite(replica.usd_per_month) or replica.capacity_tokens <= 0:
        return BreakEvenPoint(None, "never: no price is on record for any server that could do this work")
    if replica.sleeps:  # hours are paid as they are worked, so the cost is linear in tokens
        fixed = people_usd + replica.standing_usd_per_month
        per_million = replica.usd_per_month / replica.capacity_tokens * 1e6
        point = break_even(api_usd_per_million, fixed, per_million)
        if point.tokens_per_month is None:
            return point
        words = f"servers that run only while there is work ({per_million:,.3f} USD per million tokens) and the people"
        return BreakEvenPoint(point.tokens_per_month, f"{words}, {fixed:,.0f} USD a month")
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
