"""Says how open a checkpoint is: its class in the Model Openness Framework and its standing under OSAID 1.0.

It knows the released components from openness.yaml and the licences from the licence table. What neither says is
unknown, never 'not released'; a class is given only where every component that it needs is known to be open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.licence_names import terms_of
from tools.catalogue.licences import Openness as Standing
from tools.catalogue.open_models import OpenModel
from tools.catalogue.records import STRICT_KEYS, Confidence, load_records
from tools.errors import InvalidInput

FILE = "openness.yaml"
Component = Literal[
    "architecture", "final_parameters", "evaluation_results", "model_card", "data_card", "technical_report",
    "training_code", "inference_code", "evaluation_code", "evaluation_data",
    "datasets", "preprocessing_code", "intermediate_parameters", "research_paper",
]  # fmt: skip
Status = Literal["open", "restricted", "absent"]
RESTRICTIVE = "not classified: open weights under a restrictive licence"
RESEARCH = "not classified: weights for research only"
INCOMPLETE = "not classified: open weights with components missing"
UNKNOWN = "not classified: components not assessed"
# These carry the model's own licence, whatever else is said of them.
_UNDER_THE_LICENCE: tuple[Component, ...] = ("architecture", "final_parameters")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpennessClass:
    """A class of the framework and the components that it needs beyond the class below."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    name: str
    needs: tuple[Component, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What was released with some checkpoints, with its source."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    models: tuple[str, ...]
    open: tuple[Component, ...] = ()
    restricted: tuple[Component, ...] = ()
    absent: tuple[Component, ...] = ()
    basis: str
    source: str
    checked: date
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Openness:
    """How open a checkpoint is. components: status of the known ones; a component that is missing is unknown."""

    class_name: str
    osaid: Standing
    components: Mapping[Component, Status]
    basis: str
    source: str
    checked: date
    confidence: Confidence


@cache
def classes() -> tuple[OpennessClass, ...]:
    """Load the classes, from the lowest (III) to the highest (I)."""
    return load_records(FILE, "classes", OpennessClass)


@cache
def releases() -> Mapping[str, Release]:
    """Load what was released, by checkpoint id; a checkpoint named twice is an error."""
    found: dict[str, Release] = {}
    for release in load_records(FILE, "entries", Release):
        for model in release.models:
            if model in found:
                raise InvalidInput(f"tools/data/{FILE}: {model}: named by two entries")
            found[model] = release
    return found


def openness_of(model: OpenModel) -> Openness | None:
    """Return how open a checkpoint is, or None where its licence is not recorded."""
    terms, release = terms_of(model), releases().get(model.id)
    if terms is None:
        return None
    standing = _least_open([licence.openness for licence in terms.licences])
    components = _components(release, standing)
    named = _class_name(components, standing, release)
    open_source = standing == "open_source" and _meets_osaid(components)
    osaid: Standing = (
        "open_source" if open_source else "research_only" if standing == "research_only" else "open_weights"
    )
    licence = terms.licences[0]
    if release is None:
        basis = f"licence alone ({licence.name}); what else was released is not recorded"
        return Openness(named, osaid, components, basis, licence.source, licence.checked, licence.confidence)
    basis = f"{release.basis}; licence: {licence.name}"
    return Openness(named, osaid, components, basis, release.source, release.checked, release.confidence)


def _least_open(standings: list[Standing]) -> Standing:
    order: tuple[Standing, ...] = ("research_only", "open_weights", "open_source")
    return min(standings, key=order.index)


def _components(release: Release | None, standing: Standing) -> Mapping[Component, Status]:
    found: dict[Component, Status] = {}
    if release is not None:
        for status, names in (("open", release.open), ("restricted", release.restricted), ("absent", release.absent)):
            found |= dict.fromkeys(names, status)  # type: ignore[arg-type]  # the three literals are the statuses
    under: Status = "open" if standing == "open_source" else "restricted"
    return found | {name: under for name in _UNDER_THE_LICENCE if found.get(name) != "absent"}


def _has(components: Mapping[Component, Status], name: Component) -> bool:
    paper = name == "technical_report" and components.get("research_paper") == "open"
    return paper or components.get(name) == "open"


def _class_name(components: Mapping[Component, Status], standing: Standing, release: Release | None) -> str:
    reached = ""
    for level in classes():
        if not all(_has(components, name) for name in level.needs):
            break
        reached = level.name
    if reached:
        return reached
    if standing != "open_source":
        return RESEARCH if standing == "research_only" else RESTRICTIVE
    return INCOMPLETE if release is not None else UNKNOWN


def _meets_osaid(components: Mapping[Component, Status]) -> bool:
    """OSAID 1.0 asks for parameters, code to train and run, and enough information on the data, all open."""
    data = components.get("datasets") == "open" or components.get("data_card") == "open"
    code = components.get("training_code") == "open" and components.get("inference_code") == "open"
    return components.get("final_parameters") == "open" and code and data
