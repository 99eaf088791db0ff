"""Sets the decision on each workload as an architecture decision record (MADR 4). It computes nothing."""

import re
from collections.abc import Iterable
from pathlib import Path

from tools.errors import InvalidInput
from tools.report import Report, with_basis
from ui.render.chapters.summary import change_texts
from ui.render.compose import compose
from ui.render.document import DateRow, WorkloadPart
from ui.render.render import template, without_gaps
from ui.render.steps import step_rows, steps_of
from ui.render.words import day_words
from ui.render.write import write_file

_LONGEST_NAME = 60
_NUMBERED = re.compile(r"(\d{4})-(.+)\.md")


def records(report: Report) -> list[tuple[str, str]]:
    """Return the name (without its number) and the text of each record."""
    report = with_basis(report, with_curves=False)
    assert report.basis is not None
    doc = compose(report, with_figures=False)
    made: list[tuple[str, str]] = []
    for part, assessed, beside in zip(doc.workloads, report.assessment.workloads, report.basis.workloads, strict=True):
        text = template("record.md.jinja").render(
            doc=doc,
            part=part,
            title=f"Where to run {part.name}",
            as_of=report.as_of.isoformat(),
            good=_good(part),
            bad=[_after_because(row.text) for row in part.findings if row.severity in ("critical", "warning")],
            steps=step_rows(steps_of(assessed, beside), 1),
            dates=[DateRow(day_words(found.day), found.text, "", found.source) for found in beside.dates],
            changes=change_texts(part),
        )
        made.append((_slug(part.name, made), without_gaps(text)))
    return made


def write_records(report: Report, folder: Path) -> list[Path]:
    """Write the records into a folder; one of the same name is replaced, others are numbered on."""
    if folder.suffix and not folder.is_dir():
        raise InvalidInput(f"{folder}: decision records go to a folder, one file for each; give a folder's name")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = {match[2]: int(match[1]) for entry in folder.iterdir() if (match := _NUMBERED.fullmatch(entry.name))}
    except OSError as error:
        raise InvalidInput(f"{folder}: cannot be written: {error.strerror}") from None
    written = []
    for name, text in records(report):
        number = found.setdefault(name, max(found.values(), default=0) + 1)
        written.append(folder / f"{number:04}-{name}.md")
        write_file(written[-1], text)
    return written


def _good(part: WorkloadPart) -> list[str]:
    return [_after_because(reason) for reason in part.verdict.reasons]


def _after_because(text: str) -> str:
    """Go on with a sentence after a comma; names and acronyms keep their capital."""
    first = text.split(" ", 1)[0]
    common = first.istitle() and first in (
        "The",
        "It",
        "Over",
        "In",
        "No",
        "Own",
        "A",
        "On",
        "Nobody",
        "This",
        "People",
    )
    return f"{text[0].lower()}{text[1:]}" if common else text


def _slug(name: str, made: Iterable[tuple[str, str]]) -> str:
    taken = {slug for slug, _ in made}
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST_NAME].strip("-") or "workload"
    number = 2
    unique = slug
    while unique in taken:
        unique, number = f"{slug}-{number}", number + 1
    return unique
