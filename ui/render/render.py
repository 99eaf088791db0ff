"""Sets a report in the format that is asked for, with the templates beside it. It writes no file."""

import json
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from tools.report import Report, with_basis
from tools.report_json import report_to_plain
from ui.render.blocks import Block, Heading
from ui.render.chapters import report_blocks
from ui.render.compose import compose
from ui.render.document import Document
from ui.render.markdown import escaped, fenced, quoted, ready, runs
from ui.render.pictures import inline

LEAD = "Sums are US dollars a month, averaged over the first twelve months; the range holds nine cases in ten."


def render_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    doc, blocks = _set(report)
    text = template("report.md.jinja").render(doc=doc, blocks=blocks)
    return without_gaps(text)


def render_html(report: Report) -> str:
    """Return the report as one HTML file that loads nothing."""
    doc, blocks = _set(report)
    contents = [block for block in blocks if isinstance(block, Heading) and block.level == 2 and block.anchor]
    style = Markup(_source("report.css"))
    return template("report.html.jinja").render(doc=doc, blocks=blocks, contents=contents, style=style)


def render_pdf(report: Report) -> bytes:
    """Return the report as PDF; the same report gives the same bytes."""
    from ui.render.pdf import to_pdf

    doc, blocks = _set(report)
    return to_pdf(blocks, title=doc.title, as_of=doc.as_of, lead=LEAD, day=report.as_of)


def render_docx(report: Report) -> bytes:
    """Return the report as a Word document."""
    from ui.render.docx import to_docx

    doc, blocks = _set(report)
    return to_docx(blocks, title=doc.title, as_of=doc.as_of, lead=LEAD, day=report.as_of)


def render_json(report: Report) -> str:
    """Return the report as JSON: `weighbridge report FILE.json` makes the same report of it."""
    return json.dumps(report_to_plain(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _set(report: Report) -> tuple[Document, tuple[Block, ...]]:
    doc = compose(with_basis(report))
    return doc, report_blocks(doc)


def without_gaps(text: str) -> str:
    """Leave one empty line between blocks, outside of what is quoted word for word."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        if line.startswith("```"):
            fence = "" if fence and line == fence else fence or line.removesuffix("text")
        if line or fence or not kept or kept[-1]:
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"


def _source(name: str) -> str:
    return files("ui.render").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def template(name: str) -> jinja2.Template:
    """Return a template; what it prints is escaped for its format."""
    is_html = name == "report.html.jinja"
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        undefined=jinja2.StrictUndefined,
        autoescape=is_html,
        # In Markdown every expression is escaped unless a filter below has already done it.
        finalize=None if is_html else escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = quoted
    environment.filters["fenced"] = fenced
    environment.filters["ready"] = ready
    environment.filters["runs"] = runs
    environment.filters["drawing"] = lambda svg, number: Markup(inline(svg, number))
    return environment.get_template(name)
