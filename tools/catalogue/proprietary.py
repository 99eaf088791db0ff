"""Models bought by the token: proprietary models and hosted open ones. It knows none of their prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.names import NameIndex
from tools.catalogue.open_models import Tier
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records

MODELS_FILE = "proprietary_models.yaml"
OFFERS_FILE = "hosts.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformOffer:
    """The same model in the customer's own cloud, with that platform's price reference.

    `retires` is the platform's own date, often years from the vendor's. No regions: a global deployment, or unknown.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    vendor: str
    provider_id: str
    price_model: str
    regions: tuple[str, ...]
    retires: date | None = None

    def retired(self, on: date) -> bool:
        """Say whether the announced retirement has come."""
        return self.retires is not None and self.retires <= on


@dataclass(frozen=True, slots=True, kw_only=True)
class ProprietaryModel:
    """One model of a vendor's current line-up."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    vendor: str
    provider_id: str
    price_model: str
    title: str
    lineage: str
    size: Literal["flagship", "small", "embedding"]
    tier: Tier
    tier_basis: str
    context_tokens: int | None
    status: Literal["current", "preview"]
    retires: date | None = None
    open_model_id: str | None = None
    platforms: tuple[PlatformOffer, ...] = ()
    source: str
    checked: date
    confidence: Confidence

    def retired(self, on: date) -> bool:
        """Say whether the announced retirement has come."""
        return self.retires is not None and self.retires <= on

    def suits(self, task: str) -> bool:
        """Say whether the model is made for a task of the fact dictionary."""
        return (task == "embedding") == (self.size == "embedding")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedOffer:
    """One open-weight model behind one host's API."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    open_model_id: str
    host: str
    provider_id: str
    price_model: str
    regions: tuple[str, ...]
    retires: date | None = None
    note: str = ""
    source: str
    checked: date
    confidence: Confidence

    def retired(self, on: date) -> bool:
        """Say whether the announced retirement has come."""
        return self.retires is not None and self.retires <= on


@cache
def proprietary_models() -> Mapping[str, ProprietaryModel]:
    """Load the current proprietary models, by id."""
    return by_id(MODELS_FILE, load_records(MODELS_FILE, "models", ProprietaryModel))


@cache
def hosted_offers() -> tuple[HostedOffer, ...]:
    """Load the offers of open-weight models by hosts."""
    return load_records(OFFERS_FILE, "offers", HostedOffer)


@cache
def _index() -> NameIndex:
    return NameIndex("proprietary model", {m.id: (m.title,) for m in proprietary_models().values()})


def find_proprietary_model(name: str) -> ProprietaryModel:
    """Return the model that a loose name means ('Claude Opus 5.5'), or raise UnknownName."""
    return proprietary_models()[_index().find(name)]
