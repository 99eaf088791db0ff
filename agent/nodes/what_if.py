"""Runs a what-if beside the real facts and says the difference. It stores nothing."""

import re
from typing import Any

from langgraph.runtime import Runtime

from agent.context import Context
from agent.nodes.why import comparison
from agent.speak import Voice
from agent.state import (
    FactEntry,
    Interview,
    current_workload,
    entry_of,
    known_values,
    portfolio_of,
    with_facts,
)
from agent.wording import break_even_words, deployment_words, fact_words, join_words, money_words, usd_words
from tools.assessment import Assessment, Verdict, WorkloadAssessment
from tools.errors import InvalidInput
from tools.facts import FactValue, Range, check_value, fact_dictionary, spec_of

_TIMES = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?)\s*(?:x\b|×|times\b|fold\b)|(?P<word>doubl\w*|twice|tripl\w*|quadrupl\w*|half|halv\w*)"
    r"|(?P<tenfold>ten ?(?:fold|times))",
    re.IGNORECASE,
)
_WORDS = {"doubl": 2.0, "twice": 2.0, "tripl": 3.0, "quadrupl": 4.0, "half": 0.5, "halv": 0.5}
# A bare "twice as much" is about volume; the first of these that is known is scaled.
_VOLUMES = ("requests_per_day", "tokens_per_month")


def what_if(state: Interview, runtime: Runtime[Context]) -> dict[str, Any]:
    """Assess the portfolio with the supposed facts and compare."""
    voice = Voice(state, runtime.context)
    supposed = _supposed(state)
    if not supposed:
        voice.utter(comparison(state, voice, runtime.context) or voice.line("what_if_nothing"))
        return voice.update()
    real: Interview = {**state, "history": []}
    trial: Interview = {**real, **with_facts(real, supposed)}  # type: ignore[typeddict-item]
    name = current_workload(state)["name"]
    before, after = (_assessed(s, name, runtime.context) for s in (real, trial))
    changes = join_words(fact_words(k, check_value(spec_of(k), e["value"])) for k, e in supposed.items())
    changed = before.verdict.deployment != after.verdict.deployment
    voice.say(
        "what_if_changed" if changed else "what_if_same",
        changes=changes,
        before=deployment_words(before.verdict.deployment),
        after=deployment_words(after.verdict.deployment),
        model=f" with {after.verdict.model}" if after.verdict.model else "",
        money=_difference(before.verdict, after.verdict),
        break_even=break_even_words(after) if after.break_even.tokens_per_month is not None else "",
    )
    _say_where_it_turns(real, supposed, voice, runtime.context)
    voice.say("what_if_kept")
    return voice.update()


def _say_where_it_turns(real: Interview, supposed: dict[str, FactEntry], voice: Voice, context: Context) -> None:
    """Say from which multiple of the one number that was supposed the verdict turns, where one was found."""
    (key, *others), known = list(supposed), known_values(real)
    now, spec = known.get(key), spec_of(key)
    if others or spec.type != "number" or spec.maximum == 1 or not isinstance(now, int | float) or now <= 0:
        return
    flips = _named(context.assess_with_flips(portfolio_of(real)), current_workload(real)["name"]).flips
    flip = next((flip for flip in flips if flip.fact == key and isinstance(flip.to_value, int | float)), None)
    if flip is None or not isinstance(flip.to_value, int | float):
        voice.say("what_if_never_turns", fact=spec.label.lower())
        return
    times = flip.to_value / now
    voice.say(
        "what_if_turns",
        deployment=deployment_words(flip.deployment),
        way="From" if times > 1 else "At or below",
        times=f"{float(f'{times:.2g}'):,.10g}",
        value=fact_words(key, flip.to_value),
    )


def _named(assessment: Assessment, name: str) -> WorkloadAssessment:
    return next(workload for workload in assessment.workloads if workload.name == name)


def _assessed(state: Interview, name: str, context: Context) -> WorkloadAssessment:
    return _named(context.assess(portfolio_of(state)), name)


def _supposed(state: Interview) -> dict[str, FactEntry]:
    """Return the supposed facts; a multiple scales the volume that is known."""
    reading = state["reading"]
    entries: dict[str, FactEntry] = {}
    for item in reading["supposed"]:
        try:
            if item["fact"] in fact_dictionary():
                entries[item["fact"]] = entry_of(check_value(spec_of(item["fact"]), item["value"]), item["quote"])
        except InvalidInput:
            continue
    if entries:
        return entries
    factor, known = _factor(state["inbox"]["text"]), known_values(state)
    key = next((volume for volume in _VOLUMES if volume in known), None)
    if factor is None or key is None:
        return {}
    return {key: entry_of(_scaled(known[key], factor), state["inbox"]["text"])}


def _factor(text: str) -> float | None:
    match = _TIMES.search(text)
    if match is None:
        return None
    if match["tenfold"]:
        return 10.0
    if match["number"]:
        return float(match["number"].replace(",", "."))
    return next(value for stem, value in _WORDS.items() if match["word"].lower().startswith(stem))


def _scaled(value: FactValue, factor: float) -> FactValue:
    if isinstance(value, Range):
        return Range(value.low * factor, value.high * factor)
    return float(value) * factor if isinstance(value, int | float) else value


def _difference(before: Verdict, after: Verdict) -> str:
    if before.monthly_usd is None or after.monthly_usd is None:
        return f"It would run {money_words(after.monthly_usd)}. "
    change = after.monthly_usd.expected - before.monthly_usd.expected
    if abs(change) < 0.005:
        return "The cost does not change. "
    sign = "+" if change > 0 else "-"
    return f"{sign}{usd_words(abs(change))} a month, {usd_words(after.monthly_usd.expected)} in all. "
