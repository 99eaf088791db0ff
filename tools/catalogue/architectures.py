"""Sizes of checkpoints that worked examples use, by name. It knows no licence; nothing here is ever proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

from pydantic import ConfigDict

from tools.catalogue.names import NameIndex
from tools.catalogue.open_models import OpenModel, open_models
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records

FILE = "architectures.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """What memory depends on: billions of parameters, and what each layer with a cache keeps per token."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    aliases: tuple[str, ...] = ()
    parameters_b: float
    layers: int
    cached_layers: int | None = None
    kv_heads: int | None = None
    head_dim: int | None = None
    values_per_token: int | None = None
    sliding_window: int | None = None
    note: str = ""
    source: str
    checked: date
    confidence: Confidence

    def __post_init__(self) -> None:
        """Refuse an entry without a cache per token, with two, or with more cached layers than layers."""
        if (self.values_per_token is None) == (self.kv_heads is None or self.head_dim is None):
            raise ValueError("expected either values_per_token, or kv_heads and head_dim")
        if not 0 < (self.cached_layers or self.layers) <= self.layers:
            raise ValueError("cached_layers: expected a number from 1 to layers")

    def kv_values(self, tokens: float) -> float:
        """Return the cached values of `tokens` tokens of one request, all layers together."""
        each = self.values_per_token or 2 * (self.kv_heads or 0) * (self.head_dim or 0)
        kept = tokens if self.sliding_window is None else min(tokens, self.sliding_window)
        return (self.cached_layers or self.layers) * each * kept


@cache
def architectures() -> Mapping[str, Architecture]:
    """Load all of them, by id."""
    return by_id(FILE, load_records(FILE, "architectures", Architecture))


@cache
def _index() -> NameIndex:
    spellings = {entry.id: entry.aliases for entry in open_models().values()}
    return NameIndex("open model", spellings | {entry.id: entry.aliases for entry in architectures().values()})


def find_sized(name: str) -> OpenModel | Architecture:
    """Return what a loose name means, of the open models or of these, or raise UnknownName."""
    identity = _index().find(name)
    return open_models().get(identity) or architectures()[identity]
