"""A report as plain data, and back again: what is read gives the same report. It reads no file.

The keys `portfolio`, `assessment` and `prices` are also what `weighbridge assess --since` compares.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tools.assessment import Assessment, assessment_to_json, to_plain
from tools.assumption_entries import read_assumptions
from tools.errors import InvalidInput
from tools.facts import Fact, Organization, Portfolio, State, Workload, check_value, spec_of
from tools.file_problems import Problems
from tools.located import Entry, located
from tools.portfolio_file import portfolio_to_plain
from tools.report import Report, SentOut, Utterance, with_basis
from tools.report_basis import Basis

FORMAT = "weighbridge-report"
VERSION = 1
_EXPECTED = "expected a report that Weighbridge wrote (`weighbridge report SESSION --to FILE.json`)"
_STATES: tuple[State, ...] = ("stated", "confirmed", "imported", "assumed")


def report_to_plain(report: Report) -> dict[str, Any]:
    """Return facts with their quotes, the whole assessment with what it rests on, what was said and sent."""
    report = with_basis(report)
    assert report.basis is not None
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "title": report.title,
        "as_of": report.as_of.isoformat(),
        "prices": report.basis.prices,
        "portfolio": portfolio_to_plain(report.portfolio),
        "quotes": _quotes(report.portfolio),
        "assessment": assessment_to_json(report.assessment),
        "basis": TypeAdapter(Basis).dump_python(report.basis, mode="json"),
        "transcript": to_plain(report.transcript),
        "sent_out": to_plain(report.sent_out),
        "data_notes": list(report.data_notes),
    }


def report_from_text(text: str, where: str) -> Report:
    """Read the JSON text of a report; InvalidInput names the file and the key that is wrong."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{where}: not JSON: {error}; {_EXPECTED}") from None
    return report_from_plain(raw, where)


def report_from_plain(raw: object, where: str) -> Report:
    """Read a report from plain data."""
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        hint = ""
        if isinstance(raw, dict) and "workloads" in raw:
            hint = "; a portfolio file or an assessment goes to `weighbridge assess FILE --report OUT`"
        raise InvalidInput(f"{where}: format: {_EXPECTED}{hint}")
    written = raw.get("format_version")
    if not isinstance(written, int) or written > VERSION:
        raise InvalidInput(
            f"{where}: format_version: {written!r}, this Weighbridge reads up to {VERSION}: update it "
            "(git pull, then make run)"
        )
    assessment = dict(_part(raw, "assessment", dict, where))
    try:
        day = date.fromisoformat(str(raw.get("as_of")))
    except ValueError:
        raise InvalidInput(f"{where}: as_of: {raw.get('as_of')!r} does not fit; expected a date") from None
    report = Report(
        title=_part(raw, "title", str, where),
        as_of=day,
        portfolio=_portfolio(raw, where),
        assessment=_read(Assessment, _with_values(assessment, where), where, "assessment"),
        transcript=_read(tuple[Utterance, ...], raw.get("transcript", []), where, "transcript"),
        sent_out=_read(tuple[SentOut, ...], raw.get("sent_out", []), where, "sent_out"),
        data_notes=_read(tuple[str, ...], raw.get("data_notes", []), where, "data_notes"),
        basis=_read(Basis, _part(raw, "basis", dict, where), where, "basis"),
    )
    _check_whole(report, where)
    return report


def _check_whole(report: Report, where: str) -> None:
    assert report.basis is not None
    named = [workload.name for workload in report.assessment.workloads]
    if named != [workload.name for workload in report.portfolio.workloads]:
        raise InvalidInput(f"{where}: assessment.workloads: expected those of portfolio.workloads, in their order")
    if len(report.basis.workloads) != len(named):
        raise InvalidInput(f"{where}: basis.workloads: expected {len(named)}, one for each workload")


