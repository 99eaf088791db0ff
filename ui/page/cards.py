"""Makes the cards beside the conversation of what is known of a session. It knows no widget and computes no cost."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from agent.nodes.tell import FEWEST_FACTS
from agent.view import SessionView, WorkloadView
from agent.wording import break_even_words, chance_words, clarity_words, deployment_words, usd_words, value_words
from tools.assessment import CostLine, Flip, OptionResult, Verdict, WorkloadAssessment
from tools.facts import Fact, FactSpec, Range, fact_dictionary, plain_value, spec_of
from ui.page.replies import Replies, choices_of

_STATES = {
    "stated": "in your words",
    "confirmed": "set by you on the page",
    "imported": "from a file",
    "assumed": "assumed",
}


def card(name: str, **values: Any) -> str:
    """Fill in a template of this folder; every value is escaped.

    Braces are written as entities: the HTML widget reads what it is given as a Handlebars template, and a
    message with `{{` in it must stay a message.
    """
    html = _environment().get_template(f"{name}.html.jinja").render(**values)
    return html.replace("{", "&#123;").replace("}", "&#125;")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    folder = files("ui.page").joinpath("templates")
    return Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def verdict_card(view: SessionView, name: str) -> str:
    """Return the verdict on a workload, or what is missing for one."""
    workload, result = _workload(view, name), result_of(view, name)
    if not is_known(view, name):
        return card("no_verdict", facts=len(workload.facts) + len(view.organization))
    verdict = result.verdict
    return card(
        "verdict",
        where=deployment_words(verdict.deployment),
        verdict=verdict,
        provider="" if verdict.deployment == "self_hosted" else verdict.provider,
        clarity=clarity_words(verdict.clarity),
        money=_money(verdict),
        chance=chance_words(verdict.probability),
        percent=round(verdict.probability * 100),
        break_even=break_even_words(result),
        fallback=deployment_words(verdict.fallback.deployment) if verdict.fallback else "",
    )


def facts_card(view: SessionView, name: str) -> str:
    """Return the facts heard, each with the words behind it, and the assumptions that stand in for the rest."""
    workload, result = _workload(view, name), result_of(view, name)
    return card(
        "facts",
        groups=[
            ("Your organization", [_fact_row(fact) for fact in view.organization]),
            (name, [_fact_row(fact) for fact in workload.facts]),
        ],
        count=len(view.organization) + len(workload.facts),
        assumptions=[{**_editor(spec_of(a.fact)), "value": a.value, "why": a.why} for a in result.assumptions],
        others=[_editor(spec) for spec in _unassumed(view, workload, result)],
    )


def costs_card(view: SessionView, name: str) -> str:
    """Return the monthly bill of the chosen option, line by line, and the best option of each kind."""
    result = result_of(view, name)
    if not is_known(view, name):
        return ""
    chosen = _chosen(result)
    return card(
        "costs",
        lines=[_cost_row(line) for line in chosen.cost_lines] if chosen else [],
        money=_money(result.verdict),
        kinds=_kinds(result),
        feasible=sum(option.feasible for option in result.options),
        total=len(result.options),
    )


def changes_card(view: SessionView, name: str, flips: Iterable[Flip] | None) -> str:
    """Return what would change the verdict; `flips` is None while they are being searched."""
    result = result_of(view, name)
    if not is_known(view, name):
        return ""
    return card(
        "changes",
        flips=None if flips is None else [_flip_row(flip) for flip in flips],
        questions=[(spec_of(q.fact).label, chance_words(q.flip_probability)) for q in result.questions[:3]],
    )


def board(view: SessionView, shown: str) -> str:
    """Return the workloads to choose from, each with where it belongs; empty for a single one."""
    if len(view.workloads) < 2:
        return ""
    rows = [
        {
            "name": workload.name,
            "where": deployment_words(result_of(view, workload.name).verdict.deployment)
            if is_known(view, workload.name)
            else "not known yet",
            "shown": workload.name == shown,
        }
        for workload in view.workloads
    ]
    return card("board", rows=rows)


def replies_bar(replies: Replies, asking: bool) -> str:
    """Return the buttons under the conversation: the answers that fit, and ways around the question."""
    return card("replies", replies=replies, asking=asking)


def _workload(view: SessionView, name: str) -> WorkloadView:
    return next(workload for workload in view.workloads if workload.name == name)


def result_of(view: SessionView, name: str) -> WorkloadAssessment:
    """Return what was computed for a workload."""
    return next(result for result in view.assessment.workloads if result.name == name)


def is_known(view: SessionView, name: str) -> bool:
    """Say whether the conversation tells a verdict on a workload by now; the page does not run ahead of it."""
    workload = _workload(view, name)
    keys = {fact.key for fact in workload.facts}
    return bool(keys) and ("task" in keys or len(keys) + len(view.organization) >= FEWEST_FACTS)


def _money(verdict: Verdict) -> Mapping[str, str] | None:
    money = verdict.monthly_usd
    if money is None:
        return None
    return {"low": usd_words(money.low), "expected": usd_words(money.expected), "high": usd_words(money.high)}


def _fact_row(fact: Fact) -> dict[str, Any]:
    spec = spec_of(fact.key)
    quote = fact.quote if fact.state in ("stated", "imported") else ""
    return {
        **_editor(spec, fact),
        "value": value_words(spec, fact.value),
        "quote": quote,
        "state": _STATES[fact.state],
    }


def _editor(spec: FactSpec, fact: Fact | None = None) -> dict[str, Any]:
    """Return what the form of one fact needs."""
    picked: tuple[str, ...] = ()
    typed = ""
    if fact is not None:
        value = fact.value
        picked = value if isinstance(value, tuple) else (str(value).lower() if spec.type == "flag" else str(value),)
        typed = f"{value.low:g} to {value.high:g}" if isinstance(value, Range) else str(plain_value(value))
    return {
        "key": spec.key,
        "label": spec.label,
        "help": spec.help,
        "type": spec.type,
        "unit": spec.unit,
        "choices": choices_of(spec),
        "picked": picked,
        "typed": typed if spec.type in ("number", "text") else "",
    }


def _unassumed(view: SessionView, workload: WorkloadView, result: WorkloadAssessment) -> list[FactSpec]:
    listed = {fact.key for fact in (*view.organization, *workload.facts)} | {a.fact for a in result.assumptions}
    return [spec for spec in fact_dictionary().values() if spec.key not in listed]


def _chosen(result: WorkloadAssessment) -> OptionResult | None:
    verdict = result.verdict
    wanted = (verdict.deployment, verdict.model, verdict.provider, verdict.hardware)
    return next((o for o in result.options if (o.deployment, o.model, o.provider, o.hardware) == wanted), None)


def _kinds(result: WorkloadAssessment) -> list[dict[str, str]]:
    """Return one row per kind of option: its cheapest that passes, or why none does."""
    rows: dict[str, dict[str, str]] = {}
    priced = sorted(result.options, key=lambda o: (not o.feasible, o.monthly_usd.expected if o.monthly_usd else 1e18))
    for option in priced:
        if option.deployment in rows:
            continue
        usd = usd_words(option.monthly_usd.expected) if option.monthly_usd else "price not known"
        rows[option.deployment] = {
            "where": deployment_words(option.deployment),
            "model": option.model if option.feasible else "",
            "usd": usd if option.feasible else "",
            "ruled_out": "" if option.feasible else option.blockers[0].text,
        }
    return list(rows.values())


def _cost_row(line: CostLine) -> dict[str, str]:
    return {
        "name": line.name,
        "quantity": f"{_figure(line.quantity)} {line.unit}",
        "price": "unknown" if line.unit_price_usd is None else _price(line.unit_price_usd),
        "amount": "unknown" if line.amount_usd is None else usd_words(line.amount_usd),
        "source": line.source,
    }


def _figure(quantity: float) -> str:
    return f"{quantity:,.0f}" if abs(quantity) >= 100 else f"{quantity:.3g}"


def _price(usd: float) -> str:
    return usd_words(usd) if usd == 0 or abs(usd) >= 0.1 else f"${usd:.2g}"


def _flip_row(flip: Flip) -> dict[str, str]:
    spec = spec_of(flip.fact)
    before = "" if flip.from_value is None else value_words(spec, flip.from_value)
    return {
        "label": spec.label,
        "before": before,
        "after": value_words(spec, flip.to_value),
        "where": deployment_words(flip.deployment),
    }
