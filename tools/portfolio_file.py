"""Turns a portfolio file into facts, strictly, and tells all that is wrong with it at once. It reads no disk itself.

A portfolio is `{organization: {fact: value}, workloads: [{name, facts: {fact: value}}], assumptions: {key: value}}`;
the last part is optional and replaces entries of `tools/data/assumptions.yaml`. The CSV form: `tools.portfolio_csv`.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from tools.assumption_entries import read_assumptions
from tools.contradictions import contradictions, overruled
from tools.errors import InvalidInput, UnknownName
from tools.facts import Fact, FactSpec, FactValue, Organization, Portfolio, Workload, check_value, fact_dictionary
from tools.facts import plain_value as _plain
from tools.file_json import read_json
from tools.file_problems import Problems
from tools.file_yaml import read_yaml
from tools.located import Entry, Items, Leaf, Node, Table, located, plain, shown
from tools.owned import check_owned
from tools.portfolio_csv import read_csv
from tools.unit_hints import hint_for

SUFFIXES = (".yaml", ".yml", ".json", ".csv")
_TOP = ("organization", "workloads", "assumptions")
_SHAPE = "a table with 'organization' and 'workloads'"


def portfolio_from_text(text: str, name: str) -> Portfolio:
    """Read the text of a portfolio file; the name's suffix says whether it is YAML, JSON or CSV.

    Raises:
        InvalidInput: one line per problem with file, line, key and what was expected.
    """
    problems = Problems(name)
    match PurePath(name).suffix.lower():
        case ".yaml" | ".yml":
            node = read_yaml(text, name)
        case ".json":
            node = read_json(text, name)
        case ".csv":
            node = read_csv(text, problems)
        case other:
            raise InvalidInput(f"{name}: the ending {other!r} names no format; expected {', '.join(SUFFIXES)}")
    if node is None:
        raise InvalidInput(f"{name}: the file is empty; expected {_SHAPE}")
    return _portfolio(node, problems)


def portfolio_from_plain(raw: object, where: str) -> Portfolio:
    """Read a portfolio from plain data, as strictly as from a file; `where` names it in messages."""
    if raw is None:
        raise InvalidInput(f"{where}: expected {_SHAPE}, got nothing")
    return _portfolio(located(raw), Problems(where))


def portfolio_to_plain(portfolio: Portfolio) -> dict[str, Any]:
    """Return the portfolio as the file format spells it; reading that again gives the same facts."""
    plain_portfolio: dict[str, Any] = {
        "organization": {key: _plain(f.value) for key, f in portfolio.organization.facts.items()},
        "workloads": [
            {"name": w.name, "facts": {key: _plain(f.value) for key, f in w.facts.items()}} for w in portfolio.workloads
        ],
    }
    if portfolio.assumptions:
        plain_portfolio["assumptions"] = dict(portfolio.assumptions)
    return plain_portfolio


def portfolio_notes(portfolio: Portfolio) -> list[str]:
    """Return what the reader should know about facts of which one overrules another."""
    return [f"{workload.name}: {text}" for workload in portfolio.workloads for text in overruled(workload.facts)]


def _portfolio(node: Node, problems: Problems) -> Portfolio:
    if not isinstance(node, Table):
        problems.add(node.line, "", f"expected {_SHAPE}, got {shown(node)}")
        problems.raise_any()
        return Portfolio(Organization(), ())
    _known_keys(node, _TOP, "", problems)
    organization = _facts(node.entries.get("organization"), "organization", "organization", problems)
    assumptions = read_assumptions(node.entries.get("assumptions"), problems)
    workloads = _workloads(node, problems)
    problems.raise_any()
    return Portfolio(Organization(organization), workloads, assumptions)


def _workloads(top: Table, problems: Problems) -> tuple[Workload, ...]:
    entry = top.entries.get("workloads")
    if entry is None or not isinstance(entry.node, Items) or not entry.node.items:
        line = entry.line if entry else top.line
        problems.add(line, "workloads", "expected a list with at least one {name, facts}")
        return ()
    found: list[Workload] = []
    first_lines: dict[str, int | None] = {}
    for index, node in enumerate(entry.node.items):
        place = problems.workload(index, node.line)
        workload = _workload(node, place, problems)
        if workload is None:
            continue
        if workload.name in first_lines:
            before = f" (first on line {first_lines[workload.name]})" if first_lines[workload.name] else ""
            text = f"two workloads are named {workload.name!r}{before}; give each its own name"
            problems.add(node.line, problems.key(place, "name"), text)
        first_lines.setdefault(workload.name, node.line)
        found.append(workload)
    return tuple(found)


def _workload(node: Node, place: str, problems: Problems) -> Workload | None:
    if not isinstance(node, Table):
        problems.add(node.line, place, f"expected a table with 'name' and 'facts', got {shown(node)}")
        return None
    given = node.entries.get("name")
    name = given.node.value if given and isinstance(given.node, Leaf) else None
    named = isinstance(name, str) and name.strip() != ""
    label = f"{place} ({str(name).strip()})" if named else place
    _known_keys(node, ("name", "facts"), label, problems)
    if not named:
        got = f", got {shown(given.node)}; a number goes in quotes" if given else ""
        problems.add(
            given.line if given else node.line, problems.key(place, "name"), f"expected a text that names it{got}"
        )
    facts = _facts(node.entries.get("facts"), "workload", label, problems)
    return Workload(str(name).strip(), facts) if named else None


def _facts(entry: Entry | None, scope: str, place: str, problems: Problems) -> dict[str, Fact]:
    if entry is None or (isinstance(entry.node, Leaf) and entry.node.value is None):
        return {}
    if not isinstance(entry.node, Table):
        key = "" if scope == "organization" else ": facts"
        problems.add(entry.line, f"{place}{key}", f"expected a table of facts, got {shown(entry.node)}")
        return {}
    _repeated(entry.node, place, problems)
    facts: dict[str, Fact] = {}
    for key, given in entry.node.entries.items():
        value = _value(key, given, scope, place, problems)
        if value is not None:
            facts[key] = Fact(key, value, "", "imported")
    for found in contradictions(facts):
        lines = [entry.node.entries[key].line for key in found.facts]
        named = [f"{key} on line {line}" for key, line in zip(found.facts[1:], lines[1:], strict=True) if line]
        on_lines = f" ({', '.join(named)})" if named and len(set(lines)) > 1 else ""
        problems.add(lines[0], problems.key(place, found.facts[0]), f"{found.text}{on_lines}")
    return facts


def _value(key: str, given: Entry, scope: str, place: str, problems: Problems) -> FactValue | None:
    """Return the checked value of one fact; None where it is unknown, wrong or in the wrong place."""
    spec = fact_dictionary().get(key)
    if spec is None:
        problems.add(given.line, place, str(UnknownName.of("fact", key, _names(scope))))
        return None
    if spec.scope != scope:
        problems.add(given.line, problems.key(place, key), _belongs(spec))
        return None
    if isinstance(given.node, Leaf) and given.node.value is None:
        return None  # an unknown fact may be written as null; it stays absent
    try:
        if not _well_formed(spec, given.node):
            raise InvalidInput
        value = check_value(spec, plain(given.node))
        if key == "owned_gpus" and not _names_hardware(str(value)):
            raise InvalidInput
        return value
    except InvalidInput:
        hint = "write COUNT x NAME, such as 4 x H100, or none" if key == "owned_gpus" else hint_for(spec, given.node)
        if problems.by_row:
            hint = _in_a_cell(hint, spec)
        text = f"{shown(given.node)} does not fit; expected {spec.expected()}" + (f"; {hint}" if hint else "")
        problems.add(given.line, problems.key(place, key), text)
        return None


def _names_hardware(text: str) -> bool:
    """Say whether a text names accelerators, or says that there are none."""
    try:
        check_owned(text)
    except InvalidInput:
        return False
    return True


def _in_a_cell(hint: str, spec: FactSpec) -> str:
    """Spell a list as a table's cell does: 5..15 and pii;health."""
    joint = ".." if spec.type == "number" else ";"
    return re.sub(r"\[([^\]]*)\]", lambda found: found[1].replace(", ", joint), hint)


