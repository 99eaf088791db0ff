"""Checks the data tables against a date and each other: age, sources, references, prices. It repairs nothing."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from tools.catalogue.open_models import open_models
from tools.catalogue.proprietary import hosted_offers, proprietary_models
from tools.catalogue.records import Confidence
from tools.catalogue.retirements import date_conflicts
from tools.data_files import load_table
from tools.errors import InvalidInput
from tools.table_entries import TableEntry, TableRule, load_entries, rule_of, table_files, table_rules
from tools.token_prices import data_version, token_rates

# Arithmetic is no confidence of a catalogue, but of a figure that follows from others.
_CONFIDENCES = (*get_args(Confidence), "arithmetic")


@dataclass(frozen=True, slots=True)
class DataProblem:
    """One thing wrong with a table: which file and entry, of what kind, and what to do."""

    file: str
    entry: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"tools/data/{self.file}: {self.entry}: {self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class TableSummary:
    """A table's size, the oldest date on which an entry was checked, and how sure its entries are."""

    file: str
    entries: int
    oldest: date
    unverified: int
    oldest_entry: str = ""
    confidence: Mapping[str, int] = field(default_factory=dict)


def check_tables(as_of: date) -> list[DataProblem]:
    """Return every problem of the tables on a date; an empty list is a clean bill."""
    found = [
        DataProblem(file, "", "rule", "there is no such table") for file in table_rules() if file not in table_files()
    ]
    for file in _checked_files():
        entries, rule = load_entries(file), rule_of(file)
        found += [*provenance_problems(entries, rule, as_of), *duplicates(entries), *dangling(file, entries, rule)]
    return [*found, *_candidates(), *_prices(as_of), *_retirements(as_of), *_price_package(as_of)]


def table_summaries() -> list[TableSummary]:
    """Return each table's size, age and confidence."""
    return [_summary(file, entries) for file in _checked_files() if (entries := _counted(load_entries(file)))]


def _checked_files() -> list[str]:
    return [file for file in table_files() if not rule_of(file).exempt]


def _counted(entries: Sequence[TableEntry]) -> list[TableEntry]:
    """Return the entries without what is nested in them; all where a table only nests."""
    return [entry for entry in entries if not entry.nested] or list(entries)


def _summary(file: str, entries: Sequence[TableEntry]) -> TableSummary:
    dated = [entry for entry in entries if entry.checked is not None]
    oldest = min(dated, key=lambda entry: entry.checked or date.max, default=None)
    sure = Counter(entry.confidence or "not said" for entry in entries)
    day = oldest.checked if oldest is not None and oldest.checked is not None else date.min
    name = oldest.name if oldest is not None else ""
    return TableSummary(file, len(entries), day, sure["unverified"], name, dict(sorted(sure.items())))


def provenance_problems(entries: Sequence[TableEntry], rule: TableRule, as_of: date) -> Iterator[DataProblem]:
    """Yield the entries without source, date or confidence, and those that were checked too long ago."""
    for entry in entries:
        if not entry.source:
            yield _problem(entry, "no source", "name where the entry is from")
        if entry.confidence not in _CONFIDENCES:
            said = f"{entry.confidence!r} is none" if entry.confidence else "not said"
            yield _problem(entry, "no confidence", f"{said}; expected {', '.join(_CONFIDENCES)}")
        if entry.checked is None:
            yield _problem(entry, "no date", f"give {rule.dated_by} as YYYY-MM-DD")
            continue
        days = (as_of - entry.checked).days
        if days > rule.oldest_days:
            yield _problem(entry, "too old", f"{rule.dated_by} {days} days ago, {rule.oldest_days} are allowed")


def duplicates(entries: Sequence[TableEntry]) -> Iterator[DataProblem]:
    """Yield names that a section gives twice, and entries that say the same under two names."""
    names: set[tuple[str, str]] = set()
    bodies: dict[str, str] = {}
    for entry in entries:
        if entry.nested:
            continue
        if (entry.section, entry.name) in names:
            yield _problem(entry, "duplicate", "the name is given twice")
        names.add((entry.section, entry.name))
        body = json.dumps([entry.section, entry.data], sort_keys=True, default=str)
        if body in bodies:
            yield _problem(entry, "duplicate", f"says the same as {bodies[body]}")
        bodies.setdefault(body, entry.name)


def dangling(file: str, entries: Sequence[TableEntry], rule: TableRule) -> Iterator[DataProblem]:
    """Yield values that should be ids of another table and are not; and rules that no entry has the key of."""
    for key, target in rule.points_to.items():
        known = {str(entry.data.get("id", entry.name)) for entry in _counted(load_entries(target))}
        used = [(entry, value) for entry in entries for value in values_at(entry.data, key)]
        if not used:
            yield DataProblem(file, key, "rule", f"no entry has this key, which data_check.yaml ties to {target}")
        for entry, value in used:
            if value not in known and value not in rule.outside:
                yield _problem(entry, "dangling", f"{key}: {value!r} is no id of {target}")


def values_at(data: object, key: str) -> Iterator[str]:
    """Yield the texts under a key (dotted where it lies deeper); lists are looked through, None is skipped."""
    if isinstance(data, Sequence) and not isinstance(data, str):
        for element in data:
            yield from values_at(element, key)
        return
    if not key:
        if data is not None:
            yield str(data)
        return
    first, _, rest = key.partition(".")
    if isinstance(data, Mapping) and first in data:
        yield from values_at(data[first], rest)


def _problem(entry: TableEntry, kind: str, text: str) -> DataProblem:
    return DataProblem(entry.file, entry.name, kind, text)


def _candidates() -> Iterator[DataProblem]:
    for model in open_models().values():
        if model.candidate and model.license_id is None:
            yield DataProblem("open_models.yaml", model.id, "dangling", "a candidate needs a licence")


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
    for conflict in date_conflicts():
        announced = conflict.announced or "on no date"
        text = f"retires {conflict.stated or 'on no date'}, retirements.yaml says {announced}"
        yield DataProblem(conflict.file, conflict.entry, "retired", text)
    for file, name, day in _withdrawn():
        if day is not None and day <= as_of:
            yield DataProblem(file, name, "retired", f"retired on {day}")


def _withdrawn() -> Iterator[tuple[str, str, date | None]]:
    """Yield every offer with the date on which it ends: first-party, platform and host."""
    for model in proprietary_models().values():
        yield "proprietary_models.yaml", model.id, model.retires
        for platform in model.platforms:
            yield "proprietary_models.yaml", f"{model.id} at {platform.vendor}", platform.retires
    for offer in hosted_offers():
        yield "hosts.yaml", f"{offer.host} {offer.open_model_id}", offer.retires


def _price_package(as_of: date) -> Iterator[DataProblem]:
    package: Mapping[str, Any] = load_table("data_check.yaml")["price_package"]
    expected = f"{package['name']} {package['version']}"
    if data_version() != expected:
        text = f"{data_version()} is installed, {expected} was checked"
        yield DataProblem("data_check.yaml", package["name"], "price package", text)
    days = (as_of - package["released"]).days
    if days > package["oldest_days"]:
        text = f"the prices are {days} days old, {package['oldest_days']} are allowed: update {package['name']}"
        yield DataProblem("data_check.yaml", package["name"], "price package", text)
