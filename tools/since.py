"""Compares an assessment with an earlier one and says what changed and why. It reads no file and decides nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tools.saved_assessment import Choice, OptionKey, SavedAssessment, SavedLine, SavedOption, SavedWorkload, read_saved

Kind = Literal[
    "fact", "assumption", "data", "price", "quantity", "bill_line", "retired", "new_option", "licence", "gate",
    "finding", "hardware", "unexplained",
]  # fmt: skip
Status = Literal["same", "changed", "added", "removed"]
# Differences below this share are rounding, not news.
_NEWS = 0.001
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason: what it is about, the values before and after where there are any, and its dollars a month."""

    kind: Kind
    text: str
    before: Any = None
    after: Any = None
    monthly_usd: float | None = None


@dataclass(frozen=True, slots=True)
class WorkloadChange:
    """One workload before and after; None where it was not, or is no longer, in the file."""

    name: str
    status: Status
    before: Choice | None
    after: Choice | None
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything between two assessments. `shared` concerns all workloads; `unrecorded` is what cannot be told."""

    since: date
    as_of: date
    monthly_usd_before: float | None
    monthly_usd_after: float | None
    shared: tuple[Cause, ...]
    workloads: tuple[WorkloadChange, ...]
    unrecorded: tuple[str, ...] = ()


def compare(old: object, new: object, where: str = "the saved assessment") -> Changes:
    """Compare two assessments in their JSON form; InvalidInput where one is none, naming it by `where`."""
    before, after = read_saved(old, where), read_saved(new, "the new assessment")
    gone = _gone(before, after)
    workloads = [_workload(name, before, after, gone) for name in after.workloads]
    removed = [
        WorkloadChange(name, "removed", workload.choice, None)
        for name, workload in before.workloads.items()
        if name not in after.workloads
    ]
    return Changes(
        before.as_of,
        after.as_of,
        before.monthly_usd,
        after.monthly_usd,
        tuple(_shared(before, after, gone)),
        (*workloads, *removed),
        tuple(_unrecorded(before)),
    )


def _unrecorded(before: SavedAssessment) -> Iterator[str]:
    if before.inputs is None:
        yield "the saved assessment does not record its facts, so changed facts are not told"
    if before.data is None or "tables" not in before.data:
        yield "the saved assessment does not record its data, so changed tables and assumptions are not told"


def _shared(before: SavedAssessment, after: SavedAssessment, gone: Mapping[OptionKey, str]) -> Iterator[Cause]:
    """Yield what concerns all workloads: the organization, assumptions, data, and what is offered."""
    if before.inputs is not None and after.inputs is not None:
        old, new = before.inputs, after.inputs
        yield from _differences("fact", old.get("organization") or {}, new.get("organization") or {})
        yield from _differences("assumption", old.get("assumptions") or {}, new.get("assumptions") or {}, "your own ")
    if before.data is not None and after.data is not None:
        yield from _data(before.data, after.data)
    if gone:
        yield Cause("retired", f"no longer on offer: {_names(list(gone.values()))}", before=sorted(gone.values()))
    fresh = [_named(key) for key in _offered(after) if key not in _offered(before)]
    if fresh:
        yield Cause("new_option", f"newly on offer: {_names(fresh)}", after=fresh)


def _data(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Cause]:
    for key, what in (("prices", "token prices"), ("weighbridge", "Weighbridge")):
        if key in old and old[key] != new.get(key):
            yield Cause("data", f"{what}: {old[key]} then, {new.get(key)} now", old[key], new.get(key))
    yield from _differences("assumption", old.get("assumed") or new.get("assumed") or {}, new.get("assumed") or {})
    tables_then, tables_now = old.get("tables"), new.get("tables")
    if isinstance(tables_then, Mapping) and isinstance(tables_now, Mapping):
        names = sorted({*tables_then, *tables_now})
        changed = [name for name in names if tables_then.get(name) != tables_now.get(name)]
        if changed:
            yield Cause("data", f"changed tables: {', '.join(changed)}", after=changed)


def _differences(kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any], whose: str = "") -> Iterator[Cause]:
    for key in dict.fromkeys((*new, *old)):
        if old.get(key) != new.get(key):
            then, now = _said(old.get(key)), _said(new.get(key))
            yield Cause(kind, f"{whose}{key}: {then} then, {now} now", old.get(key), new.get(key))


def _said(value: object) -> str:
    if value is None:
        return "not stated"
    if isinstance(value, list):
        return f"[{', '.join(_said(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_said(item)}' for key, item in value.items())}}}"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def _offered(assessment: SavedAssessment) -> dict[OptionKey, None]:
    return {key: None for workload in assessment.workloads.values() for key in workload.options}


def _gone(before: SavedAssessment, after: SavedAssessment) -> dict[OptionKey, str]:
    """Return the options that are in the catalogue no more, with their names and the day of their retirement."""
    missing = [key for key in _offered(before) if key not in _offered(after)] if after.workloads else []
    if not missing:
        return {}
    from tools.options import enumerate_options

    days: dict[OptionKey, date | None] = {
        (o.deployment, o.model, o.provider): o.retires for o in enumerate_options(before.as_of)
    }
    named = {}
    for key in missing:
        day = days.get(key)
        retired = f", retired on {day.isoformat()}" if day is not None and day <= after.as_of else ""
        named[key] = f"{_named(key)}{retired}"
    return named


def _named(key: OptionKey) -> str:
    return f"{key[1]} ({key[2]})" if key[2] else key[1] or key[0]


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{'; '.join(names[:_MOST_NAMES])}{more}"


def _workload(
    name: str, before: SavedAssessment, after: SavedAssessment, gone: Mapping[OptionKey, str]
) -> WorkloadChange:
    new = after.workloads[name]
    if name not in before.workloads:
        return WorkloadChange(name, "added", None, new.choice)
    old = before.workloads[name]
    changed = old.choice.key != new.choice.key
    causes = [*_facts(name, before, after), *_assumed(old, new)]
    if changed:
        causes += [*_left(old, new, gone), *_taken(old, new)]
    else:
        causes += _bill(old.options.get(old.choice.key), new.options.get(new.choice.key), "")
    if old.choice.hardware != new.choice.hardware and not changed:
        text = f"hardware: {old.choice.hardware or 'none'} then, {new.choice.hardware or 'none'} now"
        causes.append(Cause("hardware", text, old.choice.hardware, new.choice.hardware))
    causes += _findings(old, new)
    if changed and not causes:
        text = "nothing that is recorded explains it: the two options were close, or the computation itself changed"
        causes.append(Cause("unexplained", text))
    return WorkloadChange(name, "changed" if changed else "same", old.choice, new.choice, tuple(causes))


def _facts(name: str, before: SavedAssessment, after: SavedAssessment) -> Iterator[Cause]:
    def facts_in(assessment: SavedAssessment) -> Mapping[str, Any]:
        entries = (assessment.inputs or {}).get("workloads") or []
        return next((entry.get("facts") or {} for entry in entries if entry.get("name") == name), {})

    if before.inputs is not None and after.inputs is not None:
        yield from _differences("fact", facts_in(before), facts_in(after))


def _assumed(old: SavedWorkload, new: SavedWorkload) -> Iterator[Cause]:
    """Yield what is assumed otherwise than before, for facts that nobody stated then or now."""
    for key, value in new.assumed.items():
        if key in old.assumed and old.assumed[key] != value:
            text = f"assumed for {key}: {old.assumed[key]} then, {value} now"
            yield Cause("assumption", text, old.assumed[key], value)


def _left(old: SavedWorkload, new: SavedWorkload, gone: Mapping[OptionKey, str]) -> list[Cause]:
    """Say why the earlier choice is not the choice any more."""
    key = old.choice.key
    then, now = old.options.get(key), new.options.get(key)
    if key in gone:
        return [Cause("retired", f"{gone[key]}: no longer on offer", before=_named(key))]
    if then is None or now is None:
        return []
    barred = [rule for rule in now.blockers if rule not in then.blockers]
    if barred:
        return [Cause(_gate_kind(rule), f"{_named(key)} is now ruled out: {now.blockers[rule]}") for rule in barred]
    return _bill(then, now, f"{_named(key)}: ")


def _taken(old: SavedWorkload, new: SavedWorkload) -> list[Cause]:
    """Say why the new choice was not the choice before."""
    key = new.choice.key
    then, now = old.options.get(key), new.options.get(key)
    if now is None:
        return []
    if then is None:
        return [Cause("new_option", f"{_named(key)} was not on offer then", after=_named(key))]
    freed = [rule for rule in then.blockers if rule not in now.blockers]
    if freed and now.feasible and not then.feasible:
        return [Cause(_gate_kind(rule), f"{_named(key)} was ruled out then: {then.blockers[rule]}") for rule in freed]
    return _bill(then, now, f"{_named(key)}: ")


def _gate_kind(rule: str) -> Kind:
    return "licence" if rule in ("licence", "weights_delivered", "outputs_train_models") else "gate"


def _bill(then: SavedOption | None, now: SavedOption | None, whose: str) -> list[Cause]:
    """Return what moved the bill of one option, line by line, the most dollars first."""
    if then is None or now is None:
        return []
    causes = [
        cause
        for key in dict.fromkeys((*now.lines, *then.lines))
        if (cause := _line(key, then.lines.get(key), now.lines.get(key), whose)) is not None
    ]
    return sorted(causes, key=lambda cause: -abs(cause.monthly_usd or 0.0))


def _line(key: tuple[str, str], then: SavedLine | None, now: SavedLine | None, whose: str) -> Cause | None:
    name, unit = key
    usd = None
    if (then is None or then.amount_usd is not None) and (now is None or now.amount_usd is not None):
        usd = ((now.amount_usd if now else 0.0) or 0.0) - ((then.amount_usd if then else 0.0) or 0.0)
    if then is None or now is None:
        text = f"{whose}{name}: {'a new line' if then is None else 'no longer a line'} of the bill"
        return Cause("bill_line", text, then and then.amount_usd, now and now.amount_usd, usd)
    for kind, before, after, per in (
        ("price", then.unit_price_usd, now.unit_price_usd, f"USD per {_one(unit)}"),
        ("quantity", then.quantity, now.quantity, unit),
    ):
        if not _news(before, after):
            continue
        text = f"{whose}{name}: {_step(before, after)} {per}"
        return Cause("price" if kind == "price" else "quantity", text, before, after, usd)
    return None


def _one(unit: str) -> str:
    """Name one of a unit: 'accelerator hours' is paid per accelerator hour; 'million tokens' stays."""
    return unit.removesuffix("s") if not unit.startswith("million") and not unit.endswith("ss") else unit


def _news(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(after - before) > _NEWS * max(abs(before), abs(after))


def _step(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        then, now = ("unknown" if value is None else _figure(value) for value in (before, after))
        return f"{then} then, {now} now,"
    rate = f" ({(after / before - 1):+.0%})" if before > 0 else ""
    return f"{'rose' if after > before else 'fell'} from {_figure(before)} to {_figure(after)}{rate}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _findings(old: SavedWorkload, new: SavedWorkload) -> Iterator[Cause]:
    """Yield licence outcomes that changed, and grave findings that came or went; figures inside a text are no news."""
    for axis in ("licence",):
        then, now = ({text for found, _, _, text in w.findings if found == axis} for w in (old, new))
        if old.choice.key == new.choice.key and then != now:
            yield from (Cause("licence", f"licence, no longer: {text}") for text in sorted(then - now))
            yield from (Cause("licence", f"licence, now: {text}") for text in sorted(now - then))
    grave = [
        {(axis, rule): text for axis, rule, severity, text in w.findings if severity in ("warning", "critical")}
        for w in (old, new)
    ]
    for key, text in grave[1].items():
        if key not in grave[0] and key[0] != "licence":
            yield Cause("finding", f"new: {text}", after=key[1])
    for key, text in grave[0].items():
        if key not in grave[1] and key[0] != "licence":
            yield Cause("finding", f"no longer: {text}", before=key[1])
