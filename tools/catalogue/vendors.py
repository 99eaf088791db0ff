"""Vendors, platforms, hosts: jurisdiction, regions, compliance, service level, notice. It knows no price."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records

FILE = "vendors.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One company or platform that runs models for others; None and absent keys are unknown, never 'no'.

    `regimes` says what is on record of the offering in our catalogue, `conditions` what must be signed or switched on
    for it, `elsewhere` what only another offering of the vendor meets (a government cloud). `uptime` is promised to
    every paying customer, `priority_uptime` at a higher price. `unverified` names the keys that are from memory.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    name: str
    jurisdiction: str
    kind: Literal["model vendor", "platform", "host", "model vendor and platform", "model vendor and host"]
    regions: tuple[str, ...]
    residency_uplift: float | None = None
    regimes: Mapping[str, bool] = field(default_factory=dict)
    fedramp_level: Literal["low", "moderate", "high"] | None = None
    conditions: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    retention_days: int | None = None
    zero_retention: str | None = None
    trains_on_data: bool | None = None
    uptime: float | None = None
    priority_uptime: float | None = None
    notice_days: int | None = None
    private_platforms: tuple[str, ...] = ()
    tuning: Literal["offered", "ending", "none", "unknown"] = "unknown"
    tuning_until: date | None = None
    notes: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    source: str
    checked: date
    confidence: Confidence

    def meets(self, regulation: str) -> bool | None:
        """Say whether the vendor is recorded to serve a value of the fact `regulations`; None is unknown."""
        return self.regimes.get(regulation)

    def from_memory(self, key: str) -> bool:
        """Say whether a key ('uptime', 'regimes.gdpr') is from memory and not from a source."""
        return self.confidence == "unverified" or key in self.unverified

    @property
    def cited(self) -> str:
        """The source with date and confidence, as a finding shows it."""
        return f"tools/data/{FILE}: {self.source} (checked {self.checked.isoformat()}) [{self.confidence}]"


@cache
def vendors() -> Mapping[str, Vendor]:
    """Load all vendors, by id."""
    return by_id(FILE, load_records(FILE, "vendors", Vendor))
