"""Sets the blocks of a report as PDF with Typst, offline and with the same bytes every time. It words nothing."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tools.errors import ExtraMissing
from ui.render.blocks import Block
from ui.render.clean import clean, clean_lines

# Typst carries the first; the second, with more scripts, comes with matplotlib.
_FONTS = ("Libertinus Serif", "DejaVu Sans")
_LONG_WORD = re.compile(r"\S{20,}")
_AFTER = re.compile(r"([/_.,:;=&?@-])(?=\w)")
_EACH, _EACH_CAPITAL = 14, 8
_WIDE = ("W", "F")


def to_pdf(blocks: Sequence[Block], *, title: str, as_of: str, lead: str, day: date) -> bytes:
    """Return the PDF of a report."""
    try:
        import typst
    except ImportError:
        raise ExtraMissing("PDF needs the package typst: make run installs it; or write .html and print it") from None
    words = {"title": clean(title) or "Report", "as_of": as_of, "lead": lead}
    data = {**words, "fonts": list(_FONTS), "blocks": [_plain(asdict(block)) for block in blocks]}
    data["anchors"] = sorted(set(_anchors(blocks)))
    text = json.dumps(data, ensure_ascii=False)
    return typst.compile(
        files("ui.render").joinpath("templates", "report.typ").read_bytes(),
        font_paths=font_folders(),
        ignore_system_fonts=not _needs_more_fonts(text),
        format="pdf",
        sys_inputs={"report": text},
        timestamp=datetime.combine(day, time(), tzinfo=UTC),
    )


def _anchors(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        yield getattr(block, "anchor", "")
        yield from (item.anchor for item in getattr(block, "items", ()))


def font_folders() -> list[Any]:
    """Return the folder of the fonts that matplotlib carries, found without importing it."""
    spec = find_spec("matplotlib")
    places = spec.submodule_search_locations if spec is not None else None
    return [Path(place) / "mpl-data" / "fonts" / "ttf" for place in places or ()]


def _needs_more_fonts(text: str) -> bool:
    """Say whether a script is in the text that neither font has: then the machine's own fonts may help."""
    return any(unicodedata.east_asian_width(letter) in _WIDE for letter in text)


def _plain(value: Any, key: str = "") -> Any:
    """Make every text safe to set: no control characters, and places to break in words that are too long for a line."""
    if isinstance(value, dict):
        return {
            name: _plain(inner, value["kind"] + "." + name if "kind" in value else name)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(inner, key) for inner in value]
    if not isinstance(value, str) or key in ("picture.svg", "to", "anchor", "kind", "heading.anchor"):
        return value
    if key in ("verbatim.text", "speech.text"):
        return breakable(clean_lines(value))
    return breakable(clean(value))


def breakable(text: str) -> str:
    """Put places to break into words that are longer than a cell is wide."""
    return _LONG_WORD.sub(lambda match: _broken(match.group()), text)


def _broken(word: str) -> str:
    pieces = _AFTER.sub("\\1\u200b", word).split("\u200b")
    return "\u200b".join(
        "\u200b".join(piece[i : i + each] for i in range(0, len(piece), each)) or piece
        for piece in pieces
        for each in (_EACH_CAPITAL if piece.isupper() else _EACH,)
    )
