"""A bill: items per draw, and the lines that the reader sees. It knows no price."""

from dataclasses import dataclass, replace

import numpy as np

from tools.assessment import CostLine
from tools.draws import Floats, Mask


@dataclass(frozen=True, slots=True)
class BillItem:
    """One item of a monthly bill per draw: `amount_usd` is what `quantity` costs, averaged over the horizon."""

    name: str
    unit: str
    quantity: Floats
    amount_usd: Floats
    source: str

    def line(self, where: Mask | None = None) -> CostLine:
        """Return the mean over the draws, or over some of them, as one line."""
        quantity, amount = _mean(self.quantity, where), _mean(self.amount_usd, where)
        return CostLine(self.name, quantity, self.unit, amount / quantity if quantity else None, amount, self.source)

    def named(self, suffix: str) -> "BillItem":
        """Return the same item with words added to its name."""
        return replace(self, name=f"{self.name}{suffix}")


def _mean(values: Floats, where: Mask | None) -> float:
    values = np.asarray(values)
    return float(np.mean(values if where is None or values.size == 1 else values[where]))


@dataclass(frozen=True, slots=True)
class Bill:
    """All items of one option."""

    items: tuple[BillItem, ...]

    @property
    def total_usd(self) -> Floats:
        """US dollars per month and draw."""
        return np.asarray(sum((item.amount_usd for item in self.items), np.asarray(0.0)))

    def lines(self) -> tuple[CostLine, ...]:
        """Return the items that cost something; their sum is the mean of the total where all prices are known."""
        known = np.isfinite(self.total_usd)
        if not np.any(known):
            return tuple(item.line() for item in self.items if np.all(np.isfinite(item.amount_usd)))
        where = known if known.size > 1 else None
        return tuple(item.line(where) for item in self.items if np.any(item.amount_usd != 0))
