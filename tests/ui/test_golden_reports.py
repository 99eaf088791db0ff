"""Reports of a dozen real portfolios, word for word: read the difference, then `pytest --update-golden` this file."""

import io
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import docx
import pypdf
import pytest

from tools.assess import assess
from tools.data_check import TableSummary
from tools.portfolio_file import portfolio_from_text
from tools.report import Report, with_basis
from tools.report_basis import DateToCheck
from ui.render import render_docx, render_html, render_markdown, render_pdf

FOLDER = Path(__file__).parents[1] / "golden" / "portfolios"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
DAY = date(2026, 11, 22)
_MANY = 20


@cache
def report_of(name: str) -> Report:
    """Assess a portfolio once; versions and ages of tables are fixed, because they change without any report."""
    path = FOLDER / f"{name}.yaml"
    portfolio = portfolio_from_text(path.read_text(encoding="utf-8"), path.name)
    flips = len(portfolio.workloads) <= _MANY
    report = with_basis(Report(f"Report: {name}", DAY, portfolio, assess(portfolio, DAY, with_flips=flips)))
    assert report.basis is not None
    fixed = replace(
        report.basis,
        weighbridge="0.0.0",
        prices="genai-prices 0.0.0",
        tables=(TableSummary("open_models.yaml", 50, date(2026, 11, 1), 3),),
        dates=(DateToCheck(date(2027, 1, 3), "data", "The data grow too old to decide on.", "data_check.yaml"),),
    )
    return replace(report, basis=fixed)


def compare(text: str, golden: Path, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8"), f"{golden.name}: pytest --update-golden {Path(__file__).name}"


@pytest.mark.parametrize("name", NAMES)
def test_markdown(name: str, request: pytest.FixtureRequest) -> None:
    compare(render_markdown(report_of(name)), FOLDER / f"{name}.md", request)


def test_html(request: pytest.FixtureRequest) -> None:
    text = re.sub(r"<svg.*?</svg>", "<svg></svg>", render_html(report_of("hybrid")), flags=re.DOTALL)
    compare(text, FOLDER / "hybrid.html", request)


@pytest.mark.parametrize("name", ["air-gapped", "hostile"])
def test_pdf(name: str, request: pytest.FixtureRequest) -> None:
    pages = pypdf.PdfReader(io.BytesIO(render_pdf(report_of(name)))).pages
    text = "\n\n".join(page.extract_text() for page in pages)
    compare(text.replace("\u200b", "") + "\n", FOLDER / f"{name}.pdf.txt", request)


def test_docx(request: pytest.FixtureRequest) -> None:
    document = docx.Document(io.BytesIO(render_docx(report_of("opposite-answers"))))
    lines = []
    for element in document.iter_inner_content():
        if hasattr(element, "rows"):
            lines += [" | ".join(cell.text for cell in row.cells) for row in element.rows]
        elif element.text.strip():
            lines.append(f"[{element.style.name}] {element.text}")
    compare("\n".join(lines) + "\n", FOLDER / "opposite-answers.docx.txt", request)


def test_the_dozen_covers_every_kind_of_answer() -> None:
    verdicts = [workload.verdict for name in NAMES for workload in report_of(name).assessment.workloads]
    assert {verdict.deployment for verdict in verdicts} >= {
        "proprietary_api", "tuned_api", "hosted_open", "self_hosted", "hybrid", "no_llm",
    }  # fmt: skip
    assert {verdict.clarity for verdict in verdicts} == {"clear", "close_call", "undetermined"}
