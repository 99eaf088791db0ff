"""Recomputes after a turn and says what changed in the verdicts. It changes no fact."""

from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.events import VerdictReached
from agent.speak import Voice
from agent.state import Interview, WorkloadEntry, entry_value, portfolio_of
from agent.wording import chance_words, clarity_words, deployment_words, money_words, usd_words, verdict_words
from tools.assessment import Verdict
from tools.facts import Range

# A verdict on fewer facts says more about our assumptions than about the workload.
FEWEST_FACTS = 2


def tell(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Say each verdict when it is first known and when it changes."""
    voice = Voice(state, runtime.context)
    told = dict(state["told"])
    if not any(tellable(state, entry) for entry in state["workloads"]):
        return {}
    assessment = runtime.context.assess(portfolio_of(state))
    for entry, workload in zip(state["workloads"], assessment.workloads, strict=True):
        verdict = workload.verdict
        now = [verdict.deployment, verdict.model, verdict.clarity]
        before = told.get(entry["name"])
        if now == before or not tellable(state, entry):
            continue
        _say_verdict(voice, entry["name"], verdict, before)
        _say_over_budget(voice, entry, verdict)
        voice.emit(VerdictReached(entry["name"], verdict.deployment, verdict.model, verdict.clarity))
        told[entry["name"]] = now
    return {**voice.update(), "told": told}


def tellable(state: Interview, entry: WorkloadEntry) -> bool:
    """Say whether enough is known of a workload for a verdict on it to be worth hearing."""
    facts = entry["facts"]
    return bool(facts) and ("task" in facts or len(facts) + len(state["organization"]) >= FEWEST_FACTS)


def _say_over_budget(voice: Voice, entry: WorkloadEntry, verdict: Verdict) -> None:
    """Say so where the verdict costs more than the user wants to pay: it is no rule, so nothing is ruled out by it."""
    if "monthly_budget" not in entry["facts"] or verdict.monthly_usd is None:
        return
    budget = entry_value("monthly_budget", entry["facts"]["monthly_budget"])
    most = budget.high if isinstance(budget, Range) else budget
    if isinstance(most, int | float) and verdict.monthly_usd.expected > most:
        voice.say("over_budget", money=money_words(verdict.monthly_usd), budget=usd_words(most))


def _say_verdict(voice: Voice, name: str, verdict: Verdict, before: list[str] | None) -> None:
    words = verdict_words(name, verdict)
    if before is None:
        voice.say("verdict_first", verdict=words)
        return
    deployment, model, clarity = before
    after = deployment_words(verdict.deployment)
    if clarity == verdict.clarity == "undetermined" and deployment != verdict.deployment:
        chance, money = chance_words(verdict.probability), money_words(verdict.monthly_usd)
        voice.say("verdict_leans", workload=name, after=after, money=money, probability=chance)
    elif deployment != verdict.deployment:
        voice.say("verdict_changed", workload=name, before=deployment_words(deployment), after=after, verdict=words)
    elif model != verdict.model:
        voice.say("verdict_model_changed", after=after, verdict=words)
    else:
        voice.say(
            "verdict_clarity_changed",
            before_clarity=clarity_words(clarity).capitalize(),
            clarity=clarity_words(verdict.clarity),
            verdict=words,
        )
