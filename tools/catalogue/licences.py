"""Model licences as dated predicates, with their clauses. It holds the terms and judges nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.open_models import OpenModel, open_models, open_models_like
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records
from tools.errors import UnknownName

FILE = "licences.yaml"
Effect = Literal["duty", "review", "needs_agreement", "forbidden"]
Openness = Literal["open_source", "open_weights", "research_only"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A condition on a measured quantity; `business` has no number and depends on what the user does."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    kind: Literal["monthly_users", "annual_revenue", "monthly_revenue", "product_revenue", "business"]
    operator: Literal[">", ">="] = ">"
    value: float | None = None
    effect: Effect
    text: str
    clause: str
    tested: Literal["at_release", "continuously"] = "continuously"
    test_date: date | None = None
    scope: str = ""
    only_if: str = ""


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
    """A restriction for certain sectors or regulations."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    sectors: tuple[str, ...] = ()
    regulations: tuple[str, ...] = ()
    effect: Effect
    text: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One licence text."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    name: str
    version_date: str | None = None
    category: str
    openness: Openness
    osi_approved: bool
    osaid: str
    commercial_use: Literal["allowed", "conditional", "forbidden"]
    commercial_clause: str = ""
    thresholds: tuple[Threshold, ...] = ()
    territories: tuple[Territory, ...] = ()
    redistribution: tuple[str, ...] = ()
    attribution: Attribution | None = None
    derivative_naming: str | None = None
    outputs: OutputTerms | None = None
    acceptable_use: str | None = None
    fields: tuple[FieldOfUse, ...] = ()
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


def openness_of(model: OpenModel) -> Openness:
    """Return how open a checkpoint is: an open licence over weights alone makes open weights only."""
    licence = licence_of(model)
    if licence is not None and licence.openness == "research_only":
        return "research_only"
    return model.openness or "open_weights"


def find_licence(name: str) -> tuple[Licence, OpenModel | None]:
    """Return the licence that a model's or a licence's name means, and the checkpoint where it is one.

    A family name is accepted when all its known checkpoints share one licence.
    """
    own = {spelling.lower(): entry for entry in licences().values() for spelling in (entry.id, entry.name)}
    if name.strip().lower() in own:
        return own[name.strip().lower()], None
    models = open_models_like(name)
    known = {model.license_id for model in models}
    if len(known) == 1 and None not in known:
        licence = licences()[known.pop() or ""]
        return licence, models[0] if len(models) == 1 else None
    if len(models) > 1:
        listed = ", ".join(f"{model.id} ({model.license_id or 'unknown licence'})" for model in models[:8])
        raise UnknownName(f"{name!r} covers checkpoints under different licences: {listed}. Say which one")
    if models:
        raise UnknownName(f"the licence of {models[0].id} is not recorded; read the text beside the weights")
    names = [model.name for model in open_models().values()]
    raise UnknownName.of("model or licence", name, [*licences(), *names])
