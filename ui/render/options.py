"""Chooses which of the many options a report compares, and groups the others by the rule against them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from agent.wording import chance_words, deployment_words, join_words
from tools.assessment import Blocker, OptionResult, Verdict, WorkloadAssessment
from tools.facts import Fact, spec_of
from ui.render.document import OptionRow, RuledOut
from ui.render.words import fact_value_words, money_words

# A reader compares a handful; the JSON report has all of them.
_WINNERS = 5
_PER_KIND = 2
_LEAST = 4


def option_rows(workload: WorkloadAssessment) -> tuple[OptionRow, ...]:
    """Return the chosen option first, then its rivals: winners of some cases, the best of each kind, the fall-back."""
    chosen = chosen_option(workload)
    passing = sorted((o for o in workload.options if o.feasible), key=lambda o: (-o.share_of_draws, _expected(o)))
    picked = [chosen] if chosen else []
    picked += [option for option in passing if option.share_of_draws > 0][:_WINNERS]
    for kind in dict.fromkeys(option.deployment for option in passing):
        picked += [option for option in passing if option.deployment == kind][:_PER_KIND]
    fallback = workload.verdict.fallback
    picked += [o for o in passing if fallback and (o.deployment, o.model) == (fallback.deployment, fallback.model)][:1]
    shown = list(dict.fromkeys(picked))
    shown += [option for option in passing if option not in shown][: max(0, _LEAST - len(shown))]
    shown = shown[:1] + sorted(shown[1:], key=_expected)
    return tuple(_row(option, workload.verdict, option is chosen) for option in shown)


def chosen_option(workload: WorkloadAssessment) -> OptionResult | None:
    """Return the option that the verdict names, or None where nothing passes."""
    verdict = workload.verdict
    key = (verdict.deployment, verdict.model, verdict.provider)
    return next((o for o in workload.options if (o.deployment, o.model, o.provider) == key), None)


def nothing_passes(workload: WorkloadAssessment) -> bool:
    """Say that the rules exclude every option; a workload may also need none."""
    return not any(option.feasible for option in workload.options)


def left_out_words(workload: WorkloadAssessment, shown: int) -> str:
    """Say how many options were considered and are not in the table."""
    passing = sum(option.feasible for option in workload.options)
    ruled_out = len(workload.options) - passing
    return (
        f"{len(workload.options)} options were considered: {passing} pass the rules "
        f"({min(shown, passing)} of them are shown), {ruled_out} are ruled out."
    )


def ruled_out_rows(workload: WorkloadAssessment, facts: Mapping[str, Fact]) -> tuple[RuledOut, ...]:
    """Return one row per rule, the one that rules out most first; an option may break several."""
    groups: dict[Blocker, list[OptionResult]] = {}
    for option in workload.options:
        for blocker in option.blockers:
            groups.setdefault(blocker, []).append(option)
    ranked = sorted(groups.items(), key=lambda group: -len(group[1]))
    return tuple(_ruled_out(blocker, options, facts) for blocker, options in ranked)


def _row(option: OptionResult, verdict: Verdict, is_chosen: bool) -> OptionRow:
    fallback = verdict.fallback
    is_fallback = fallback is not None and (option.deployment, option.model) == (fallback.deployment, fallback.model)
    return OptionRow(
        kind=deployment_words(option.deployment),
        model=option.model,
        place=option.hardware or option.provider,
        money=money_words(option.monthly_usd),
        wins=chance_words(option.share_of_draws) if option.share_of_draws > 0 else "–",
        note="recommended" if is_chosen else "fall-back" if is_fallback else "",
    )


def _ruled_out(blocker: Blocker, options: Sequence[OptionResult], facts: Mapping[str, Fact]) -> RuledOut:
    alone = [option for option in options if option.monthly_usd and len(option.blockers) == 1]
    cheapest = min(alone, key=_expected, default=None)
    known = [facts[key] for key in blocker.facts if key in facts]
    return RuledOut(
        text=blocker.text,
        because="; ".join(f"{spec_of(f.key).label}: {fact_value_words(f.key, f.value)}" for f in known),
        count="1 option" if len(options) == 1 else f"{len(options)} options",
        kinds=_kind_words(option.deployment for option in options),
        cheapest=_named(cheapest) if cheapest else "",
        source=blocker.source,
    )


def _named(option: OptionResult) -> str:
    price = money_words(option.monthly_usd).expected
    return f"{option.model} on {deployment_words(option.deployment)} at {price} a month"


def _kind_words(deployments: Iterable[str]) -> str:
    counts = Counter(deployments)
    return join_words(f"{deployment_words(kind)}: {number}" for kind, number in counts.most_common())


def _expected(option: OptionResult) -> float:
    return option.monthly_usd.expected if option.monthly_usd else float("inf")
