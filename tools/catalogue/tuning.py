"""Services that tune a model for a customer and serve it, with what they charge. It knows no training data, no GPU."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.records import STRICT_KEYS, Confidence, load_records

FILE = "tuning_services.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningOffer:
    """One base model that a vendor, platform or host tunes; None and absent are unknown, never free.

    `base_model` is an id of the catalogues, or, with `base_retires`, an older model that they leave out.
    `price_model` prices the tuned model's tokens at `provider_id`; None where it is served on dedicated hardware, paid
    by the hour. `training_usd_per_million_tokens` counts every token of every epoch. `until` is the last day on which
    a tuning job can be started; a tuned model ends with its base, on `base_retires`. `depth` is light for adapters
    (LoRA) and reinforcement on them, deep for training all weights. `unverified` names the keys that are from memory.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    vendor: str
    base_model: str
    provider_id: str
    price_model: str | None = None
    training_usd_per_million_tokens: Decimal | None = None
    hosting_usd_per_hour: Decimal | None = None
    until: date | None = None
    base_retires: date | None = None
    new_customers: bool = True
    depth: Literal["light", "deep"]
    regions: tuple[str, ...] = ()
    note: str = ""
    unverified: tuple[str, ...] = ()
    source: str
    checked: date
    confidence: Confidence

    def open_on(self, on: date) -> bool:
        """Say whether a customer who has tuned nothing here before can still start a job on a day."""
        ended = (self.until is not None and self.until < on) or (
            self.base_retires is not None and self.base_retires <= on
        )
        return self.new_customers and not ended


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningGap:
    """A vendor that tunes none of its current models by self-service, with what is on record instead."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    vendor: str
    since: date | None = None
    text: str
    source: str
    checked: date
    confidence: Confidence


@cache
def tuning_offers() -> tuple[TuningOffer, ...]:
    """Load every tuning service on record, those that end or are closed to new customers included."""
    return load_records(FILE, "offers", TuningOffer)


@cache
def tuning_gaps() -> tuple[TuningGap, ...]:
    """Load the vendors whose current models nobody can have tuned by self-service."""
    return load_records(FILE, "gaps", TuningGap)


def open_tuning_offers(on: date) -> tuple[TuningOffer, ...]:
    """Return the services in which a new customer can start a job on a day."""
    return tuple(offer for offer in tuning_offers() if offer.open_on(on))
