"""Outbound traffic and block storage: prices per cloud, and how much a token weighs. It knows no workload."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from math import inf, sqrt
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.hourly_prices import Cloud
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records
from tools.errors import UnknownName

FILE = "egress.yaml"
Delivery = Literal["plain", "streamed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressTier:
    """US dollars per GB up to a monthly volume after the free allowance; without end where `up_to_gb` is None."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    up_to_gb: float | None = None
    usd_per_gb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressPrice:
    """What leaving one cloud and staying on its disks costs, at list price in one region."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: Cloud
    region: str
    free_gb_per_month: float
    tiers: tuple[EgressTier, ...]
    block_storage_usd_per_gb_month: float
    block_storage_source: str
    source: str
    as_of: str
    checked: date
    confidence: Confidence

    def __post_init__(self) -> None:
        """Refuse tiers that do not rise, or that end before all traffic is priced."""
        ends = [inf if tier.up_to_gb is None else tier.up_to_gb for tier in self.tiers]
        if not ends or ends[-1] != inf or any(high <= low for low, high in pairwise(ends)):
            raise ValueError("tiers: expected rising up_to_gb, and a last tier without one")

    def usd_per_month(self, gb_per_month: float) -> float:
        """Return what so many GB sent out in a month cost, US dollars."""
        left = max(gb_per_month - self.free_gb_per_month, 0.0)
        total, start = 0.0, 0.0
        for tier in self.tiers:
            end = inf if tier.up_to_gb is None else tier.up_to_gb
            total += max(min(left, end) - start, 0.0) * tier.usd_per_gb
            start = end
        return total

    @property
    def first_usd_per_gb(self) -> float:
        """The price of the first GB that is not free, US dollars."""
        return self.tiers[0].usd_per_gb

    @property
    def cited(self) -> str:
        """The source and how sure it is, for a line of a bill."""
        return f"{self.source} [{self.confidence}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class WireWeight:
    """How many bytes a token takes on the wire, low and high."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: Delivery
    bytes_per_token: tuple[float, float]
    about: str
    source: str
    checked: date
    confidence: Confidence

    @property
    def usual_bytes_per_token(self) -> float:
        """The geometric middle, bytes."""
        low, high = self.bytes_per_token
        return sqrt(low * high)


@cache
def egress_prices() -> Mapping[str, EgressPrice]:
    """Load the prices, by cloud."""
    return by_id(FILE, load_records(FILE, "clouds", EgressPrice))


@cache
def wire_weights() -> Mapping[str, WireWeight]:
    """Load the weights, by way of delivery."""
    return by_id(FILE, load_records(FILE, "wire", WireWeight))


def egress(cloud: str) -> EgressPrice:
    """Return the prices of a cloud (aws, gcp, azure, other), or raise UnknownName."""
    if cloud not in egress_prices():
        raise UnknownName.of("cloud", cloud, egress_prices())
    return egress_prices()[cloud]
