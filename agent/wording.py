"""Says facts, sums and verdicts in words. Every figure comes from its arguments; it chooses nothing."""

from collections.abc import Callable, Iterable, Mapping

from agent.prompts import speech_table
from tools.assessment import MoneyRange, Verdict, WorkloadAssessment
from tools.facts import FactSpec, FactValue, Range, spec_of


def number_words(value: float) -> str:
    """Write a number with thousands separators and no needless decimals, exactly from one up."""
    if abs(value) >= 1e6 and value == float(f"{value:.3g}"):
        return short_number_words(value)
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) >= 1 else f"{value:.4g}"


def stated_number_words(value: float) -> str:
    """Write a number that somebody stated: as it is where it is whole or short, else with three significant figures.

    A long fraction comes from a conversion ("9,000 a week" is kept as 1,285.714… a day), and its decimals say nothing.
    """
    if abs(value) < 1 or value == round(value, 2 if abs(value) < 100 else 1):
        return number_words(value)
    return number_words(float(f"{value:.3g}"))


def short_number_words(value: float) -> str:
    """Write a large number with three digits: '1.25 billion'."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            return f"{float(f'{value / size:.3g}'):,.10g} {name}"
    return number_words(float(f"{value:.3g}"))


def percent_words(share: float) -> str:
    """Write a share as a percentage: as it was said where it is short, else with three significant figures.

    Near one the decimals are what matters, so that three of them are kept.
    """
    percent = share * 100
    if abs(percent - round(percent, 4)) < 1e-9 or abs(share) >= 0.9:
        return f"{round(percent, 4 if abs(percent - round(percent, 4)) < 1e-9 else 3):g}%"
    return f"{percent:.3g}%"


def usd_words(amount: float) -> str:
    """Write US dollars: cents only below ten dollars."""
    return f"${amount:,.0f}" if abs(amount) >= 10 else f"${amount:,.2f}"


def chance_words(probability: float) -> str:
    """Write a probability as whole percent, never as a false nought or a false certainty."""
    percent = int(probability * 100 + 0.5 + 1e-6)
    if percent >= 100 > probability * 100:
        return "more than 99%"
    return f"{percent}%" if percent >= 1 else "less than 1%"


def fact_words(key: str, value: FactValue) -> str:
    """Say one fact: '40,000 requests a day', 'task: labelling and routing'."""
    spec = spec_of(key)
    pattern: str | None = speech_table()["values"].get(key)
    if pattern is None:
        return f"{spec.label[0].lower()}{spec.label[1:]}: {value_words(spec, value)}"
    pattern = pattern.replace("{v}", value_words(spec, value))
    for field, write in (("n", stated_number_words), ("p", percent_words), ("usd", usd_words)):
        pattern = pattern.replace(f"{{{field}}}", _bounds(value, write))
    return pattern


def value_words(spec: FactSpec, value: FactValue) -> str:
    """Say a value without its fact."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return spec.labels.get(value, value.replace("_", " ") if spec.values else value)
        case tuple():
            return join_words(spec.labels.get(item, item.replace("_", " ")) for item in value)
        case _:
            return f"{_bounds(value, stated_number_words)} {spec.unit}".strip()


def _bounds(value: FactValue, write: Callable[[float], str]) -> str:
    if isinstance(value, Range):
        return f"{write(value.low)} to {write(value.high)}"
    return write(value) if isinstance(value, int | float) else str(value)


def join_words(items: Iterable[str], last: str = "and") -> str:
    """Join items as a sentence does: 'a, b and c'."""
    words = list(items)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def facts_words(values: Mapping[str, FactValue]) -> str:
    """Say several facts, separated by semicolons."""
    return "; ".join(fact_words(key, value) for key, value in values.items())


def deployment_words(deployment: str) -> str:
    """Say a deployment: 'your own servers'."""
    return str(speech_table()["deployments"][deployment])


def clarity_words(clarity: str) -> str:
    """Say how clear a verdict is."""
    return str(speech_table()["clarity"][clarity])


def money_words(money: MoneyRange | None) -> str:
    """Say a monthly sum with its range; an unknown price is said to be unknown."""
    if money is None:
        return "at a price that I do not know"
    if round(money.low) == round(money.high):
        return f"about {usd_words(money.expected)} a month"
    return f"about {usd_words(money.expected)} a month ({usd_words(money.low)} to {usd_words(money.high)})"


def verdict_words(name: str, verdict: Verdict) -> str:
    """Say a verdict in one or two sentences."""
    what = deployment_words(verdict.deployment)
    if verdict.model:
        what += f" with {verdict.model}"
    if verdict.hardware:
        what += f" on {verdict.hardware}"
    elif verdict.provider:
        what += f" from {verdict.provider}"
    sure = f"{clarity_words(verdict.clarity)}: best in {chance_words(verdict.probability)}"
    cost = money_words(verdict.monthly_usd)
    return f"{name} belongs on {what}, {cost} ({sure} of the cases I calculated)."


def break_even_words(workload: WorkloadAssessment) -> str:
    """Say at which multiple of the present volume own servers cost as much as the API."""
    point = workload.break_even
    if point.tokens_per_month is None:
        reason = point.reason.removeprefix("never: ").rstrip(".")
        return f"Own servers never break even with {point.against}: {reason}." if reason else ""
    tokens = short_number_words(point.tokens_per_month)
    text = f"Own servers break even with {point.against} at {tokens} tokens a month"
    if workload.tokens_per_month > 0 and point.tokens_per_month > 0:
        times = point.tokens_per_month / workload.tokens_per_month
        return f"{text}, {float(f'{times:.2g}'):,.10g} times this volume."
    return f"{text}."


def assumption_words(spec: FactSpec) -> str:
    """Say what is assumed of a fact that nobody stated, with the reason."""
    prior = spec.prior
    if prior is None:
        return "nothing special"
    if prior.weights:
        likely = max(prior.weights.items(), key=lambda item: item[1])[0]
        value: FactValue = (likely == "true") if spec.type == "flag" else likely
        many = len(prior.weights) > 1
        said = value_words(spec, value)
        if not said:
            return prior.why
        return f'{"mostly " if many else ""}"{said}" ({prior.why})'
    low, high = prior.low, prior.high
    if low is None or high is None:
        return prior.why
    return f"{fact_words(spec.key, Range(low, high))} ({prior.why})"
