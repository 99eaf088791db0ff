"""Makes the sliders of the what-ifs and the answer to them. It stores nothing and knows no widget."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from agent.view import SessionView
from agent.wording import chance_words, deployment_words, usd_words
from tools.assessment import MoneyRange, Verdict
from tools.errors import InvalidInput, UnknownName
from tools.facts import Portfolio
from ui.page.cards import card, is_known, result_of

if TYPE_CHECKING:
    from tools.explore import Explored, Slider

STEPS = 200


def what_if_card(view: SessionView, portfolio: Portfolio, name: str) -> str:
    """Return the sliders of a workload beside its verdict of today; nothing while there is none."""
    if not any(w.name == name for w in view.workloads) or not is_known(view, name):
        return ""
    from tools.explore import sliders_for

    verdict = result_of(view, name).verdict
    return card(
        "what_if",
        session=view.id,
        workload=name,
        steps=STEPS,
        sliders=[_row(slider) for slider in sliders_for(portfolio, name)],
        today=_told(verdict.deployment, verdict.model, verdict.hardware, verdict.monthly_usd, verdict.probability),
    )


def verdict_of(view: SessionView, name: str) -> Verdict:
    """Return the verdict on a workload.

    Raises:
        UnknownName: there is no such workload.
    """
    names = [workload.name for workload in view.workloads]
    if name not in names:
        raise UnknownName.of("workload", name, names)
    return result_of(view, name).verdict


def what_if_answer(portfolio: Portfolio, name: str, moved: Mapping[str, str], today: Verdict, as_of: date) -> str:
    """Return the verdict with some numbers moved, as a piece of the card, beside the verdict of `today`.

    Raises:
        InvalidInput: a number does not fit its fact.
    """
    from tools.explore import OFFERED, explore

    changes = {key: _number(key, text) for key, text in moved.items() if key in OFFERED}
    found = explore(portfolio, name, changes, as_of)
    told = _told(found.deployment, found.model, found.place, found.monthly_usd, found.probability)
    return card("what_if_answer", then=told, moves=found.deployment != today.deployment, more=_more(found, today))


def _row(slider: "Slider") -> dict[str, Any]:
    return {
        "fact": slider.fact,
        "label": slider.label,
        "unit": "USD" if slider.unit.startswith("USD") else "",
        "percent": slider.least >= -1 and slider.most <= 1,
        "least": slider.least,
        "most": slider.most,
        "value": slider.value,
        "logarithmic": "true" if slider.logarithmic else "false",
        "place": round(slider.share() * STEPS),
        "stated": slider.stated,
    }


def _told(deployment: str, model: str, place: str, money: MoneyRange | None, probability: float) -> dict[str, str]:
    words = deployment_words(deployment)
    return {
        "where": words[:1].upper() + words[1:],
        "model": model,
        "place": place,
        "usd": usd_words(money.expected) if money else "price not known",
        "range": f"{usd_words(money.low)} to {usd_words(money.high)}" if money else "",
        "chance": chance_words(probability),
    }


def _more(found: "Explored", today: Verdict) -> str:
    """Say how much more or less it costs than today."""
    if found.monthly_usd is None or today.monthly_usd is None:
        return ""
    change = found.monthly_usd.expected - today.monthly_usd.expected
    if abs(change) < 1:
        return "as much as today"
    return f"{usd_words(abs(change))} {'more' if change > 0 else 'less'} a month"


def _number(key: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InvalidInput(f"{key}: {text!r} does not fit; expected a number") from error
