"""Token prices that the price package lacks, as dated records. It knows nothing of how a request is billed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.records import STRICT_KEYS, Confidence, load_records
from tools.errors import InvalidInput

FILE = "own_prices.yaml"
Processing = Literal["standard", "batch", "flex", "priority", "fast"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTier:
    """US dollars per million tokens of a request with more than `above_tokens` input tokens; None is not listed."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    above_tokens: int = 0
    input: Decimal
    output: Decimal | None = None
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_1h: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPrice:
    """The prices of one model at one provider, from `since` on; without `since` they always held."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    provider_id: str
    model: str
    processing: Processing = "standard"
    since: date | None = None
    tiers: tuple[OwnTier, ...]
    source: str
    checked: date
    confidence: Confidence

    @property
    def cited(self) -> str:
        """Where the price is from, with date and confidence."""
        return f"tools/data/{FILE}: {self.source} (checked {self.checked.isoformat()}) [{self.confidence}]"


@cache
def own_prices() -> Mapping[tuple[str, str], tuple[OwnPrice, ...]]:
    """Load the own prices by provider and model in lower case, each model's by rising date.

    Raises:
        InvalidInput: a record without a first tier from zero, with tiers out of order, or given twice.
    """
    found: dict[tuple[str, str], list[OwnPrice]] = {}
    for record in load_records(FILE, "prices", OwnPrice):
        starts = [tier.above_tokens for tier in record.tiers]
        if not starts or starts[0] != 0 or starts != sorted(set(starts)):
            raise InvalidInput(f"tools/data/{FILE}: {record.provider_id}/{record.model}: expected tiers rising from 0")
        found.setdefault((record.provider_id, record.model.lower()), []).append(record)
    for (provider_id, model), records in found.items():
        if len({(record.processing, record.since) for record in records}) < len(records):
            raise InvalidInput(f"tools/data/{FILE}: {provider_id}/{model}: the same price is given twice")
        records.sort(key=lambda record: record.since or date.min)
    return MappingProxyType({key: tuple(records) for key, records in found.items()})


def own_price(provider_id: str, model: str, on: date, processing: Processing) -> OwnPrice | None:
    """Return the own price that holds on a day, the youngest one; None where there is none."""
    held = [
        record
        for record in own_prices().get((provider_id, model.lower()), ())
        if record.processing == processing and (record.since is None or record.since <= on)
    ]
    return held[-1] if held else None


@cache
def own_models() -> Mapping[str, tuple[str, ...]]:
    """Return the models of each provider in the own table, as they are spelt there."""
    spelt: dict[str, dict[str, None]] = {}
    for records in own_prices().values():
        spelt.setdefault(records[0].provider_id, {})[records[0].model] = None
    return MappingProxyType({provider: tuple(models) for provider, models in spelt.items()})
