"""Composes the text that would leave from an assessment and its facts. It sends and decides nothing.

Left out by default, because they may carry private words: the quotes behind the facts, facts that are free
text, and the names of the workloads, which become letters.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from agent.escalation.request import OutgoingRequest
from agent.wording import fact_words, number_words, percent_words, usd_words
from models.claude_destination import Destination
from tools.errors import UnknownName
from tools.facts import Fact, FactValue, Portfolio, Range, Workload, spec_of

_CHEAPEST_OF_EACH = 3  # options per deployment: an assessment compares more than a hundred
_ANSWER_TOKENS = 1200  # the prompt asks for 300 words; the rest is room to spare


def compose_request(
    assessment: Mapping[str, Any],
    portfolio: Portfolio,
    question: str | None,
    *,
    destination: Destination,
    workload: str | None = None,
    include_quotes: bool = False,
) -> OutgoingRequest:
    """Compose the second-opinion request for one workload, or for all of them.

    Args:
        assessment: the contract's JSON, as `assessment_to_json` returns it.
        question: the user's own words, sent as they are.
    """
    chosen = [w for w in portfolio.workloads if workload in (None, w.name)]
    if not chosen:
        raise UnknownName.of("workload", workload or "", [w.name for w in portfolio.workloads])
    labels = {w.name: f"Workload {_letter(number)}" for number, w in enumerate(portfolio.workloads)}
    results = {plain["name"]: plain for plain in assessment["workloads"]}
    known = [portfolio.organization.facts, *(w.facts for w in chosen)]
    text = _template("request.md.jinja").render(
        as_of=assessment["as_of"],
        organization=_fact_lines(portfolio.organization.facts, include_quotes),
        workloads=[_workload_view(w, results[w.name], labels, include_quotes) for w in chosen],
        question=(question or "").strip(),
    )
    return OutgoingRequest(
        destination=destination,
        system=files("agent.escalation").joinpath("second_opinion.md").read_text(encoding="utf-8").strip(),
        text=text.strip(),
        left_out=tuple(_left_out(known, labels, include_quotes)),
        max_tokens=_ANSWER_TOKENS,
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # The text goes to a language model and is shown as text, so nothing is escaped as HTML.
    return Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)


def _template(name: str) -> Any:
    return _environment().from_string(files("agent.escalation").joinpath(name).read_text(encoding="utf-8"))


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else str(number + 1)


def _is_private(key: str) -> bool:
    return spec_of(key).type == "text"


def _fact_lines(facts: Mapping[str, Fact], include_quotes: bool) -> list[str]:
    lines = []
    for fact in facts.values():
        if not _is_private(fact.key):
            # What a document of the user's says never leaves, whatever is agreed to.
            theirs = include_quotes and fact.quote and fact.state != "imported"
            quote = f' (in their words: "{fact.quote}")' if theirs else ""
            lines.append(f"{fact_words(fact.key, fact.value)}{quote}")
    return lines


def _left_out(known: Iterable[Mapping[str, Fact]], labels: Mapping[str, str], include_quotes: bool) -> Iterable[str]:
    facts = [fact for group in known for fact in group.values()]
    names = ", ".join(f"{name!r} is called {label}" for name, label in labels.items())
    yield f"names of workloads: {names}"
    private = [spec_of(fact.key).label for fact in facts if _is_private(fact.key)]
    if private:
        yield f"facts in free text: {', '.join(private)}"
    quotes = sum(bool(fact.quote) for fact in facts)
    if quotes and not include_quotes:
        yield f"the words behind the facts ({quotes} quote{'s' if quotes > 1 else ''})"
    yield "the conversation, your own documents, the cost lines and the guidance"


def _workload_view(
    workload: Workload, result: Mapping[str, Any], labels: Mapping[str, str], include_quotes: bool
) -> dict[str, Any]:
    def plain(text: str) -> str:
        return _without_names(text, labels)

    options = result["options"]
    return {
        "label": labels[workload.name],
        "facts": _fact_lines(workload.facts, include_quotes),
        "verdict": _verdict_line(result["verdict"]),
        "reasons": [plain(reason) for reason in result["verdict"].get("reasons", ())],
        "options": _feasible_lines([option for option in options if option["feasible"]]),
        "ruled_out": [plain(line) for line in _ruled_out_lines(options)],
        "break_even": plain(_break_even_line(result["break_even"])),
        "flips": [_flip_line(flip) for flip in result["flips"]],
        "assumptions": [plain(f"{_label(a['fact'])}: {a['value']}") for a in result["assumptions"]],
    }


def _without_names(text: str, labels: Mapping[str, str]) -> str:
    for name in sorted(labels, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", labels[name], text, flags=re.I)
    return text


def _feasible_lines(feasible: Iterable[Mapping[str, Any]]) -> list[str]:
    kept: list[Mapping[str, Any]] = []
    more: Counter[str] = Counter()
    for option in sorted(feasible, key=_expected):
        deployment = option["deployment"]
        if sum(other["deployment"] == deployment for other in kept) < _CHEAPEST_OF_EACH:
            kept.append(option)
        else:
            more[deployment] += 1
    rest = [
        f"and {count} more of {_deployment(deployment)}, none of them cheaper as far as known"
        for deployment, count in more.items()
    ]
    return [_option_line(option) for option in kept] + rest


def _ruled_out_lines(options: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return one line per gate; the first gate that an option met stands for it."""
    by_gate: dict[str, list[str]] = {}
    for option in options:
        if not option["feasible"]:
            name = option["model"] or _deployment(option["deployment"])
            models = by_gate.setdefault(option["blockers"][0]["text"], [])
            if name not in models:
                models.append(name)
    return [f"{text} ({_first_names(models)})" for text, models in by_gate.items()]


