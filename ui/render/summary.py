"""Sets a report as a page of plain text for a terminal; options, sources and assumptions are in the full report."""

import textwrap
from collections.abc import Iterable, Iterator

from tools.report import Report, with_basis
from ui.render.compose import compose
from ui.render.document import WorkloadPart

_WIDTH = 100


def render_summary(report: Report) -> str:
    """Return the recommendation with its reasons, cost lines, break-even and what would change it."""
    doc = compose(with_basis(report, with_curves=False, with_tables=False), with_figures=False)
    lines = [f"{doc.title} (as of {doc.as_of})"]
    for part in doc.workloads:
        lines += ["", *_workload(part)]
    if doc.whole.money is not None:
        money = doc.whole.money
        lines += ["", f"All together: {money.expected} a month ({money.span})"]
        lines += _wrapped(f"Who the money goes to: {doc.whole.vendors}.", "  ") if doc.whole.vendors else []
        lines += _bullets(f"{row.severity_words}: {row.text}" for row in doc.whole.findings)
    if doc.whole.plan is not None:
        lines += ["", *_wrapped(doc.whole.plan.summary, "")]
        lines += _bullets(
            f"{row.name}: {row.place}{f', {row.model}' if row.model else ''} ({row.differs})"
            for row in doc.whole.plan.rows
            if row.differs
        )
    if doc.own:
        lines += ["", "Your own figures instead of the listed ones"]
        lines += _bullets(f"{row.name}: {row.value} (listed: {row.listed}; {row.unit})" for row in doc.own)
    return "\n".join(lines) + "\n"


def _workload(part: WorkloadPart) -> Iterator[str]:
    verdict = part.verdict
    yield part.name
    yield "\u2500" * min(len(part.name), _WIDTH)
    yield from _wrapped(verdict.headline, "  ")
    sure = f"; {verdict.place} came out best in {verdict.probability} of the cases"
    if verdict.money.is_known:
        yield from _wrapped(f"{verdict.money.expected} a month ({verdict.money.span}) for about {part.volume}.", "  ")
    if verdict.probability:
        yield from _wrapped(f"How sure: {verdict.clarity_words}{sure}.", "  ")
    yield "  Why"
    yield from _bullets(verdict.reasons)
    if part.cost_lines:
        yield "  What it costs a month"
    width = max((len(row.amount) for row in part.cost_lines), default=0)
    for row in part.cost_lines:
        each = f" ({row.quantity} {row.unit} \u00d7 {row.unit_price})"
        yield f"    {row.amount:>{width}}  {row.name}{each}"
    yield from _wrapped(f"Break-even: {part.break_even}", "  ")
    yield "  What would change it"
    yield from _bullets(
        f"{flip.fact}: with \u201c{flip.then}\u201d instead of \u201c{flip.now}\u201d, {flip.deployment}"
        for flip in part.flips
    )
    if not part.flips:
        yield from _bullets(["no change of a single fact that you stated was found to move it"])
    if part.question:
        yield from _bullets([f"still open, with a {part.question_chance} chance of changing it: {part.question}"])
    if part.findings or part.licence_findings:
        yield "  What you must know"
    yield from _bullets(f"{row.severity_words}: {row.text}" for row in (*part.findings, *part.licence_findings))


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from textwrap.wrap(text, _WIDTH, initial_indent="    - ", subsequent_indent="      ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
