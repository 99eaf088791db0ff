"""Turns a report into Markdown, HTML, PDF, DOCX and JSON. It computes nothing: every figure is in the report."""

from ui.render.render import render_docx, render_html, render_json, render_markdown, render_pdf
from ui.render.summary import render_summary
from ui.render.write import FORMATS, check_suffix, write_file, write_report

__all__ = [
    "FORMATS", "check_suffix", "render_docx", "render_html", "render_json", "render_markdown", "render_pdf",
    "render_summary", "write_file", "write_report",
]  # fmt: skip