def _first_names(names: list[str]) -> str:
    rest = len(names) - _CHEAPEST_OF_EACH
    shown = ", ".join(names[:_CHEAPEST_OF_EACH])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _expected(option: Mapping[str, Any]) -> float:
    money = option["monthly_usd"]
    return float(money["expected"]) if money else float("inf")


def _verdict_line(verdict: Mapping[str, Any]) -> str:
    fallback = verdict["fallback"]
    line = f"{_option_line(verdict)}; {verdict['clarity'].replace('_', ' ')}"
    line += f", chosen in {percent_words(round(verdict['probability'], 2))} of the calculated cases"
    if fallback:
        line += f"; fall-back: {_deployment(fallback['deployment'])}, {fallback['model']}"
    return line


def _option_line(option: Mapping[str, Any]) -> str:
    parts = [_deployment(option["deployment"]), option["model"], option["provider"], option["hardware"]]
    money = option["monthly_usd"]
    if money:
        low, expected, high = (usd_words(money[key]) for key in ("low", "expected", "high"))
        parts.append(f"{expected} a month ({low} to {high})")
    else:
        parts.append("cost not known")
    return ", ".join(part for part in parts if part)


def _break_even_line(point: Mapping[str, Any]) -> str:
    tokens = point["tokens_per_month"]
    if tokens is None:
        return f"never against {point['against']}: {point['reason'].removeprefix('never: ')}"
    at = f"{number_words(round(tokens))} tokens a month"
    against = f" against {point['against']}" if point["against"] else ""
    return f"{at}{against}{': ' if point['reason'] else ''}{point['reason']}"


def _flip_line(flip: Mapping[str, Any]) -> str:
    change = fact_words(flip["fact"], _value(flip["to"]))
    before = flip["from"]
    was = f" (now: {fact_words(flip['fact'], _value(before))})" if before is not None else ""
    return f"{change}{was}: then {_deployment(flip['deployment'])}"


def _deployment(name: str) -> str:
    # The adviser's own words for it ("your own servers") speak to the team; this text speaks to an outsider.
    return name.replace("_", " ")


def _label(key: str) -> str:
    return spec_of(key).label


def _value(plain: Any) -> FactValue:
    if isinstance(plain, list):
        numbers = all(isinstance(item, int | float) for item in plain)
        return Range(float(plain[0]), float(plain[1])) if numbers else tuple(plain)
    value: FactValue = plain
    return value
