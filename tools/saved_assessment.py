"""An assessment as it was saved in JSON, cut down to what a comparison needs. It decides and compares nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tools.errors import InvalidInput

_EXPECTED = "expected what `weighbridge assess FILE --json` or `--report FILE.json` wrote"
OptionKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SavedLine:
    """One line of a monthly bill; None is unknown."""

    quantity: float | None
    unit_price_usd: float | None
    amount_usd: float | None


@dataclass(frozen=True, slots=True)
class SavedOption:
    """One option: what ruled it out (rule to text), and its bill by name and unit of the line."""

    feasible: bool
    monthly_usd: float | None
    blockers: Mapping[str, str]
    lines: Mapping[tuple[str, str], SavedLine]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, how clear that was, and what it costs a month in the mean."""

    deployment: str
    model: str
    provider: str
    hardware: str
    clarity: str
    monthly_usd: float | None

    @property
    def key(self) -> OptionKey:
        """Deployment, model and provider: hardware and bill may change without another choice."""
        return self.deployment, self.model, self.provider


@dataclass(frozen=True, slots=True)
class SavedWorkload:
    """One workload; findings are (axis, rule, severity, text), `assumed` what stood for facts nobody had stated."""

    name: str
    choice: Choice
    options: Mapping[OptionKey, SavedOption]
    findings: tuple[tuple[str, str, str, str], ...]
    assumed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SavedAssessment:
    """A whole assessment. `inputs` (the portfolio) and `data` (versions) are None where they were not recorded."""

    as_of: date
    workloads: Mapping[str, SavedWorkload]
    inputs: Mapping[str, Any] | None
    data: Mapping[str, Any] | None
    monthly_usd: float | None = field(default=None)


def read_saved(raw: object, where: str) -> SavedAssessment:
    """Read the JSON of an assessment, or of a report; InvalidInput names the file and what is missing."""
    top = _table(raw, where, "")
    inputs, data = top.get("inputs"), top.get("data")
    if isinstance(top.get("assessment"), Mapping):
        inputs, data = top.get("portfolio"), {"prices": top.get("prices")}
        top = top["assessment"]
    try:
        day = date.fromisoformat(str(top["as_of"]))
        workloads = [_workload(entry) for entry in top["workloads"]]
        whole = top["portfolio"].get("monthly_usd")
        monthly = None if whole is None else float(whole["expected"])
    except KeyError as error:
        raise InvalidInput(f"{where}: no saved assessment: {error} is missing; {_EXPECTED}") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(f"{where}: no saved assessment: {error}; {_EXPECTED}") from None
    return SavedAssessment(
        day,
        {workload.name: workload for workload in workloads},
        inputs if isinstance(inputs, Mapping) else None,
        data if isinstance(data, Mapping) else None,
        monthly,
    )


def _table(raw: object, where: str, what: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise InvalidInput(f"{where}: no saved assessment{what}; {_EXPECTED}")
    return raw


def _workload(entry: Mapping[str, Any]) -> SavedWorkload:
    verdict = entry["verdict"]
    choice = Choice(
        deployment=str(verdict["deployment"]),
        model=str(verdict["model"]),
        provider=str(verdict["provider"]),
        hardware=str(verdict["hardware"]),
        clarity=str(verdict["clarity"]),
        monthly_usd=_expected(verdict["monthly_usd"]),
    )
    options = {
        (str(option["deployment"]), str(option["model"]), str(option["provider"])): _option(option)
        for option in entry["options"]
    }
    findings = tuple((f["axis"], f["rule"], f["severity"], f["text"]) for f in entry["findings"])
    assumed = {str(used["fact"]): str(used["value"]) for used in entry["assumptions"]}
    return SavedWorkload(str(entry["name"]), choice, options, findings, assumed)


def _option(entry: Mapping[str, Any]) -> SavedOption:
    lines = {
        (str(line["name"]), str(line["unit"])): SavedLine(
            _number(line["quantity"]), _number(line["unit_price_usd"]), _number(line["amount_usd"])
        )
        for line in entry["cost_lines"]
    }
    blockers = {str(blocker["rule"]): str(blocker["text"]) for blocker in entry["blockers"]}
    return SavedOption(bool(entry["feasible"]), _expected(entry["monthly_usd"]), blockers, lines)


def _expected(money: Mapping[str, Any] | None) -> float | None:
    return None if money is None else float(money["expected"])


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return float(value)
