"""What-ifs fast enough for a slider: the verdict of one workload with a few numbers changed. It stores nothing.

The facts are evaluated over the same draws as in the full assessment, with all options, so that the choice and its
cost are the same; nothing is explained, searched or planned.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tools.assess import DRAWS, facts_of
from tools.assessment import Deployment, MoneyRange
from tools.assumptions import assuming
from tools.bills import bill_of
from tools.curves import workload_of
from tools.draws import draw_facts
from tools.evaluate import evaluate_draws
from tools.facts import Fact, FactSpec, FactValue, Portfolio, Range, check_value, fact_dictionary, spec_of
from tools.verdict import choose_option, deployment_share, hardware_text, money

# How far each slider goes from where it stands, in the order in which they are offered: a factor both ways, or fixed
# ends. They bound a control on a screen and enter no computation.
_FACTORS = {
    "requests_per_day": 100.0,
    "output_tokens": 10.0,
    "input_tokens": 10.0,
    "peak_factor": 8.0,
    "engineer_cost": 3.0,
}
_ENDS = {"cached_share": (0.0, 1.0), "monthly_growth": (-0.1, 0.4), "platform_engineers": (0.0, 10.0)}
OFFERED = (*_FACTORS, *_ENDS)


@dataclass(frozen=True, slots=True)
class Explored:
    """The verdict under the changed facts; the cost is None where nothing passes or no price is known."""

    deployment: Deployment
    model: str
    place: str
    probability: float
    monthly_usd: MoneyRange | None


@dataclass(frozen=True, slots=True)
class Slider:
    """A number to move: its fact, where it stands (stated or assumed), and how far it goes.

    `logarithmic` sliders move over a factor, the others in equal steps; `stated` says that the value is the user's.
    """

    fact: str
    label: str
    unit: str
    value: float
    least: float
    most: float
    logarithmic: bool
    stated: bool

    def at(self, share: float) -> float:
        """Return the value at a place of the slider, 0 to 1, to three significant digits."""
        if self.logarithmic:
            found = self.least * (self.most / self.least) ** share
        else:
            found = self.least + (self.most - self.least) * share
        return _three_digits(found)

    def share(self) -> float:
        """Return the place, 0 to 1, of the value."""
        if self.logarithmic:
            return math.log(self.value / self.least) / math.log(self.most / self.least)
        return (self.value - self.least) / (self.most - self.least)


def explore(
    portfolio: Portfolio, name: str, changes: Mapping[str, FactValue], as_of: date, *, seed: int = 0
) -> Explored:
    """Decide one workload with some facts changed; no changes give the full assessment's choice.

    Raises:
        UnknownName: no workload or fact of that name.
        InvalidInput: a value does not fit its fact.
    """
    facts = dict(facts_of(portfolio.organization, workload_of(portfolio, name)))
    for key, value in changes.items():
        checked = check_value(spec_of(key), value)
        facts[key] = replace(facts[key], value=checked) if key in facts else Fact(key, checked, "", "assumed")
    with assuming(portfolio.assumptions):
        evaluation = evaluate_draws(draw_facts(facts, DRAWS, seed), as_of)
        chosen = choose_option(evaluation)
        if chosen is None:
            return Explored("no_llm", "", "", 0.0, None)
        option = evaluation.on_hardware(chosen)
        usd = bill_of(option, evaluation.volume, evaluation.draws, as_of).total_usd
        return Explored(
            deployment=option.deployment,
            model=option.model,
            place=hardware_text(evaluation, option) or option.provider,
            probability=deployment_share(evaluation, option.deployment),
            monthly_usd=money(usd, evaluation.draws.count),
        )


def sliders_for(portfolio: Portfolio, name: str) -> tuple[Slider, ...]:
    """Return the numbers worth moving for a workload, stated ones at their value, others at the usual assumption."""
    facts = facts_of(portfolio.organization, workload_of(portfolio, name))
    found = (_slider(fact_dictionary()[key], facts.get(key)) for key in OFFERED if key in fact_dictionary())
    return tuple(slider for slider in found if slider is not None)


def _slider(spec: FactSpec, fact: Fact | None) -> Slider | None:
    value = _middle(fact.value) if fact is not None else spec.prior.usual if spec.prior else None
    if value is None:
        return None
    if spec.key in _ENDS:
        least, most = _ENDS[spec.key]
        least, most = min(least, value), max(most, value)
    elif value > 0:
        factor = _FACTORS[spec.key]
        least = max(value / factor, spec.minimum or 0.0)
        most = min(value * factor, spec.maximum or math.inf)
    else:
        return None
    if not least <= value <= most or least == most:
        return None
    return Slider(spec.key, spec.label, spec.unit, value, least, most, spec.key in _FACTORS, fact is not None)


def _middle(value: FactValue) -> float | None:
    if isinstance(value, Range):
        return (value.low + value.high) / 2
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _three_digits(value: float) -> float:
    return float(f"{value:.3g}")
