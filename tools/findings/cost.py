"""Findings on cost: price changes, budget, idle servers, routers, the rule of thumb. It computes no bill."""

from datetime import date

import numpy as np

from tools.assumptions import assumption
from tools.capability import reasoning_factor
from tools.catalogue.vendor_history import PriceEvent, price_events
from tools.findings.situation import Findings, Situation, finding, people_usd, short
from tools.findings.thresholds import limit
from tools.owned import read_owned
from tools.price_seasons import months_from
from tools.token_prices import token_rates
from tools.vendor_risk import look_back

_VOLUME = ("tokens_per_month", "requests_per_day")


def price_change(situation: Situation) -> Findings:
    """Give the announced changes of the list price within the planning horizon."""
    for leg in situation.outside:
        if leg.price is None:
            continue
        last: tuple[date, float, float] | None = None
        for month in months_from(situation.on):
            rates = token_rates(leg.price.provider_id, leg.price.model, month)
            if last is not None and (rates.input, rates.output) != last[1:]:
                text = (
                    f"The price of {short(leg.model)} changes by {month.isoformat()}, per million tokens from "
                    f"{last[1] * 1e6:g} to {rates.input * 1e6:g} USD in and from {last[2] * 1e6:g} to "
                    f"{rates.output * 1e6:g} USD out; the bill above counts both."
                )
                yield finding("cost", "warning", "price_change_announced", text, rates.source)
            last = (month, rates.input, rates.output)


def price_history(situation: Situation) -> Findings:
    """Give the largest rise of a vendor's list prices in the last 24 months, told before the day."""
    for vendor in situation.vendors:
        rises = [event for event in price_events() if event.vendor == vendor.id and _recent(event, situation.on)]
        worst = max(rises, key=lambda event: event.rise, default=None)
        if worst is not None and worst.rise >= limit("price_rise").value:
            text = (
                f"{vendor.name} has raised a price before: {worst.model} by {worst.rise:.0%} on "
                f"{worst.since.isoformat()}. Pin model versions, and price the year with a margin."
            )
            source = f"tools/data/vendor_history.yaml: {worst.source} [{worst.confidence}]; decision material A4"
            yield finding("vendor_risk", "info", "price_history", text, source)


def _recent(event: PriceEvent, on: date) -> bool:
    return look_back(on) < event.since <= on


def budget(situation: Situation) -> Findings:
    """Say that the bill is over the budget."""
    wanted = situation.number("monthly_budget")
    if wanted is not None and situation.monthly_usd > wanted:
        people = people_usd(situation) / situation.monthly_usd
        way = (
            f"{int(100 * people)}% of it is people's time: say first whether the budget is to pay for that. "
            "Shorter prompts and a cheaper model save little."
            if people > limit("people_share").value
            else "Shorter prompts, caching and batches come first, then a smaller task."
        )
        text = f"About ${situation.monthly_usd:,.0f} a month is over the budget of ${wanted:,.0f}. {way}"
        yield finding("cost", "warning", "over_budget", text, "stated by the user")


def unpredictable(situation: Situation) -> Findings:
    """Say that own servers idle or overflow where the volume cannot be foreseen."""
    if situation.own and situation.says("predictability", "unpredictable"):
        way = (
            "Let an API take the overflow, or begin there until the pattern shows."
            if situation.may_go_out
            else "Your rules leave no API for the overflow: decide what may wait, and rent by the hour first."
        )
        text = (
            "The volume is hard to predict, and own servers are sized for the peak: they idle when it stays away and "
            f"overflow when it is higher. {way}"
        )
        yield finding("cost", "warning", "unpredictable_volume", text, "decision material P3")
    if situation.own and situation.says("predictability", "seasonal"):
        season = "an API or rented hours" if situation.may_go_out else "rented hours"
        text = f"The volume is seasonal: reserve servers for the base and let {season} take the season."
        yield finding("cost", "advice", "seasonal_volume", text, "decision material P3")


