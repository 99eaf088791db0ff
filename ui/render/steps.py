"""Picks next steps, mitigations and tests of the fall-back by rule from the texts beside it. It computes no verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from tools.assessment import WorkloadAssessment
from tools.report_basis import WorkloadBasis
from ui.render.document import StepRow
from ui.render.options import nothing_passes
from ui.render.words import short_name

_ALL = "all"
_NAMED = 3
_HALF_WIDTH = 1.96 * 0.5  # of a 95 % interval around one half, times 1/√n


@dataclass(frozen=True, slots=True)
class Step:
    """A next step of one workload."""

    id: str
    workload: str
    phase: str
    text: str


@cache
def mitigations() -> Mapping[str, str]:
    """Return what can be done about a finding, by its rule."""
    loaded: dict[str, str] = yaml.safe_load(_source("mitigations.yaml"))
    return loaded


@cache
def _steps() -> Mapping[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_source("steps.yaml"))
    return loaded


def _source(name: str) -> str:
    return files("ui.render").joinpath("texts", name).read_text(encoding="utf-8")


def steps_of(workload: WorkloadAssessment, basis: WorkloadBasis) -> tuple[Step, ...]:
    """Return the steps of one workload, the first to be done first."""
    return tuple(
        Step(entry["id"], workload.name, entry["phase"], _filled(entry["text"]))
        for entry in _steps()["steps"]
        if _holds(entry["when"], workload, basis)
    )


def step_rows(steps: Sequence[Step], workloads: int) -> tuple[StepRow, ...]:
    """Return each step once, with the workloads that it is for, in the order of the file."""
    names: dict[str, list[str]] = {}
    first: dict[str, Step] = {}
    for step in steps:
        first.setdefault(step.id, step)
        names.setdefault(step.id, []).append(step.workload)
    order = [entry["id"] for entry in _steps()["steps"]]
    return tuple(
        StepRow(number, first[key].text, first[key].phase, _for_whom(names[key], workloads))
        for number, key in enumerate((key for key in order if key in first), start=1)
    )


def fallback_tests(deployment: str) -> tuple[str, ...]:
    """Return what has to be tested before a fall-back can be relied on."""
    tests = _steps()["fallback_tests"]
    return tuple(_filled(text) for text in (*tests.get(deployment, ()), *tests[_ALL]))


def _for_whom(names: Sequence[str], workloads: int) -> str:
    if len(names) == workloads:
        return _ALL
    return ", ".join(short_name(name) for name in names) if len(names) <= _NAMED else f"{len(names)} workloads"


def _holds(when: Mapping[str, Any], workload: WorkloadAssessment, basis: WorkloadBasis) -> bool:
    verdict = workload.verdict
    found = {finding.rule for finding in workload.findings}
    there = {
        "fallback": verdict.fallback is not None,
        "question": bool(workload.questions),
        "licence": bool(basis.duties),
        "break_even": workload.break_even.tokens_per_month is not None,
    }
    return all((
        "deployment" not in when or verdict.deployment in when["deployment"],
        "clarity" not in when or verdict.clarity in when["clarity"],
        "found" not in when or bool(found & set(when["found"])),
        all(there[key] for key in when.get("has", ())),
        "none" not in when or when["none"] == nothing_passes(workload),
    ))  # fmt: skip


def _filled(text: str) -> str:
    cases = int(_steps()["cases"])
    points = round(100 * _HALF_WIDTH / cases**0.5)
    return text.replace("{cases}", str(cases)).replace("{points}", str(points))
