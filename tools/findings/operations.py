"""Findings on operations: people, on-call, weeks, and when a small team should not split. It plans no project."""

import numpy as np

from tools.assessment import CostLine
from tools.assumptions import assumption
from tools.findings.situation import Findings, Situation, finding, people_usd, short
from tools.findings.thresholds import limit
from tools.people import people_items


def people(situation: Situation) -> Findings:
    """Say that people are most of the cost of own servers."""
    share = limit("people_share")
    cost = people_usd(situation)
    if situation.own and situation.monthly_usd > 0 and cost / situation.monthly_usd > share.value:
        text = (
            f"People are {cost / situation.monthly_usd:.0%} of the cost of running this yourselves, more than the "
            "hardware. The second service on the same platform is the cheap one."
        )
        source = f"{assumption('self_host_engineers').cited}; decision material W2"
        yield finding("operations", "advice", "people_dominate", text, source)


def team(situation: Situation) -> Findings:
    """Say that more engineers are needed than are there, on-call included."""
    there = situation.number("platform_engineers")
    if not situation.own or there is None:
        return
    needed = _run_line(situation).quantity
    if there < needed:
        text = (
            f"Running this takes about {needed:.3g} full-time engineers, on-call included; {there:g} available. "
            "The hardware will run without them, the service will not."
        )
        source = f"{assumption('self_host_engineers').cited}; decision material W2"
        yield finding("operations", "warning", "team_too_small", text, source)
    rota = limit("on_call_people")
    if situation.says("criticality", "mission_critical") and there < rota.value:
        text = (
            f"Mission-critical means someone answers at three in the morning. A rota takes {rota.value:.0f} people who "
            f"know the service; {there:g} are there. Share the rota with another team, or let a provider carry it."
        )
        yield finding("operations", "warning", "on_call_rota", text, rota.cited)


def _run_line(situation: Situation) -> CostLine:
    """Return the line of the engineers who run the service: the first of the people's items."""
    return next(people_items(situation.option, situation.evaluation.draws)).line()


def weeks(situation: Situation) -> Findings:
    """Say that own servers would stand only just in time."""
    given = situation.number("weeks_to_launch")
    if not situation.own or given is None or not situation.stated("platform_team"):
        return
    assumed = assumption("self_host_weeks")
    needed = float(np.mean(situation.evaluation.draws.code_table("platform_team", assumed.value)))
    if needed <= given < needed * limit("tight_launch").value:
        way = (
            "Start on an API, go live, and move when the platform is ready."
            if situation.may_go_out
            else "Your rules leave no API to start on: cut the first version small, and keep a later date ready."
        )
        text = f"Own servers take about {needed:.0f} weeks until they stand, and {given:g} are left. {way}"
        source = f"{assumed.cited}; {limit('tight_launch').cited}; decision material P2"
        yield finding("operations", "advice", "tight_launch", text, source)


def move_later(situation: Situation) -> Findings:
    """Say that own servers would be cheaper, were there the time to build them."""
    own = np.array([option.server is not None for option in situation.evaluation.options])
    if situation.own or not situation.stated("weeks_to_launch"):
        return
    cheaper = situation.held_back_by("time_to_launch", own, limit("clearly_cheaper").value)
    if cheaper:
        option, usd = situation.evaluation.options[cheaper[0]], float(situation.evaluation.mean_usd[cheaper[0]])
        text = (
            f"{short(option.model)} on your own servers would cost about ${usd:,.0f} a month and not "
            f"${situation.monthly_usd:,.0f}, but cannot stand by your date. Go live on the API and move later: keep "
            "one layer between your code and the vendor, and the test cases with which you compare."
        )
        source = f"decision material P2; {assumption('self_host_weeks').cited}"
        yield finding("operations", "advice", "move_later", text, source)


def small_team(situation: Situation) -> Findings:
    """Say that a team without a platform gains little from splitting its work between an API and own servers."""
    if not situation.own or not situation.says("platform_team", "none", "building"):
        return
    evaluation = situation.evaluation
    apis = situation.apis & evaluation.mostly_allowed
    usd = float(np.min(evaluation.mean_usd[apis])) if apis.any() else float("inf")
    gain = limit("little_gain")
    if situation.monthly_usd > usd * (1 - gain.value) and usd < float("inf"):
        saving = "save little" if situation.monthly_usd < usd else "save nothing"
        text = (
            f"Without a platform team, own servers {saving} here (${situation.monthly_usd:,.0f} against ${usd:,.0f} a "
            "month on an API) and add a service to run. A small team is usually right to stay with APIs."
        )
        yield finding("operations", "warning", "small_team", text, f"{gain.cited}; decision material H3, P5")


RULES = (people, team, weeks, move_later, small_team)