def router(situation: Situation) -> Findings:
    """Say that the share of hard requests in a router is assumed."""
    if situation.option.deployment != "hybrid":
        return
    text = (
        "A cheap model answers first and a flagship takes the hard requests. Their share is an assumption, and the "
        "saving stands and falls with it: measure it on a week of real requests before you build the router, and "
        "watch what the cheap model gets wrong without noticing."
    )
    yield finding(
        "cost",
        "warning",
        "router_share",
        text,
        "tools/data/assumptions.yaml (share of hard requests); decision material H1, W4",
    )


def thinking(situation: Situation) -> Findings:
    """Say that a model thinks longer than others: its thinking is billed as output, and the bill counts none."""
    for task in situation.listed("task"):
        for leg in situation.legs:
            factor = reasoning_factor(leg.model, task, situation.on)
            if factor < limit("thinking").value or situation.says("difficulty", "routine"):
                continue
            text = (
                f"{short(leg.model)} thinks at length: on one and the same test run it wrote {factor:.1f} times the "
                "output tokens of the median model, at the highest effort. Thinking is billed as output. The bill "
                "above counts the output tokens stated: measure a day with your own requests, thinking included, and "
                "set the effort."
            )
            yield finding("cost", "warning", "thinking_tokens", text, "tools/data/capability.yaml, token_runs")


def rule_of_thumb(situation: Situation) -> Findings:
    """Say where the rule of 100 million tokens a month and the computed costs disagree."""
    if not any(situation.stated(key) for key in _VOLUME):
        return
    evaluation = situation.evaluation
    tokens = float(np.mean(evaluation.volume.first_month_tokens * evaluation.volume.average_growth))
    thumb = assumption("rule_of_thumb_tokens")
    own = np.array([option.server is not None for option in evaluation.options])
    able = own & (evaluation.hard.mean(axis=1) > 0.5) & (evaluation.blocked["capability"].mean(axis=1) <= 0.5)
    usd = float(np.min(evaluation.mean_usd[able], initial=np.inf))
    if tokens > thumb.number and not situation.own and situation.monthly_usd < usd < float("inf"):
        text = (
            f"The rule of thumb says own servers from {thumb.number / 1e6:,.0f} million tokens a month, and you move "
            f"{tokens / 1e6:,.0f} million. Computed with your facts, the cheapest able server costs about ${usd:,.0f} "
            f"a month, people included, against ${situation.monthly_usd:,.0f}. The rule was made for flagship prices."
        )
        yield finding("cost", "info", "rule_of_thumb", text, thumb.cited)
    elif tokens < thumb.number and situation.own and situation.may_go_out:
        text = (
            f"Below the rule of thumb ({tokens / 1e6:,.0f} of {thumb.number / 1e6:,.0f} million tokens a month), and "
            "own servers still come out cheaper with your facts: check prices and people in the bill twice."
        )
        yield finding("cost", "advice", "rule_of_thumb", text, thumb.cited)


def owned_hardware(situation: Situation) -> Findings:
    """Say whether the accelerators already paid for are enough, fit, or would stand idle."""
    known = situation.evaluation.draws.known.get("owned_gpus")
    read = read_owned(str(known or "none"))
    owned = dict(read.counts)
    if read.unread:
        text = (
            f"Not counted as owned, because no figures are on record for it: {', '.join(read.unread)}. What it could "
            "serve is not in the comparison."
        )
        yield finding("cost", "warning", "owned_gpus_unread", text, "tools/data/accelerators.yaml")
    if not owned:
        return
    listed = ", ".join(f"{count} x {name}" for name, count in owned.items())
    if not situation.own:
        text = f"You own {listed}, which this choice leaves idle: use them for another workload, or sell them."
        yield finding("cost", "advice", "owned_gpus_idle", text, "stated by the user")
    for leg in situation.own:
        assert leg.server is not None
        needed = float(np.median(situation.evaluation.capacity(leg).most_replicas)) * leg.server.count
        name = leg.server.accelerator.id
        there = owned.get(name, 0)
        if there < needed:
            text = (
                f"This takes about {needed:.0f} x {name}, a spare included; you own {there}"
                f"{'' if there else f' of that kind (owned: {listed})'}. The rest is in the bill."
            )
            yield finding("cost", "warning", "owned_gpus_short", text, leg.server.speed_source)


RULES = (price_change, price_history, budget, unpredictable, router, thinking, rule_of_thumb, owned_hardware)
