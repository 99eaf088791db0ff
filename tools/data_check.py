"""Checks the data tables against a date and each other: age, sources, references. It repairs nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Protocol

from tools.catalogue.accelerators import accelerators
from tools.catalogue.licences import licences
from tools.catalogue.open_models import open_models
from tools.catalogue.proprietary import hosted_offers, proprietary_models
from tools.catalogue.retirements import announced_retirements
from tools.catalogue.vendors import vendors
from tools.data_files import load_table
from tools.errors import InvalidInput
from tools.roofline import Constant, LinkConstant, roofline
from tools.token_prices import data_version, token_rates


@dataclass(frozen=True, slots=True)
class DataProblem:
    """One thing wrong with a table: which file and entry, of what kind, and what to do."""

    file: str
    entry: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class TableSummary:
    """A table's size, the oldest date on which an entry was checked, and how many entries are unverified."""

    file: str
    entries: int
    oldest: date
    unverified: int


class Sourced(Protocol):
    """An entry with its provenance."""

    @property
    def source(self) -> str:
        """Where it is from."""

    @property
    def checked(self) -> date:
        """When it was last looked at."""

    @property
    def confidence(self) -> str:
        """How sure it is."""


def check_tables(as_of: date) -> list[DataProblem]:
    """Return every problem of the tables on a date; an empty list is a clean bill."""
    return [*_provenance(as_of), *_references(), *_prices(as_of), *_retirements(as_of), *_price_package(as_of)]


def table_summaries() -> list[TableSummary]:
    """Return each table's size, age and share of unverified entries."""
    return [
        TableSummary(
            file,
            len(entries),
            min(entry.checked for entry in entries.values()),
            sum(entry.confidence == "unverified" for entry in entries.values()),
        )
        for file, entries in _tables()
    ]


def _tables() -> Iterator[tuple[str, dict[str, Sourced]]]:
    yield "open_models.yaml", dict(open_models())
    yield "accelerators.yaml", dict(accelerators())
    yield "licences.yaml", dict(licences())
    yield "proprietary_models.yaml", dict(proprietary_models())
    yield "hosts.yaml", {f"{offer.host} {offer.open_model_id}": offer for offer in hosted_offers()}
    yield "vendors.yaml", dict(vendors())
    yield "roofline.yaml", dict(_constants())


def _constants() -> Iterator[tuple[str, Sourced]]:
    loaded = roofline()
    for group in (loaded.memory, loaded.speed):
        for field in fields(group):
            value = getattr(group, field.name)
            if isinstance(value, Constant | LinkConstant):
                yield field.name, value
    yield "error", loaded.error


def _provenance(as_of: date) -> Iterator[DataProblem]:
    limits = load_table("data_check.yaml")["oldest_days"]
    for file, entries in _tables():
        for name, entry in entries.items():
            if not entry.source.strip():
                yield DataProblem(file, name, "no source", "name where the entry is from")
            days = (as_of - entry.checked).days
            if days > limits[file]:
                yield DataProblem(file, name, "too old", f"checked {days} days ago, {limits[file]} are allowed")


def _references() -> Iterator[DataProblem]:
    for model in open_models().values():
        for key in (model.license_id, *model.also_license_ids):
            if key is not None and key not in licences():
                yield DataProblem("open_models.yaml", model.id, "dangling", f"unknown licence {key!r}")
        if model.candidate and model.license_id is None:
            yield DataProblem("open_models.yaml", model.id, "dangling", "a candidate needs a licence")
    for offer in hosted_offers():
        name = f"{offer.host} {offer.open_model_id}"
        if offer.open_model_id not in open_models():
            yield DataProblem("hosts.yaml", name, "dangling", "unknown open model")
        if offer.host not in vendors():
            yield DataProblem("hosts.yaml", name, "dangling", f"unknown vendor {offer.host!r}")
    for bought in proprietary_models().values():
        if bought.open_model_id is not None and bought.open_model_id not in open_models():
            text = f"unknown open model {bought.open_model_id!r}"
            yield DataProblem("proprietary_models.yaml", bought.id, "dangling", text)
        for key in (bought.vendor, *(platform.vendor for platform in bought.platforms)):
            if key not in vendors():
                yield DataProblem("proprietary_models.yaml", bought.id, "dangling", f"unknown vendor {key!r}")


def _prices(as_of: date) -> Iterator[DataProblem]:
    for file, entry, provider_id, model in _price_references():
        try:
            rates = token_rates(provider_id, model, as_of)
        except InvalidInput as error:
            yield DataProblem(file, entry, "no price", str(error))
            continue
        # genai-prices lists free and placeholder entries; a price of zero is no price.
        if rates.input <= 0:
            yield DataProblem(file, entry, "no price", f"{provider_id}/{model} has a price of zero")


def _price_references() -> Iterator[tuple[str, str, str, str]]:
    for model in proprietary_models().values():
        yield "proprietary_models.yaml", model.id, model.provider_id, model.price_model
        for platform in model.platforms:
            yield "proprietary_models.yaml", model.id, platform.provider_id, platform.price_model
    for offer in hosted_offers():
        yield "hosts.yaml", f"{offer.host} {offer.open_model_id}", offer.provider_id, offer.price_model


def _retirements(as_of: date) -> Iterator[DataProblem]:
    announced = announced_retirements()
    for model in proprietary_models().values():
        day = announced.get((model.vendor, model.id))
        if day != model.retires:
            text = f"retires {model.retires or 'on no date'}, retirements.yaml says {day or 'on no date'}"
            yield DataProblem("proprietary_models.yaml", model.id, "retired", text)
        if model.retired(as_of):
            yield DataProblem("proprietary_models.yaml", model.id, "retired", f"retired on {model.retires}")
    for offer in hosted_offers():
        if offer.retired(as_of):
            name = f"{offer.host} {offer.open_model_id}"
            yield DataProblem("hosts.yaml", name, "retired", f"retired on {offer.retires}")


def _price_package(as_of: date) -> Iterator[DataProblem]:
    package = load_table("data_check.yaml")["price_package"]
    expected = f"{package['name']} {package['version']}"
    if data_version() != expected:
        text = f"{data_version()} is installed, {expected} was checked"
        yield DataProblem("data_check.yaml", package["name"], "price package", text)
    days = (as_of - package["released"]).days
    if days > package["oldest_days"]:
        text = f"the prices are {days} days old, {package['oldest_days']} are allowed: update {package['name']}"
        yield DataProblem("data_check.yaml", package["name"], "price package", text)