def _part(raw: Mapping[str, Any], key: str, kind: type, where: str) -> Any:
    value = raw.get(key)
    if not isinstance(value, kind):
        said = "missing" if key not in raw else f"{type(value).__name__} does not fit"
        raise InvalidInput(f"{where}: {key}: {said}; {_EXPECTED}")
    return value


def _read(kind: Any, raw: object, where: str, key: str) -> Any:
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join([key, *(str(part) for part in problem["loc"])])
        raise InvalidInput(f"{where}: {place}: {problem['msg']}; {_EXPECTED}") from None


def _with_values(assessment: dict[str, Any], where: str) -> dict[str, Any]:
    """Give the flips their own field names and values again; a number, a range or a set is told by its fact."""
    workloads = assessment.get("workloads")
    if not isinstance(workloads, list) or not all(isinstance(entry, dict) for entry in workloads):
        raise InvalidInput(f"{where}: assessment.workloads: expected a list of workloads; {_EXPECTED}")
    return {
        **assessment,
        "workloads": [
            {**entry, "flips": [_flip(flip, where) for flip in entry.get("flips", [])]} for entry in workloads
        ],
    }


def _flip(raw: object, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict) or not {"fact", "from", "to", "deployment"} <= raw.keys():
        raise InvalidInput(f"{where}: assessment.workloads.flips: expected fact, from, to and deployment; {_EXPECTED}")
    spec = spec_of(str(raw["fact"]), where)
    before = None if raw["from"] is None else check_value(spec, raw["from"], where)
    after = check_value(spec, raw["to"], where)
    return {"fact": spec.key, "from_value": before, "to_value": after, "deployment": raw["deployment"]}


def _quotes(portfolio: Portfolio) -> dict[str, dict[str, dict[str, str]]]:
    """Return where each fact is from: the organization's under '', the workloads' under their names."""
    holders = [("", portfolio.organization.facts)]
    holders += [(workload.name, workload.facts) for workload in portfolio.workloads]
    return {
        name: {key: {"quote": fact.quote, "state": fact.state} for key, fact in facts.items()}
        for name, facts in holders
    }


def _portfolio(raw: Mapping[str, Any], where: str) -> Portfolio:
    """Read the facts as they were: what contradicted another in the conversation does so still."""
    plain, quotes = _part(raw, "portfolio", dict, where), _part(raw, "quotes", dict, where)
    problems = Problems(where)
    assumptions = read_assumptions(Entry(located(plain.get("assumptions")), None), problems)
    problems.raise_any()
    workloads = plain.get("workloads")
    if not isinstance(workloads, list):
        raise InvalidInput(f"{where}: portfolio.workloads: expected a list; {_EXPECTED}")
    return Portfolio(
        Organization(_facts(plain.get("organization"), quotes.get(""), f"{where}: portfolio.organization")),
        tuple(_workload(entry, quotes, f"{where}: portfolio.workloads.{i}") for i, entry in enumerate(workloads)),
        assumptions,
    )


def _workload(entry: object, quotes: Mapping[str, Any], where: str) -> Workload:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise InvalidInput(f"{where}: expected a name and facts; {_EXPECTED}")
    return Workload(entry["name"], _facts(entry.get("facts"), quotes.get(entry["name"]), where))


def _facts(values: object, quotes: object, where: str) -> dict[str, Fact]:
    if not isinstance(values, dict):
        raise InvalidInput(f"{where}: expected a table of facts; {_EXPECTED}")
    said = quotes if isinstance(quotes, dict) else {}
    return {key: _fact(key, value, said.get(key), where) for key, value in values.items()}


def _fact(key: str, value: object, said: object, where: str) -> Fact:
    told = said if isinstance(said, dict) else {}
    state = told.get("state", "imported")
    if state not in _STATES:
        raise InvalidInput(f"{where}: {key}: state {state!r} does not fit; expected {', '.join(_STATES)}")
    return Fact(key, check_value(spec_of(key, where), value, where), str(told.get("quote", "")), state)
