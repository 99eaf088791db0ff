"""Announced and past retirement dates of API models, per platform. It knows no price and recommends nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import ClassVar

from pydantic import ConfigDict

from tools.catalogue.proprietary import MODELS_FILE, OFFERS_FILE, hosted_offers, proprietary_models
from tools.catalogue.records import STRICT_KEYS, load_records

FILE = "retirements.yaml"
# The platform's name in this table, where it differs from the provider's in genai-prices or from the vendor's id.
_PLATFORMS = {"aws": "aws-bedrock", "azure": "azure-openai", "x-ai": "xai", "moonshotai": "moonshot"}
_VENDORS = {"google-vertex": "vertex"}
# How a price list marks the place of a deployment; a model is withdrawn from all places at once.
_PLACES = ("regional.", "global.", "us/", "eu/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """The models that a platform withdraws on a date."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    platform: str
    date: date
    models: tuple[str, ...]


@cache
def announced_retirements() -> Mapping[tuple[str, str], date]:
    """Return the announced retirement date of each API model, by platform and model; the earliest counts."""
    found: dict[tuple[str, str], date] = {}
    for entry in load_records(FILE, "retirements", Retirement):
        for model in entry.models:
            key = (entry.platform, model)
            found[key] = min(entry.date, found.get(key, entry.date))
    return MappingProxyType(found)


def retirement_of(provider_id: str, model: str) -> date | None:
    """Return when a model of a genai-prices provider is withdrawn, or None where nothing is announced."""
    return _announced(_PLATFORMS.get(provider_id, provider_id), model)


def withdrawal(vendor_id: str, model: str) -> date | None:
    """Return when a vendor, platform or host withdraws a model, by its id in vendors.yaml and its name in the price
    list, or None where nothing is announced."""
    return _announced(_VENDORS.get(vendor_id, vendor_id), model)


def _announced(platform: str, model: str) -> date | None:
    for place in _PLACES:
        model = model.removeprefix(place)
    return _by_any_case().get((platform, model.lower()))


@cache
def _by_any_case() -> Mapping[tuple[str, str], date]:
    # The price list and the platform spell some models differently: 'phi-4' and 'Phi-4'.
    return {(platform, model.lower()): day for (platform, model), day in announced_retirements().items()}


@dataclass(frozen=True, slots=True)
class DateConflict:
    """An offer whose date of retirement is not the one that this table announces."""

    file: str
    entry: str
    stated: date | None
    announced: date | None


def date_conflicts() -> tuple[DateConflict, ...]:
    """Return every offer of the catalogues, first-party, platform or host, that contradicts this table."""
    stated: list[tuple[str, str, date | None, date | None]] = []
    for model in proprietary_models().values():
        stated.append((MODELS_FILE, model.id, model.retires, withdrawal(model.vendor, model.price_model)))
        for platform in model.platforms:
            announced = withdrawal(platform.vendor, platform.price_model)
            stated.append((MODELS_FILE, f"{model.id} at {platform.vendor}", platform.retires, announced))
    for offer in hosted_offers():
        announced = withdrawal(offer.host, offer.price_model)
        stated.append((OFFERS_FILE, f"{offer.host} {offer.open_model_id}", offer.retires, announced))
    return tuple(DateConflict(*entry) for entry in stated if entry[2] != entry[3])
