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
    """One company or platform that runs models for others; None and absent keys are unknown, never 'no'."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    name: str
    jurisdiction: str
    kind: Literal["model vendor", "platform", "host", "model vendor and platform", "model vendor and host"]
    regions: tuple[str, ...]
    residency_uplift: float | None = None
    regimes: Mapping[str, bool] = field(default_factory=dict)
    baa: str | None = None
    retention_days: int | None = None
    zero_retention: str | None = None
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


@cache
def vendors() -> Mapping[str, Vendor]:
    """Load all vendors, by id."""
    return by_id(FILE, load_records(FILE, "vendors", Vendor))