def _well_formed(spec: FactSpec, node: Node) -> bool:
    """Say whether the value has a shape that the check of its type can judge."""
    if isinstance(node, Items):
        return spec.type in ("set", "number") and all(isinstance(item, Leaf) for item in node.items)
    return isinstance(node, Leaf)


def _names(scope: str) -> Sequence[str]:
    return [key for key, spec in fact_dictionary().items() if spec.scope == scope]


def _belongs(spec: FactSpec) -> str:
    place = "under 'organization'" if spec.scope == "organization" else "in a workload's 'facts'"
    return f"this fact belongs {place}"


def _known_keys(table: Table, known: Sequence[str], place: str, problems: Problems) -> None:
    _repeated(table, place, problems)
    facts: Mapping[str, FactSpec] = fact_dictionary()
    for key, entry in table.entries.items():
        if key in known:
            continue
        if key in facts:
            problems.add(entry.line, f"{place}: {key}" if place else key, _belongs(facts[key]))
        else:
            problems.add(entry.line, place, str(UnknownName.of("key", key, known)))


def _repeated(table: Table, place: str, problems: Problems) -> None:
    for again in table.repeated:
        first = f" (first on line {again.first_line})" if again.first_line else ""
        problems.add(again.line, f"{place}: {again.key}" if place else again.key, f"is given twice{first}")
