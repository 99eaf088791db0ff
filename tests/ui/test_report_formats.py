"""PDF, DOCX, CSV, decision records, and the JSON put back: the same report, and nothing hostile takes effect."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pypdf
import pytest
import yaml
from report_sample import DAY, HOSTILE, sample_report

from tests.ui.conftest import Weigh
from tools.assess import assess
from tools.errors import InvalidInput
from tools.gates import gates
from tools.portfolio_file import portfolio_from_plain
from tools.report import Report, without_transcript
from tools.report_json import report_from_text
from ui.render import FORMATS, render_docx, render_html, render_json, render_markdown, render_pdf
from ui.render.compose import compose
from ui.render.csv import actions_csv, costs_csv
from ui.render.pdf import breakable
from ui.render.records import write_records
from ui.render.steps import mitigations
from ui.render.write import write_report

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "support-tickets.yaml"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of an example as JSON."""
    from datetime import date

    from tools.assess import assess
    from tools.portfolio_file import portfolio_from_text

    day = date(2026, 11, 22)
    portfolio = portfolio_from_text(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name)
    path = tmp_path_factory.mktemp("saved") / "report.json"
    write_report(Report("Tickets", day, portfolio, assess(portfolio, day, with_flips=True)), path)
    return path


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_report_put_back_is_the_same_in_every_format(suffix: str, saved: Path) -> None:
    real = report_from_text(saved.read_text(encoding="utf-8"), saved.name)
    assert render_json(real) == saved.read_text(encoding="utf-8")
    for report in (sample_report(), real):
        again = report_from_text(render_json(report), "report.json")
        assert again == report
        assert FORMATS[suffix](again) == FORMATS[suffix](report)


def _without(key: str) -> Callable[[dict[str, object]], None]:
    return lambda raw: raw.pop(key) and None


def _clarity(raw: dict[str, object]) -> None:
    raw["assessment"]["workloads"][0]["verdict"]["clarity"] = "sure"  # type: ignore[index]


def _fact(raw: dict[str, object]) -> None:
    raw["portfolio"]["workloads"][0]["facts"]["requests_per_day"] = "many"  # type: ignore[index]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without("format"), "format: expected a report that Weighbridge wrote"),
        (lambda raw: raw.update(format_version=99), "format_version: 99, this Weighbridge reads up to 1: update it"),
        (_without("assessment"), "assessment: missing"),
        (_without("basis"), "basis: missing"),
        (lambda raw: raw.update(as_of="soon"), "as_of: 'soon' does not fit"),
        (_clarity, "assessment.workloads.0.verdict.clarity"),
        (_fact, "requests_per_day: 'many' does not fit"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_by_its_key(spoil: Callable[[object], None], said: str) -> None:
    raw = json.loads(render_json(sample_report()))
    spoil(raw)
    with pytest.raises(InvalidInput, match=re.escape(said)) as caught:
        report_from_text(json.dumps(raw), "old.json")
    assert str(caught.value).startswith("old.json: ")


def test_text_that_is_no_json_and_a_portfolio_file_are_told_apart() -> None:
    with pytest.raises(InvalidInput, match=r"x\.json: not JSON"):
        report_from_text("{", "x.json")
    with pytest.raises(InvalidInput, match=r"weighbridge assess FILE --report"):
        report_from_text('{"workloads": []}', "x.json")


def test_pdf_sets_what_people_wrote_as_text_and_leads_nowhere_outside() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(sample_report())))
    text = "".join(page.extract_text() for page in reader.pages).replace("\u200b", "")
    flat = "".join(text.split())
    for words in ("Tickets <i>now</i>", "<b>nothing</b> may leave", HOSTILE, "30 to 40k tickets | a day"):
        assert "".join(words.split()) in flat
    links = [link.get_object() for page in reader.pages for link in page.get("/Annots", [])]
    assert len(links) > 10
    assert all("/URI" not in link.get("/A", {}) for link in links)
    assert reader.metadata is not None
    assert reader.metadata.title == "Tickets & more"


