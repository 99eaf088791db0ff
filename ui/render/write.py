"""Writes a report to a file in the format that the file's name ends in. It sets nothing itself."""

import os
from collections.abc import Callable
from pathlib import Path

from tools.errors import InvalidInput
from tools.report import Report
from ui.render.render import render_docx, render_html, render_json, render_markdown, render_pdf

Content = str | bytes
FORMATS: dict[str, Callable[[Report], Content]] = {
    ".md": render_markdown,
    ".html": render_html,
    ".pdf": render_pdf,
    ".docx": render_docx,
    ".json": render_json,
}


def check_suffix(path: Path) -> None:
    """Refuse a file name whose ending names no format."""
    if path.suffix.lower() not in FORMATS:
        hint = "; for CSV add --as costs or --as actions" if path.suffix.lower() == ".csv" else ""
        raise InvalidInput(f"{path}: expected a file name that ends in {', '.join(FORMATS)}{hint}")


def write_report(report: Report, path: Path) -> None:
    """Write the report in the format that the file's name ends in; an older file is replaced as a whole."""
    check_suffix(path)
    write_file(path, FORMATS[path.suffix.lower()](report))


def write_file(path: Path, content: Content) -> None:
    """Write a file, or leave the one that is there as it was."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        if not path.parent.is_dir():
            raise InvalidInput(
                f"{path}: cannot be written: there is no folder {path.parent}; create it, or name another"
            ) from None
        draft.unlink(missing_ok=True)
        raise InvalidInput(f"{path}: cannot be written: {error.strerror}") from None
