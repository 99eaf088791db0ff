"""Sets a report in Markdown, HTML or JSON with the templates beside it, and writes it to a file."""

import json
import os
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

import jinja2
from markupsafe import Markup

from tools.assessment import assessment_to_json, to_plain
from tools.errors import InvalidInput
from tools.portfolio_file import portfolio_to_plain
from tools.report import Report
from tools.token_prices import data_version
from ui.render.compose import compose
from ui.render.markdown import escaped, fenced, quoted, ready


def render_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    return _template("report.md.jinja").render(doc=compose(report))


def render_html(report: Report) -> str:
    """Return the report as one HTML file that loads nothing."""
    style = Markup(_source("report.css"))
    return _template("report.html.jinja").render(doc=compose(report), style=style)


def render_json(report: Report) -> str:
    """Return the report as JSON: facts with their quotes, the whole assessment, what was said and sent."""
    plain = {
        "title": report.title,
        "as_of": report.as_of.isoformat(),
        "prices": data_version(),
        "portfolio": portfolio_to_plain(report.portfolio),
        "quotes": _quotes(report),
        "assessment": assessment_to_json(report.assessment),
        "transcript": to_plain(report.transcript),
        "sent_out": to_plain(report.sent_out),
        "data_notes": list(report.data_notes),
    }
    return json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


_FORMATS: dict[str, Callable[[Report], str]] = {".md": render_markdown, ".html": render_html, ".json": render_json}


def check_suffix(path: Path) -> None:
    """Refuse a file name whose ending names no format."""
    if path.suffix.lower() not in _FORMATS:
        raise InvalidInput(f"{path}: expected a file name that ends in {', '.join(_FORMATS)}")


def write_report(report: Report, path: Path) -> None:
    """Write the report in the format that the file's name ends in; an older file is replaced as a whole."""
    check_suffix(path)
    text = _FORMATS[path.suffix.lower()](report)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InvalidInput(f"{path}: cannot be written: {error.strerror}") from None


def _quotes(report: Report) -> dict[str, dict[str, dict[str, str]]]:
    """Return where each fact is from: the organization's under '', the workloads' under their names."""
    holders = [("", report.portfolio.organization.facts)]
    holders += [(workload.name, workload.facts) for workload in report.portfolio.workloads]
    return {
        name: {key: {"quote": fact.quote, "state": fact.state} for key, fact in facts.items()}
        for name, facts in holders
    }


def _source(name: str) -> str:
    return files("ui.render").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> jinja2.Template:
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
    return environment.get_template(name)
