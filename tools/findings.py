"""What the reader must know beside the verdict, each finding with its source. It decides nothing."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from tools.assessment import Axis, Finding, Severity
from tools.assumptions import assumption
from tools.bills import months_from, people_items
from tools.evaluate import Evaluation
from tools.gates import gates
from tools.licence import judge_model
from tools.options import Option
from tools.token_prices import token_rates

_DATA = "tools/data/"


def findings_for(evaluation: Evaluation, chosen: int | None) -> tuple[Finding, ...]:
    """Return all findings for one workload, the most severe first."""
    found = [*_contradictions(evaluation), *_broken_gates(evaluation, chosen)]
    if chosen is not None:
        option = evaluation.on_hardware(chosen)
        for rule in (
            _capability,
            _country,
            _licence,
            _retirement,
            _price_change,
            _people,
            _team_size,
            _budget,
            _vendor,
            _latency,
        ):
            found.extend(rule(evaluation, option, float(evaluation.mean_usd[chosen])))
    order = ("critical", "warning", "advice", "info")
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def _finding(axis: Axis, severity: Severity, rule: str, text: str, source: str) -> Finding:
    return Finding(axis, severity, rule, text, source)


def _contradictions(evaluation: Evaluation) -> Iterator[Finding]:
    if evaluation.volume.contradiction:
        yield _finding("cost", "warning", "volume_contradiction", evaluation.volume.contradiction, "stated by the user")


def _broken_gates(evaluation: Evaluation, chosen: int | None) -> Iterator[Finding]:
    """Name the soft gates that the chosen option breaks because nothing passes them all."""
    if chosen is None:
        return
    winning = evaluation.winners.index == chosen
    axes: dict[str, Axis] = {
        "preview_model": "vendor_risk", "time_to_launch": "operations", "platform_team": "operations",
        "deep_tuning": "control", "capability": "capability",
    }  # fmt: skip
    for gate in gates():
        if gate.hard:
            continue
        share = float(evaluation.blocked[gate.rule][chosen][winning].mean()) if winning.any() else 0.0
        if share > 0.5:
            text = f"{gate.text} Nothing that your rules allow avoids this; plan for it or change the rule."
            if gate.rule == "capability":
                text += " The failure would be silent: test on your own cases before and after launch."
            yield _finding(axes[gate.rule], "critical", gate.rule, text, gate.source)


def _capability(evaluation: Evaluation, option: Option, monthly_usd: float) -> Iterator[Finding]:
    draws = evaluation.draws
    scored = {"flagship_score", "open_score"} <= set(draws.known)
    if scored:
        yield _finding(
            "capability", "info", "own_scores",
            "Your own test scores decide on capability here; public benchmarks were not used.", "stated by the user",
        )  # fmt: skip
    elif option.is_open and bool(np.all(draws.is_value("error_cost", "high"))):
        yield _finding(
            "capability", "warning", "test_before_trust",
            "A wrong answer is dear here, and nobody has measured this model on your own cases: run your own "
            "evaluation against a flagship before you rely on it.",
            "decision material A1, W4",
        )  # fmt: skip


def _country(evaluation: Evaluation, option: Option, monthly_usd: float) -> Iterator[Finding]:
    if option.country == "china" and "chinese_models" not in evaluation.draws.known:
        yield _finding(
            "compliance", "advice", "country_policy_open",
            f"{option.model} comes from a Chinese lab ({option.lineage}); whether policy allows that was not said.",
            f"{_DATA}open_models.yaml (licensor_country); decision material F5",
        )  # fmt: skip


def _licence(evaluation: Evaluation, option: Option, monthly_usd: float) -> Iterator[Finding]:
    verdict = judge_model(option.checkpoint, dict(evaluation.draws.known)) if option.checkpoint else None
    if verdict is None or option.licence is None:
        return
    severity: Severity = "info" if verdict.verdict == "allowed" else "advice"
    duties = " ".join(_sentence(rule.text) for rule in verdict.rules)
    yield _finding(
        "licence", severity, f"licence_{verdict.verdict}",
        f"{option.licence.name}: {verdict.verdict.replace('_', ' ')}. {duties}".strip(),
        f"{_DATA}licences.yaml: {option.licence.source} [{option.licence.confidence}]",
    )  # fmt: skip


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""


def _retirement(evaluation: Evaluation, option: Option, monthly_usd: float) -> Iterator[Finding]:
    if option.retires is not None and option.retires <= months_from(evaluation.on)[-1].replace(day=28):
        yield _finding(
            "vendor_risk", "warning", "retirement_announced",
            f"{option.model} at {option.provider} is announced to retire on {option.retires.isoformat()}.",
            option.source,
        )  # fmt: skip


def _price_change(evaluation: Evaluation, option: Option, monthly_usd: float) -> Iterator[Finding]:
    if option.price is None:
        return
    last: tuple[date, float] | None = None
    for month in months_from(evaluation.on):
        rates = token_rates(option.price.provider_id, option.price.model, month)
        if last is not None and rates.input != last[1]:
            yield _finding(
                "cost", "warning", "price_change_announced",
                f"The input price of {option.model} changes from {last[1] * 1e6:g} to {rates.input * 1e6:g} USD per "
                f"million tokens by {month.isoformat()}; the bill above counts both.",
                rates.source,
            )  # fmt: skip
        last = (month, rates.input)


def _people(evaluation: Evaluation, option: Option, monthly_usd: float) -> Iterator[Finding]:
    people = sum(float(np.mean(item.amount_usd)) for item in people_items(option, evaluation.draws))
    if option.server is not None and monthly_usd > 0 and people / monthly_usd > 0.5:
        yield _finding(
            "operations", "advice", "people_dominate",
            f"People are {people / monthly_usd:.0%} of the cost of running this yourselves, more than the hardware.",
            assumption("self_host_engineers").cited,
        )  # fmt: skip


def _team_size(evaluation: Evaluation, option: Option, monthly_usd: float) -> Iterator[Finding]:
    if option.server is None or "platform_engineers" not in evaluation.draws.known:
        return
    there = float(np.mean(evaluation.draws.number("platform_engineers")))
    needed = next(people_items(option, evaluation.draws)).line().quantity
    if there < needed:
        yield _finding(
            "operations", "warning", "team_too_small",
            f"Running this takes about {needed:g} full-time engineers, on-call included; {there:g} are available.",
            assumption("self_host_engineers").cited,
        )  # fmt: skip


def _budget(evaluation: Evaluation, option: Option, monthly_usd: float) -> Iterator[Finding]:
    budget = evaluation.draws.known.get("monthly_budget")
    if budget is None:
        return
    limit = float(np.mean(evaluation.draws.number("monthly_budget")))
    if monthly_usd > limit:
        yield _finding(
            "cost", "warning", "over_budget",
            f"About ${monthly_usd:,.0f} a month is over the budget of ${limit:,.0f}; nothing adequate was cheaper.",
            "stated by the user",
        )  # fmt: skip


def _vendor(evaluation: Evaluation, option: Option, monthly_usd: float) -> Iterator[Finding]:
    vendor = option.vendor
    if vendor is None or not bool(np.all(evaluation.draws.is_value("criticality", "mission_critical"))):
        return
    uptime = "no uptime is promised on record" if vendor.uptime is None else f"{vendor.uptime:.2%} uptime is promised"
    yield _finding(
        "vendor_risk", "warning", "single_vendor",
        f"This is mission-critical and would rest on {vendor.name}: {uptime}. Keep the fall-back tested.",
        f"{_DATA}vendors.yaml: {vendor.source} [{vendor.confidence}]",
    )  # fmt: skip


def _latency(evaluation: Evaluation, option: Option, monthly_usd: float) -> Iterator[Finding]:
    if option.server is None or "tokens_per_second" not in evaluation.draws.known:
        return
    wanted = float(np.mean(evaluation.draws.number("tokens_per_second")))
    reached = option.server.rates.tokens_per_second_per_request
    if reached < wanted:
        yield _finding(
            "latency", "warning", "stream_speed",
            f"One user would see about {reached:,.0f} tokens per second at the peak, {wanted:,.0f} are wanted: plan "
            "smaller batches (more replicas) or a faster accelerator.",
            option.server.rates.source,
        )  # fmt: skip