def test_pdf_evaluates_no_typst() -> None:
    report = replace(sample_report(), title='#panic("run") $x$ @label <label> \\ = Title')
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(report)))
    assert '#panic("run")$x$@label<label>\\=Title' in "".join(reader.pages[0].extract_text().split())


def test_docx_has_headings_tables_and_links_that_lead_somewhere() -> None:
    packed = render_docx(sample_report())
    document = docx.Document(io.BytesIO(packed))
    headings = [p.text for p in document.paragraphs if ((p.style and p.style.name) or "").startswith("Heading")]
    assert {"Summary", "Why", "Tickets <i>now</i>", "Next steps", "Sources cited"} <= set(headings)
    assert len(document.tables) > 8
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        body = parts.read("word/document.xml").decode()
        relations = parts.read("word/_rels/document.xml.rels").decode()
    marks = set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', body))
    links = set(re.findall(r'<w:hyperlink w:anchor="([^"]+)"', body))
    assert links
    assert links <= marks
    assert 'TargetMode="External"' not in relations
    ids = re.findall(r'<w:bookmarkStart [^>]*w:id="(\d+)"', body)
    assert len(ids) == len(set(ids))
    assert not re.search(r"<w:p>(?!<w:pPr>)(?:(?!</w:p>).)*<w:pPr>", body), "a paragraph's properties come first"


@pytest.mark.parametrize("render", [render_html, render_markdown])
def test_every_link_leads_somewhere(render: Callable[[Report], str]) -> None:
    text = render(sample_report())
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    links = set(re.findall(r'href="#([^"]+)"|\]\(#([^)]+)\)', text))
    assert links
    assert {a or b for a, b in links} <= set(ids)


def test_every_sum_of_the_summary_leads_to_its_lines_and_every_line_to_its_source() -> None:
    text = render_markdown(sample_report())
    summary = text[: text.index("### Why")]
    assert "[**$12,689**](#workload-1-costs)" in summary
    bill = text[text.index('id="workload-1-costs"') :]
    rows = [row for row in bill.splitlines() if row.startswith("| **") and "Sum" not in row][:3]
    assert len(rows) == 3
    assert all(re.search(r"\(#source-\d+\) \|$", row) for row in rows)


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_the_transcript_can_be_left_out(suffix: str) -> None:
    text = FORMATS[suffix](without_transcript(sample_report()))
    assert "The conversation" not in str(text)
    assert "each one labelled" in str(text)


def test_costs_as_csv_add_up_and_unknown_prices_stay_empty() -> None:
    rows = list(csv.DictReader(io.StringIO(costs_csv(sample_report()))))
    mine = [row for row in rows if row["workload"] == "Tickets <i>now</i>"]
    assert sum(float(row["usd_a_month"] or 0) for row in mine) == 12689.0
    assert next(row for row in mine if row["line"] == "egress")["usd_a_month"] == ""


def test_no_cell_of_a_csv_is_a_formula() -> None:
    sample = sample_report()
    names = ["=1+1", "@SUM(A1)"]
    workloads = zip(sample.portfolio.workloads, names, strict=True)
    portfolio = replace(sample.portfolio, workloads=tuple(replace(w, name=name) for w, name in workloads))
    assessed = zip(sample.assessment.workloads, names, strict=True)
    whole = replace(sample.assessment, workloads=tuple(replace(w, name=name) for w, name in assessed))
    report = replace(sample, portfolio=portfolio, assessment=whole)
    for text in (costs_csv(report), actions_csv(report)):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert "'=1+1" in cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_actions_as_csv_leave_the_owner_to_be_filled_in_and_give_the_dates() -> None:
    rows = list(csv.DictReader(io.StringIO(actions_csv(sample_report()))))
    assert rows[0]["owner"] == ""
    assert "2026-12-24" in {row["date"] for row in rows}
    assert any("Rehearse the fall-back plan" in row["step"] for row in rows)


