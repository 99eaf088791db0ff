"""Turns the plain data of a portfolio file into facts, strictly. It reads no file itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from tools.errors import InvalidInput, UnknownName
from tools.facts import Fact, Organization, Portfolio, Workload, check_value, fact_dictionary, plain_value


def portfolio_from_plain(raw: object, where: str) -> Portfolio:
    """Read `{organization: {fact: value}, workloads: [{name, facts: {fact: value}}]}`.

    Args:
        where: the file's name, for messages.
    """
    top = _mapping(raw, where, "a mapping with 'organization' and 'workloads'")
    _known_keys(top, ("organization", "workloads"), where)
    organization = _facts(top.get("organization") or {}, "organization", f"{where}: organization")
    entries = top.get("workloads")
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        raise InvalidInput(f"{where}: workloads: expected a list with at least one {{name, facts}}")
    workloads = tuple(_workload(entry, f"{where}: workloads[{i}]") for i, entry in enumerate(entries))
    _unique_names(workloads, where)
    return Portfolio(Organization(organization), workloads)


def portfolio_to_plain(portfolio: Portfolio) -> dict[str, Any]:
    """Return the portfolio as the file format spells it."""
    return {
        "organization": {key: plain_value(f.value) for key, f in portfolio.organization.facts.items()},
        "workloads": [
            {"name": w.name, "facts": {key: plain_value(f.value) for key, f in w.facts.items()}}
            for w in portfolio.workloads
        ],
    }


def _workload(raw: object, where: str) -> Workload:
    entry = _mapping(raw, where, "a mapping with 'name' and 'facts'")
    _known_keys(entry, ("name", "facts"), where)
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise InvalidInput(f"{where}: name: expected a text that names the workload, got {name!r}")
    return Workload(name.strip(), _facts(entry.get("facts") or {}, "workload", f"{where} ({name})"))


def _facts(raw: object, scope: str, where: str) -> dict[str, Fact]:
    entries = _mapping(raw, where, "a mapping of facts")
    facts: dict[str, Fact] = {}
    for key, value in entries.items():
        specs = fact_dictionary()
        if key not in specs:
            raise UnknownName.of("fact", str(key), specs, where)
        if specs[key].scope != scope:
            place = "under 'organization'" if specs[key].scope == "organization" else "in a workload's 'facts'"
            raise InvalidInput(f"{where}: {key}: this fact belongs {place}")
        if value is not None:  # an unknown fact may be written as null; it stays absent
            facts[key] = Fact(key, check_value(specs[key], value, where), "", "imported")
    return facts


def _mapping(raw: object, where: str, expected: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise InvalidInput(f"{where}: expected {expected}, got {type(raw).__name__}")
    return raw


def _known_keys(entry: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in entry:
        if key not in known:
            raise UnknownName.of("key", str(key), known, where)


def _unique_names(workloads: Sequence[Workload], where: str) -> None:
    seen: set[str] = set()
    for workload in workloads:
        if workload.name in seen:
            raise InvalidInput(f"{where}: two workloads are named {workload.name!r}; give each its own name")
        seen.add(workload.name)
