"""Turns a report into Markdown, HTML and JSON. It computes nothing: every figure is in the report."""

from ui.render.render import check_suffix, render_html, render_json, render_markdown, write_report
from ui.render.summary import render_summary

__all__ = ["check_suffix", "render_html", "render_json", "render_markdown", "render_summary", "write_report"]