def test_a_decision_record_for_each_workload_is_numbered_once(tmp_path: Path) -> None:
    (tmp_path / "0007-older.md").write_text("kept", encoding="utf-8")
    first = write_records(sample_report(), tmp_path)
    assert [path.name for path in first] == ["0008-tickets-i-now-i.md", "0009-vault.md"]
    assert write_records(sample_report(), tmp_path) == first
    assert len(list(tmp_path.iterdir())) == 3
    text = first[0].read_text(encoding="utf-8")
    head = yaml.safe_load(text.split("---")[1])
    assert head["status"] == "proposed"
    assert str(head["date"]) == "2026-11-22"
    for title in ("Context and Problem Statement", "Considered Options", "Decision Outcome", "Confirmation"):
        assert re.search(rf"^##+ {title}$", text, re.MULTILINE)


def test_decision_records_need_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="decision records go to a folder"):
        write_records(sample_report(), tmp_path / "records.md")


def test_every_mitigation_is_for_a_rule_that_exists() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tools").rglob("*.py"))
    known = set(re.findall(r'"([a-z_0-9]+)"', code)) | {gate.rule for gate in gates()}
    named = {f"{regime}_not_named" for regime in ("hipaa", "gdpr", "pci_dss", "glba")}
    assert set(mitigations()) - known - named == set()


def test_importing_the_renderers_brings_no_heavy_library() -> None:
    code = "import sys, ui.render; print([m for m in ('matplotlib', 'typst', 'docx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_report_makes_every_format_of_a_saved_report(saved: Path, tmp_path: Path, weigh: Weigh) -> None:
    for suffix in FORMATS:
        result = weigh("report", saved, "--to", tmp_path / f"again{suffix}")
        assert result.exit_code == 0, result.stderr
        assert (tmp_path / f"again{suffix}").stat().st_size > 5000
    assert (tmp_path / "again.json").read_bytes() == saved.read_bytes()
    assert (tmp_path / "again.pdf").read_bytes().startswith(b"%PDF")


def test_report_writes_records_and_tables(saved: Path, tmp_path: Path, weigh: Weigh) -> None:
    assert weigh("report", saved, "--to", tmp_path / "decisions", "--as", "madr").exit_code == 0
    assert [path.name for path in (tmp_path / "decisions").iterdir()] == ["0001-label-support-tickets.md"]
    for kind in ("costs", "actions"):
        target = tmp_path / f"{kind}.csv"
        assert weigh("report", saved, "--to", target, "--as", kind).exit_code == 0
        assert target.read_text(encoding="utf-8").startswith("\ufeffworkload,")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "out.odt"), "expected a file name that ends in .md, .html, .pdf, .docx, .json"),
        (("--to", "out.csv"), "--as costs or --as actions"),
        (("--to", "out.txt", "--as", "costs"), "ends in .csv"),
        (("--to", "/nowhere/out.pdf"), "cannot be written: there is no folder /nowhere; create it"),
        ((), "--to: expected"),
    ],
)
def test_report_says_what_does_not_fit(arguments: tuple[str, ...], said: str, saved: Path, weigh: Weigh) -> None:
    result = weigh("report", saved, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_report_says_that_a_file_is_not_there(tmp_path: Path, weigh: Weigh) -> None:
    result = weigh("report", tmp_path / "gone.json", "--to", tmp_path / "out.pdf")
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr


def test_words_break_where_a_cell_ends_and_not_before() -> None:
    assert "\u200b" not in breakable("Embedding")
    assert breakable("Qwen/Qwen3-Embedding-4B").split("\u200b") == ["Qwen/", "Qwen3-", "Embedding-", "4B"]
    assert max(map(len, breakable("W" * 60).split("\u200b"))) == 8


def test_what_holds_for_nearly_all_workloads_names_the_others() -> None:
    rows = [{"name": f"Number {i}", "facts": {"task": "chatbot"}} for i in range(5)]
    rows[2]["facts"] = {"task": "chatbot", "criticality": "low"}
    portfolio = portfolio_from_plain({"workloads": rows}, "five.yaml")
    doc = compose(Report("", DAY, portfolio, assess(portfolio, DAY, draws=16)), with_figures=False)
    assert "all but Number 2" in {row.workloads for row in doc.assumptions}
