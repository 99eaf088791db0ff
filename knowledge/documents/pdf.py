"""Reads the visible text of a PDF page by page. It runs nothing in the file and knows no other format."""

import io
import re
from typing import Any

from knowledge.documents.part import MOST_CHARACTERS, MOST_PAGES, Part, Refused, too_long
from knowledge.documents.sight import Sight

_BROKEN = Refused("is broken: it cannot be read as a PDF", "open it, print it to a new PDF and add that one")
# "4.2 Data residency": a short numbered line that ends like a heading.
_HEADING = re.compile(r"^((?:\d+\.)*\d+\.?|[A-Z]\.|§ ?\d+)\s+([A-Z][^.;:!?]{2,70})$")
_SPLIT_WORD = re.compile(r"([a-z])-\n([a-z])")


def read_pdf(content: bytes) -> list[Part]:
    """Return one part per page that has text."""
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

    try:
        return _read(content)
    except (DependencyError, FileNotDecryptedError):
        raise _encrypted() from None
    except LimitReachedError:
        raise Refused("unpacks to more than is safe to read", "print it to a new PDF and add that one") from None
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, OSError):
        raise _BROKEN from None  # what pypdf raises on damaged files is of many kinds


def _read(content: bytes) -> list[Part]:
    reader = _open(content)
    parts: list[Part] = []
    length = 0
    for number, page in enumerate(reader.pages, start=1):
        if number > MOST_PAGES:
            raise _too_many()
        text = page.extract_text(visitor_operand_before=Sight(page.cropbox).before)
        length += len(text)
        if length > MOST_CHARACTERS:
            raise too_long()
        if text.strip():
            parts.append(Part(_marked(text), number))
    if not parts:
        raise Refused("holds no text, perhaps only scanned pictures", "run text recognition (OCR) on it first")
    return parts


def _open(content: bytes) -> Any:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    # Many files are locked against printing only, with an empty password.
    if reader.is_encrypted and not reader.decrypt(""):
        raise _encrypted()
    if len(reader.pages) > MOST_PAGES:
        raise _too_many()
    return reader


def _marked(text: str) -> str:
    """Join words that a line break split, and mark numbered headings."""
    lines = []
    for line in _SPLIT_WORD.sub(r"\1\2", text).splitlines():
        heading = _HEADING.match(line.strip())
        lines.append(f"\n## {line.strip()}\n" if heading else line.replace("•", "-", 1) if "•" in line[:4] else line)
    return "\n".join(lines)


def _encrypted() -> Refused:
    return Refused("is encrypted with a password", "open it, save it without the password and add that one")


def _too_many() -> Refused:
    return Refused(f"has more than {MOST_PAGES:,} pages", "split it and add the parts that matter")
