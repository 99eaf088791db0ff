"""Reports: golden files, nothing hostile takes effect, nothing is loaded from elsewhere, nothing is left out."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from report_sample import sample_report

from tools.assess import assess
from tools.errors import InvalidInput
from tools.facts import Organization, Portfolio, Workload
from tools.portfolio_file import portfolio_from_text
from tools.report import Report
from ui.files import read_structured
from ui.render import render_html, render_json, render_markdown, render_summary, write_report
from ui.render.options import chosen_option

GOLDEN = Path(__file__).parents[1] / "golden"
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    ("name", "render"),
    [("sample.md", render_markdown), ("sample.html", render_html), ("sample.txt", render_summary)],
)
def test_golden(name: str, render: object, request: pytest.FixtureRequest) -> None:
    text = re.sub(r"<svg.*?</svg>", "<svg></svg>", render(sample_report()), flags=re.DOTALL)  # type: ignore[operator]
    path = GOLDEN / name
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{name} changed: pytest --update-golden tests/ui/test_render.py"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_html_loads_nothing_and_runs_nothing() -> None:
    text = render_html(sample_report())
    parser = _Tags()
    parser.feed(text)
    names = {tag for tag, _ in parser.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "image"}
    targets = {value for _, attributes in parser.tags for key, value in attributes.items() if key in ("href", "src")}
    assert all(target and target.startswith("#") for target in targets)
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    assert all(
        value and value.startswith("#") for _, had in parser.tags for key, value in had.items() if key == "xlink:href"
    )
    assert "default-src 'none'" in text


def test_what_people_wrote_stays_text_in_html() -> None:
    text = render_html(sample_report())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "Tickets &lt;i&gt;now&lt;/i&gt;" in text


def test_what_people_wrote_stays_text_in_markdown() -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(render_markdown(sample_report()))
    headings = [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]
    inline = [child for token in tokens if token.type == "inline" for child in token.children or []]
    assert "Heading" not in headings
    assert not [child for child in inline if child.type == "image"]
    assert all(str(child.attrs["href"]).startswith("#") for child in inline if child.type == "link_open")
    assert all(re.fullmatch(r'<a id="[a-z0-9-]+">|</a>', c.content) for c in inline if c.type == "html_inline")
    assert not [token for token in tokens if token.type == "html_block"]
    said = "".join(child.content for child in inline if child.type == "text")
    for words in (
        "<script>alert(1)</script> **bold** [x](http://evil.example) | # no `code`",
        "30 to 40k tickets | a day",
    ):
        assert words in said
    fences = [token.content for token in tokens if token.type == "fence"]
    assert fences == ["Facts:\n```\n40,000 a day\n```\n", "I agree.\n"]


def test_every_row_of_a_markdown_table_has_its_columns() -> None:
    for block in re.findall(r"(?:^\|.*\n)+", render_markdown(sample_report()), re.MULTILINE):
        columns = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(columns) == 1, block


def test_json_holds_everything() -> None:
    plain = json.loads(render_json(sample_report()))
    assert plain["as_of"] == "2026-11-22"
    assert plain["portfolio"]["workloads"][0]["facts"]["requests_per_day"] == [30000, 40000]
    assert plain["quotes"]["Tickets <i>now</i>"]["external_api"]["quote"] == "<b>nothing</b> may leave"
    assert plain["assessment"]["workloads"][0]["verdict"]["deployment"] == "self_hosted"
    assert plain["transcript"][2]["citations"][0]["id"] == "llama-1"
    assert plain["sent_out"][0]["reply"] == "I agree."


def test_an_unknown_price_is_said_and_never_nought() -> None:
    row = next(line for line in render_markdown(sample_report()).splitlines() if line.startswith("| **egress"))
    assert row.count("not known") == 2
    assert "$0" not in row


def test_nothing_sent_is_said() -> None:
    whole = sample_report()
    report = Report(whole.title, whole.as_of, whole.portfolio, whole.assessment)
    assert "Nothing left this machine." in render_markdown(report)
    assert "Nothing left this machine." in render_html(report)


def test_an_empty_workload_renders(today: date) -> None:
    portfolio = Portfolio(Organization(), (Workload("Unknown"),))
    report = Report("", today, portfolio, assess(portfolio, today))
    for render in (render_markdown, render_html, render_json, render_summary):
        assert "Unknown" in render(report)


@pytest.fixture(scope="module")
def real_report() -> Report:
    """The report of an example, with the real decision."""
    from tools.portfolio_file import portfolio_from_plain

    file = EXAMPLES / "support-tickets.yaml"
    portfolio = portfolio_from_plain(read_structured(file), str(file))
    day = date(2026, 11, 22)
    return Report("Where to run it", day, portfolio, assess(portfolio, day))


def test_the_lines_of_the_bill_add_up_to_the_sum(real_report: Report) -> None:
    workload = real_report.assessment.workloads[0]
    verdict = workload.verdict
    chosen = chosen_option(workload)
    assert chosen is not None
    assert verdict.monthly_usd is not None
    assert sum(line.amount_usd or 0.0 for line in chosen.cost_lines) == pytest.approx(verdict.monthly_usd.expected)


def test_a_real_report_names_what_a_reader_needs(real_report: Report) -> None:
    verdict = real_report.assessment.workloads[0].verdict
    for text in (render_markdown(real_report), render_html(real_report)):
        assert verdict.model in text
        assert verdict.hardware in text
        assert "Break-even" in text
        assert "recommended" in text
        assert "genai-prices" in text
    assert "e+0" not in render_markdown(real_report)


@pytest.mark.parametrize("name", ["r.md", "r.html", "r.json", "R.HTML"])
def test_write_report_follows_the_ending(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("old", encoding="utf-8")
    write_report(sample_report(), path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith({".md": "# Tickets", ".html": "<!doctype html>", ".json": "{"}[path.suffix.lower()])
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_write_report_refuses_other_endings(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"\.md, \.html, \.pdf, \.docx, \.json"):
        write_report(sample_report(), tmp_path / "report.odt")
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_report(sample_report(), tmp_path / "nowhere" / "report.md")


def test_the_rows_of_the_first_table_add_up_to_its_last(today: date) -> None:
    whole = portfolio_from_text((EXAMPLES / "shared-team.yaml").read_text(encoding="utf-8"), "shared-team.yaml")
    text = render_markdown(Report("", today, whole, assess(whole, today, draws=64)))
    table = text[text.index("| Workload | Where to run it") :].split("\n\n")[0]
    sums = [float(found.replace("−$", "-").replace("$", "").replace(",", ""))
            for found in re.findall(r"\| \[?\**(−?\$[\d,.]+)", table)]  # fmt: skip
    assert sums[-2] < 0, "what the plan saves stands in the table"
    assert sum(sums[:-1]) == pytest.approx(sums[-1], abs=2)


def test_a_bill_over_the_budget_is_on_the_first_page(today: date) -> None:
    facts = "task: chatbot, difficulty: routine, requests_per_day: 150, external_api: allowed, monthly_budget: 50"
    small = portfolio_from_text(f"workloads: [{{name: Helper, facts: {{{facts}}}}}]", "small.yaml")
    text = render_markdown(Report("", today, small, assess(small, today, draws=64)))
    first = text[: text.index("### Next steps")]
    assert "over the budget of $50" in first
    assert "people's time" in first, "shorter prompts do not help where tokens cost next to nothing"


def test_a_table_of_facts_has_no_empty_column_of_quotes(today: date) -> None:
    small = portfolio_from_text("workloads: [{name: Helper, facts: {task: chatbot}}]", "small.yaml")
    assert "In your words" not in render_markdown(Report("", today, small, assess(small, today, draws=16)))
    assert "In your words" in render_markdown(sample_report())
