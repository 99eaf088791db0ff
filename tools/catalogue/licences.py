"""Model licences as dated predicates, with their clauses. It holds the terms and judges nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.open_models import OpenModel
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records

FILE = "licences.yaml"
Effect = Literal["duty", "review", "needs_agreement", "forbidden"]
Openness = Literal["open_source", "open_weights", "research_only"]
Quantity = Literal[
    "monthly_users", "annual_revenue", "monthly_revenue", "product_revenue", "product_monthly_revenue", "business"
]
Tested = Literal["at_release", "preceding_month", "any_twelve_months", "at_any_time", "not_stated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What a clause says, in our words; clause 'not read' where the text was not available."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    text: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A condition on a measured quantity; `business` has no number and depends on what the user does."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    kind: Quantity
    operator: Literal[">", ">="] = ">"
    value: float | None = None
    effect: Effect
    text: str
    clause: str
    tested: Tested = "not_stated"
    test_date: date | None = None
    scope: str = ""
    only_if: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) != (self.kind == "business"):
            raise ValueError("a threshold on a quantity needs a value, and only 'business' has none")
        if self.test_date is not None and self.tested != "at_release":
            raise ValueError("test_date belongs to tested: at_release")


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """Where the licence gives no rights, and which fact tells that the user is there."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    regions: tuple[str, ...]
    also: str = ""
    tests: tuple[Literal["company_region", "user_regions"], ...]
    multimodal_only: bool
    text: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """What must be shown, and whether using is enough to owe it or only passing the weights on."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    when: Literal["using", "shipping"]
    text: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputTerms:
    """What holds for training another model on the outputs."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    effect: Effect
    text: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOfUse:
    """A restriction for certain sectors, regulations or (then for review) kinds of data.

    review_in: regions of the company where the licensor has announced an exception, so a person must look.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    sectors: tuple[str, ...] = ()
    regulations: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ()
    review_in: tuple[str, ...] = ()
    effect: Effect
    text: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One licence text. read: how much of it stands behind the entry."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    name: str
    version_date: str | None = None
    category: str
    tags: tuple[str, ...] = ()
    openness: Openness
    osi_approved: bool
    osaid: str
    read: Literal["full", "part", "none"]
    commercial_use: Literal["allowed", "conditional", "forbidden"]
    commercial_clause: str = ""
    thresholds: tuple[Threshold, ...] = ()
    exemption: Term | None = None
    territories: tuple[Territory, ...] = ()
    redistribution: tuple[Term, ...] = ()
    attribution: Attribution | None = None
    derivative_naming: Term | None = None
    outputs: OutputTerms | None = None
    acceptable_use: Term | None = None
    fields: tuple[FieldOfUse, ...] = ()
    patents: Term | None = None
    termination: tuple[Term, ...] = ()
    governing_law: Term | None = None
    applies_to: tuple[str, ...]
    notes: tuple[str, ...] = ()
    licensor: str
    jurisdiction: str
    source: str
    checked: date
    confidence: Confidence


@cache
def licences() -> Mapping[str, Licence]:
    """Load all licences, by id."""
    return by_id(FILE, load_records(FILE, "licences", Licence))


def licence_of(model: OpenModel) -> Licence | None:
    """Return the licence of a checkpoint, or None where it is not known."""
    return licences().get(model.license_id) if model.license_id else None
