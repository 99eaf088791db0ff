"""Turns a session into plain values for a file, and reads such a file strictly. It opens no file and no session."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.state import FactEntry, Interview, Line, WorkloadEntry, new_interview
from tools.assumptions import check_assumption
from tools.errors import InvalidInput
from tools.facts import check_value, plain_value, spec_of

FORMAT = "weighbridge session"
VERSION = 1
_MOST_LINES = 20_000
_MOST_WORKLOADS = 1_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Fact(_Strict):
    value: Any
    quote: str
    state: Literal["stated", "confirmed", "imported", "assumed"]


class _Workload(_Strict):
    name: str = Field(min_length=1, max_length=200)
    named: bool
    facts: dict[str, _Fact]
    skipped: list[str]
    asked: dict[str, int]


class _Line(_Strict):
    role: str
    text: str
    at: str
    citations: list[dict[str, str]]


class _Session(_Strict):
    format: Literal["weighbridge session"]
    version: Literal[1]
    title: str
    organization: dict[str, _Fact]
    organization_skipped: list[str]
    workloads: list[_Workload] = Field(min_length=1, max_length=_MOST_WORKLOADS)
    current: int = Field(ge=0)
    transcript: list[_Line] = Field(max_length=_MOST_LINES)
    sent_out: list[dict[str, Any]]
    assumptions: dict[str, Any]
    noted_last: str


def copy_of(state: Interview) -> dict[str, Any]:
    """Return everything that was said and decided by the user; what can be undone does not travel."""
    kept = set(_Session.model_fields) - {"format", "version"}
    plain = {key: state.get(key, {} if key == "assumptions" else None) for key in sorted(kept)}
    return {"format": FORMAT, "version": VERSION, **plain}


def read_copy(plain: object, source: str) -> Interview:
    """Return the state that a copy holds.

    Raises:
        InvalidInput: naming `source`, the key and what was expected.
    """
    try:
        session = _Session.model_validate(plain)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"]) or "the file"
        raise InvalidInput(f"{source}: {where}: {problem['msg']}; expected a file made by `sessions export`") from error
    if session.current >= len(session.workloads):
        raise InvalidInput(f"{source}: current: {session.current} does not fit; expected a workload's place from 0")
    names = [workload.name for workload in session.workloads]
    if len(set(names)) < len(names):
        raise InvalidInput(f"{source}: workloads: two have the same name; expected each name once")
    lines = [Line(role=line.role, text=line.text, at=line.at, citations=line.citations) for line in session.transcript]
    return {
        **new_interview(),
        "title": session.title,
        "organization": _facts(session.organization, f"{source}: organization", "organization"),
        "organization_skipped": _keys(session.organization_skipped, source),
        "workloads": [_workload(entry, source) for entry in session.workloads],
        "current": session.current,
        "transcript": lines,
        "sent_out": session.sent_out,
        "assumptions": _assumptions(session.assumptions, source),
        "noted_last": session.noted_last,
    }


def _workload(entry: _Workload, source: str) -> WorkloadEntry:
    facts = _facts(entry.facts, f"{source}: {entry.name}", "workload")
    skipped, asked = _keys(entry.skipped, source), dict(entry.asked)
    return {"name": entry.name, "named": entry.named, "facts": facts, "skipped": skipped, "asked": asked}


def _facts(entries: Mapping[str, _Fact], where: str, scope: str) -> dict[str, FactEntry]:
    found: dict[str, FactEntry] = {}
    for key, entry in entries.items():
        try:
            spec = spec_of(key)
            value = plain_value(check_value(spec, entry.value))
        except InvalidInput as error:  # an unknown name is one as well
            raise InvalidInput(f"{where}: {error}") from error
        if spec.scope != scope:
            raise InvalidInput(f"{where}: {key}: it belongs to the {spec.scope}; expected it there")
        found[key] = {"value": value, "quote": entry.quote, "state": entry.state}
    return found


def _assumptions(values: Mapping[str, Any], source: str) -> dict[str, Any]:
    try:
        return {key: check_assumption(key, value) for key, value in values.items()}
    except InvalidInput as error:
        raise InvalidInput(f"{source}: assumptions: {error}") from error


def _keys(keys: list[str], source: str) -> list[str]:
    return [spec_of(key, source).key for key in keys]
