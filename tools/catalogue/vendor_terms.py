"""What vendors' standard terms say where no weights are published. It knows no contract of the user's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

from pydantic import ConfigDict

from tools.catalogue.names import core_words
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records

FILE = "licence_names.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorTerms:
    """One vendor's terms of service for models behind its API. families: first words of its models' names."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    name: str
    families: tuple[str, ...]
    outputs: str
    outputs_clause: str
    source: str
    checked: date
    confidence: Confidence


@cache
def vendor_terms() -> Mapping[str, VendorTerms]:
    """Load the terms of all vendors, by vendor id."""
    return by_id(FILE, load_records(FILE, "vendor_terms", VendorTerms))


def vendor_of(name: str) -> VendorTerms | None:
    """Return the terms that a proprietary model's name points to ('gpt-4o', 'Claude 3 Opus'), None where none does."""
    words = core_words(name)
    if not words:
        return None
    for terms in vendor_terms().values():
        if words[0] in terms.families:
            return terms
    return None
