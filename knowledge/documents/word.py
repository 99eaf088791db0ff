"""Reads the text of a Word file (DOCX) with its headings, lists and tables. It follows no link in the file."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from knowledge.documents.part import MOST_CHARACTERS, Part, Refused, too_long

_MOST_ENTRIES = 3_000
_MOST_UNPACKED = 200_000_000
_MOST_XML = 40_000_000
_BROKEN = ("is broken: it cannot be read as a Word file", "open it in Word and save it as .docx again")
_BOMB = ("unpacks to far more than its size", "give the plain document without embedded files")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Sizes are counted in half points; the smallest print of contracts is about 4 points.
_LEAST_HALF_POINTS = 3
_WHITE = re.compile(r"[fF][a-fA-F7-9][fF][a-fA-F7-9][fF][a-fA-F7-9]")
_ENTITIES = tuple(mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le"))


def read_docx(content: bytes) -> list[Part]:
    """Return the document as one part; Word files have no fixed pages."""
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    _check_archive(content)
    try:
        text = _text(content)
    except (OpcError, LxmlError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, AttributeError, TypeError):
        raise Refused(*_BROKEN) from None  # what python-docx raises on damaged files is of many kinds
    if not text.strip():
        raise Refused("holds no text", "give a document with text in it")
    return [Part(text)]


def _check_archive(content: bytes) -> None:
    """Refuse bombs, passwords and XML with entities before anything is unpacked into memory as a whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
                raise Refused(*_BOMB)
            if any(entry.flag_bits & 1 for entry in entries):
                raise Refused("is encrypted with a password", "save it without the password and add that one")
            if "word/document.xml" not in archive.namelist():
                raise Refused("is a zip archive but no Word file", "give the Word file itself")
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    _check_xml(archive, entry)
    # NotImplementedError is what zipfile raises for a way of packing that it does not know.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise Refused(*_BROKEN) from None


def _check_xml(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.file_size > _MOST_XML:
        raise Refused(*_BOMB)
    xml = archive.read(entry)
    if any(mark in xml for mark in _ENTITIES):
        raise Refused("declares XML entities, which no Word file needs", "open it in Word and save it as .docx again")


def _text(content: bytes) -> str:
    from docx import Document

    document = Document(io.BytesIO(content))
    levels = {style.style_id: _level(style.name or "") for style in document.styles}
    hidden = {
        style.style_id for style in document.styles if getattr(getattr(style, "font", None), "hidden", None) is True
    }
    lines: list[str] = []
    length = 0
    for line in _lines(document.element.body, levels, hidden):
        length += len(line)
        if length > MOST_CHARACTERS:
            raise too_long()
        lines.append(line)
    return "\n".join(lines)


def _level(style: str) -> int:
    """Return the level of a heading style, 0 for any other."""
    name = style.lower()
    if name == "title":
        return 1
    last = name.rpartition(" ")[2]
    return min(int(last), 6) if name.startswith("heading") and last.isdigit() else 0


def _lines(body: Any, levels: dict[str, int], hidden: set[str]) -> Iterator[str]:
    for element in body.iter(f"{_W}p", f"{_W}tr"):
        if _inside(element, _FALLBACK):
            continue
        if element.tag == f"{_W}tr":
            cells = ("".join(_pieces(cell, hidden, None)).strip() for cell in element.findall(f"{_W}tc"))
            yield f"\n{' | '.join(cell for cell in cells if cell)}\n"
        elif not _inside(element, f"{_W}tr"):
            yield from _paragraph(element, levels, hidden)


def _paragraph(element: Any, levels: dict[str, int], hidden: set[str]) -> Iterator[str]:
    style = element.find(f"{_W}pPr/{_W}pStyle")
    name = style.get(f"{_W}val", "") if style is not None else ""
    text = "".join(_pieces(element, hidden, element)).strip()
    if not text or name in hidden:
        return
    if levels.get(name):
        yield f"\n{'#' * levels[name]} {' '.join(text.split())}\n"
    elif element.find(f"{_W}pPr/{_W}numPr") is not None or name.startswith("List"):
        yield f"- {text}"
    else:
        yield f"\n{text}\n"


def _pieces(element: Any, hidden: set[str], paragraph: Any) -> Iterator[str]:
    """Yield the visible text below an element; a text box inside is a paragraph of its own."""
    for piece in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}p"):
        if piece.tag == f"{_W}t":
            if not _is_hidden(piece, hidden) and paragraph in (None, _nearest(piece, f"{_W}p")):
                yield piece.text or ""
        elif piece is not element:
            yield " "


def _is_hidden(piece: Any, hidden: set[str]) -> bool:
    run = _nearest(piece, f"{_W}r")
    if run is None or _inside(piece, f"{_W}del") or _inside(piece, _FALLBACK):
        return True
    if _is_unreadable(run):
        return True
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    style = run.find(f"{_W}rPr/{_W}rStyle")
    if style is not None and style.get(f"{_W}val") in hidden:
        return True
    return vanish is not None and vanish.get(f"{_W}val", "true") not in ("0", "false")


def _is_unreadable(run: Any) -> bool:
    """Say whether a run is white on no ground of its own, or smaller than a point."""
    size = run.find(f"{_W}rPr/{_W}sz")
    if size is not None and size.get(f"{_W}val", "").isdigit() and int(size.get(f"{_W}val")) < _LEAST_HALF_POINTS:
        return True
    colour = run.find(f"{_W}rPr/{_W}color")
    if colour is None or not _WHITE.fullmatch(colour.get(f"{_W}val", "")):
        return False
    grounds = (run, _nearest(run, f"{_W}p"), _nearest(run, f"{_W}tc"))
    return not any(ground is not None and _is_shaded(ground) for ground in grounds)


def _is_shaded(element: Any) -> bool:
    """Say whether a run, paragraph or cell has a coloured ground, on which white letters are read."""
    properties = next((child for child in element if child.tag.endswith("Pr")), ())
    for mark in properties:
        if mark.tag == f"{_W}highlight" and mark.get(f"{_W}val") not in ("white", "none"):
            return True
        fill = mark.get(f"{_W}fill", "auto") if mark.tag == f"{_W}shd" else "auto"
        if fill != "auto" and not _WHITE.fullmatch(fill):
            return True
    return False


def _nearest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)


def _inside(element: Any, tag: str) -> bool:
    return _nearest(element, tag) is not None
