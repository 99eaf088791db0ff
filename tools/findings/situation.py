"""What a rule looks at: one evaluated workload and the option chosen for it. It holds no rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from tools.assessment import Axis, Finding, Severity
from tools.catalogue.vendors import Vendor
from tools.draws import Mask
from tools.evaluate import Evaluation
from tools.facts import fact_dictionary
from tools.options import Option
from tools.people import people_items
from tools.price_seasons import months_from

Findings = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class Situation:
    """A workload with its chosen option: `option` on its hardware, `legs` its parts (itself where it has none).

    A rule speaks only of what was stated; what is drawn from a prior says nothing about this workload.
    """

    evaluation: Evaluation
    index: int
    option: Option
    legs: tuple[Option, ...]
    monthly_usd: float

    @property
    def on(self) -> date:
        """The day of the assessment."""
        return self.evaluation.on

    @property
    def planning_end(self) -> date:
        """The last day of the planning horizon, to the 28th of its month."""
        return months_from(self.on)[-1].replace(day=28)

    def stated(self, key: str) -> bool:
        """Say whether a fact was stated."""
        return key in self.evaluation.draws.known

    def says(self, key: str, *values: str) -> bool:
        """Say whether a stated fact has one of the values, or contains one where it is a set; flags are 'true'."""
        known = self.evaluation.draws.known.get(key)
        if known is None:
            return False
        if isinstance(known, tuple):
            return any(value in known for value in values)
        return (str(known).lower() if isinstance(known, bool) else str(known)) in values

    def listed(self, key: str) -> tuple[str, ...]:
        """Return the values of a stated set, without 'none'; empty where it was not stated."""
        known = self.evaluation.draws.known.get(key)
        values = known if isinstance(known, tuple) else (str(known),) if known is not None else ()
        return tuple(value for value in values if value != "none")

    def number(self, key: str) -> float | None:
        """Return a stated number, of a range the middle of the draws; None where it was not stated."""
        return float(np.mean(self.evaluation.draws.number(key))) if self.stated(key) else None

    @property
    def outside(self) -> tuple[Option, ...]:
        """The parts whose requests leave the organization's own servers."""
        return tuple(leg for leg in self.legs if leg.is_external)

    @property
    def own(self) -> tuple[Option, ...]:
        """The parts that run on own servers."""
        return tuple(leg for leg in self.legs if leg.server is not None)

    @property
    def may_go_out(self) -> bool:
        """Say whether the rules let any outside option through in most draws."""
        return bool((self.evaluation.mostly_allowed & self.apis).any())

    @property
    def apis(self) -> Mask:
        """Which options are APIs alone, not a router that may have own servers in it."""
        return np.array([option.is_external and not parts_of(option) for option in self.evaluation.options])

    def held_back_by(self, rule: str, among: Mask, saving: float) -> list[int]:
        """Return the options that only one gate keeps out in most draws and that save a share of the bill, cheapest
        first."""
        evaluation, usd = self.evaluation, self.evaluation.mean_usd
        if rule not in evaluation.blocked:
            return []
        blocked = {name: mask.mean(axis=1) > 0.5 for name, mask in evaluation.blocked.items()}
        others = np.any([mask for name, mask in blocked.items() if name != rule], axis=0)
        found = np.flatnonzero(among & ~others & blocked[rule] & (usd < self.monthly_usd * (1 - saving)))
        return [int(i) for i in found[np.argsort(usd[found], kind="stable")]]

    @property
    def vendors(self) -> tuple[Vendor, ...]:
        """The vendors of the outside parts, each once."""
        found = {leg.vendor.id: leg.vendor for leg in self.outside if leg.vendor is not None}
        return tuple(found.values())


def situation_of(evaluation: Evaluation, index: int) -> Situation:
    """Return what the rules look at for a chosen option."""
    option = evaluation.on_hardware(index)
    return Situation(evaluation, index, option, parts_of(option) or (option,), float(evaluation.mean_usd[index]))


def parts_of(option: Option) -> tuple[Option, ...]:
    """Return the parts of a router, empty for anything else."""
    return tuple(getattr(option, "legs", ()))


def finding(axis: Axis, severity: Severity, rule: str, text: str, source: str) -> Finding:
    """Return one finding."""
    return Finding(axis, severity, rule, text, source)


def people_usd(situation: Situation) -> float:
    """Return what people cost of the recommended option: US dollars a month, mean over the draws."""
    items = people_items(situation.option, situation.evaluation.draws)
    return sum(float(np.mean(item.amount_usd)) for item in items)


def short(model: str) -> str:
    """Return a model's name without its publisher."""
    return model.rsplit("/", 1)[-1]


def labels(key: str, values: tuple[str, ...]) -> str:
    """Return the dictionary's words for some values of a fact, joined by commas."""
    spec = fact_dictionary()[key]
    return ", ".join(spec.labels.get(value, value) for value in values)
