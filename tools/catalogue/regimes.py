"""What each regulation asks of a provider and of the user, and when duties begin. It knows no vendor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records

FILE = "regimes.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One regulation; `on_provider` says whether a provider must be on record for it, show safeguards, or nothing."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    name: str
    on_provider: Literal["record", "safeguards", "nothing"]
    why: str
    sign: str
    yours: tuple[str, ...]
    source: str
    checked: date
    confidence: Confidence

    @property
    def cited(self) -> str:
        """The legal source, with date and confidence, as a finding shows it."""
        return f"{self.source} (tools/data/{FILE}, checked {self.checked.isoformat()}) [{self.confidence}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDate:
    """The day from which a group of duties of the EU AI Act applies."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    since: date
    duty: str
    high_risk: bool = False
    transparency: bool = False
    source: str
    confidence: Confidence


@cache
def regimes() -> Mapping[str, Regime]:
    """Load all regulations, by the value of the fact `regulations`."""
    return by_id(FILE, load_records(FILE, "regimes", Regime))


@cache
def ai_act_dates() -> tuple[DutyDate, ...]:
    """Load when the duties of the EU AI Act begin, the earliest first."""
    return tuple(sorted(load_records(FILE, "ai_act_dates", DutyDate), key=lambda entry: entry.since))
