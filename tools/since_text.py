"""Words the changes between two assessments for a terminal. It compares nothing."""

from collections.abc import Iterator

from tools.saved_assessment import Choice
from tools.since import Cause, Changes, WorkloadChange

_KINDS = {
    "proprietary_api": "a proprietary API",
    "private_api": "a private deployment",
    "tuned_api": "a tuning service",
    "hosted_open": "a hosted open model",
    "self_hosted": "own servers",
    "hybrid": "a router of two models",
    "no_llm": "no option",
}
_MOST_CAUSES = 12


def changes_text(changes: Changes) -> str:
    """Return the changes as lines of text, workload by workload, then what concerns all of them."""
    return "\n".join(_lines(changes)) + "\n"


def _lines(changes: Changes) -> Iterator[str]:
    yield f"What changed from {changes.since.isoformat()} to {changes.as_of.isoformat()}"
    yield ""
    for workload in changes.workloads:
        yield headline(workload)
        yield from _causes(workload.causes)
    if changes.shared:
        yield ""
        yield "For all workloads"
        yield from _causes(changes.shared)
    before, after = changes.monthly_usd_before, changes.monthly_usd_after
    if before is not None and after is not None and len(changes.workloads) > 1:
        yield ""
        yield f"All together: {_usd(before)} a month then, {_usd(after)} now."
    for text in changes.unrecorded:
        yield f"Note: {text}."


def headline(change: WorkloadChange) -> str:
    """Return one sentence on a workload: what it ran on, what it runs on now, and what that costs."""
    before, after = change.before, change.after
    if before is None and after is not None:
        return f"{change.name}: new in the file; {_choice(after)}, {_usd(after.monthly_usd)} a month."
    if after is None:
        return f"{change.name}: no longer in the file."
    assert before is not None
    clarity = f" It was {_clear(before)} and is {_clear(after)}." if before.clarity != after.clarity else ""
    if change.status == "changed":
        then, now = _usd(before.monthly_usd), _usd(after.monthly_usd)
        moved = f"moves from {_choice(before)} to {_choice(after)}"
        return f"{change.name}: {moved}; {then} a month then, {now} now.{clarity}"
    return f"{change.name}: still {_choice(after)}; {_difference(before.monthly_usd, after.monthly_usd)}.{clarity}"


def _causes(causes: tuple[Cause, ...]) -> Iterator[str]:
    for cause in causes[:_MOST_CAUSES]:
        usd = cause.monthly_usd
        moved = f" ({'+' if usd > 0 else '-'}{_usd(abs(usd))} a month)" if usd is not None and abs(usd) >= 0.5 else ""
        yield f"  - {cause.text}{moved}"
    if len(causes) > _MOST_CAUSES:
        yield f"  - and {len(causes) - _MOST_CAUSES} more (--json lists all)"


def _choice(choice: Choice) -> str:
    kind = _KINDS.get(choice.deployment, choice.deployment)
    if not choice.model:
        return kind
    return f"{choice.model} on {kind}" if choice.deployment == "self_hosted" else f"{choice.model} ({choice.provider})"


def _clear(choice: Choice) -> str:
    return choice.clarity.replace("_", " ")


def _difference(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return "the price is unknown" if after is None else f"{_usd(after)} a month"
    step = after - before
    if abs(step) < 0.5 or abs(step) < 0.001 * abs(before):
        return f"{_usd(after)} a month as before"
    return f"{_usd(abs(step))} a month {'dearer' if step > 0 else 'cheaper'}: {_usd(before)} then, {_usd(after)} now"


def _usd(amount: float | None) -> str:
    if amount is None:
        return "an unknown price"
    return f"${amount:,.0f}" if abs(amount) >= 10 else f"${amount:,.2f}"
