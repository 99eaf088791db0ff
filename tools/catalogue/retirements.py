"""Announced and past retirement dates of API models, per platform. It knows no price and recommends nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import ClassVar

from pydantic import ConfigDict

from tools.catalogue.records import STRICT_KEYS, load_records

FILE = "retirements.yaml"
# The platform's name in this table, where it differs from the provider's in genai-prices.
_PLATFORMS = {"aws": "aws-bedrock", "azure": "azure-openai", "x-ai": "xai"}


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
    return announced_retirements().get((_PLATFORMS.get(provider_id, provider_id), model))
