"""Sets the blocks of a report as a Word document with headings, tables and links. It words nothing."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from tools.errors import ExtraMissing
from ui.render.blocks import Block, Card, Heading, Item, Items, Paragraph, Picture, Row, Run, Speech, Table, Verbatim
from ui.render.clean import clean, clean_lines
from ui.render.docx_parts import (
    ACCENT,
    SOFT,
    TINT,
    bookmark,
    fill,
    keep_whole,
    left_rule,
    link,
    new_document,
    numbered_footer,
    repeat_header,
    rules_of,
)
from ui.render.pictures import to_png

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph as WordParagraph

_MARKS = {
    "clear": "17663A", "close_call": "8A5300", "undetermined": "6B4A86",
    "critical": "A3261F", "warning": "8A5300", "advice": ACCENT,
}  # fmt: skip
_PAGE_CM, _PICTURE_CM, _TITLE_CM = 17.0, 16.5, 1.5


def to_docx(blocks: Sequence[Block], *, title: str, as_of: str, lead: str, day: date) -> bytes:
    """Return the Word document of a report."""
    try:
        document = new_document()
    except ImportError:
        raise ExtraMissing("DOCX needs the package python-docx: make run installs it; or write .html") from None
    core = document.core_properties
    core.title, core.author, core.comments = clean(title)[:255], "Weighbridge", ""
    core.created = core.modified = datetime.combine(day, time(), tzinfo=UTC)
    numbered_footer(document, f"Weighbridge report · {as_of}")
    _Writer(document, set(_anchors(blocks))).write(blocks, title, as_of, lead)
    whole = io.BytesIO()
    document.save(whole)
    return _same_bytes(whole.getvalue())


def _same_bytes(packed: bytes) -> bytes:
    """Pack the parts of a document again without the hour: the same report gives the same file."""
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return again.getvalue()


def _anchors(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        yield getattr(block, "anchor", "")
        yield from (item.anchor for item in getattr(block, "items", ()))


def _widths_cm(block: Table) -> list[float]:
    """Share the page's width among the columns of a table, none of them narrower than a short title."""
    whole = sum(column.share for column in block.columns)
    widths = [max(_PAGE_CM * column.share / whole, _TITLE_CM if column.title else 0.0) for column in block.columns]
    return [width * _PAGE_CM / sum(widths) for width in widths]


class _Writer:
    """Adds blocks to a document, each kind in its own way."""

    def __init__(self, document: "Word", anchors: set[str]) -> None:
        self.document, self.anchors = document, anchors
        self.ways: dict[str, Callable[[Any], None]] = {
            "heading": self._heading, "paragraph": self._paragraph, "items": self._items, "table": self._table,
            "card": self._card, "picture": self._picture, "verbatim": self._verbatim, "speech": self._speech,
        }  # fmt: skip

    def write(self, blocks: Sequence[Block], title: str, as_of: str, lead: str) -> None:
        self.document.add_paragraph(f"Weighbridge report · {as_of}", style="Brand")
        self.document.add_paragraph(clean(title), style="Title")
        self.document.add_paragraph(lead, style="Note")
        for block in blocks:
            self.ways[block.kind](block)

    def _heading(self, block: Heading) -> None:
        heading = self.document.add_heading(clean(block.text), level=block.level - 1)
        heading.paragraph_format.page_break_before = block.page
        if block.anchor:
            bookmark(heading, block.anchor)

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = self.document.add_paragraph(style="Note" if block.look == "note" else None)
        self._runs(paragraph, block.runs)

    def _runs(self, paragraph: "WordParagraph", runs: Iterable[Run]) -> None:
        from docx.shared import RGBColor

        for run in runs:
            text = clean(run.text)
            if run.to in self.anchors and run.to:
                link(paragraph, text, run.to, bold=run.style == "strong")
                continue
            made = paragraph.add_run(f"“{text}”" if run.style == "quote" else text)
            made.bold = True if run.style in ("strong", "tag") else None
            made.italic = True if run.style == "quote" else None
            if run.style in ("soft", "tag"):
                made.font.color.rgb = RGBColor.from_string(SOFT if run.style == "soft" else ACCENT)

    def _items(self, block: Items) -> None:
        for number, item in enumerate(block.items, start=1):
            self._item(block.look, number, item)

    def _item(self, look: str, number: int, item: Item) -> None:
        styles = {"findings": "Finding", "checks": "Check", "numbers": "Source", "sources": "Source"}
        paragraph = self.document.add_paragraph(style=styles.get(look, "List Bullet"))
        lead = {"checks": "\u2610\t", "numbers": f"{number}.\t", "sources": f"{number}.\t"}.get(look, "")
        if lead:
            paragraph.add_run(lead)
        if look == "findings":
            left_rule(paragraph, _MARKS.get(item.mark, "D3D7D2"))
        self._runs(paragraph, item.runs)
        for line in item.more:
            paragraph.add_run().add_break()
            self._runs(paragraph, line)
        if item.anchor:
            bookmark(paragraph, item.anchor)

    def _table(self, block: Table) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm

        table = self.document.add_table(rows=1, cols=len(block.columns))
        table.autofit = False
        rules_of(table)
        repeat_header(table.rows[0])
        widths = [Cm(width) for width in _widths_cm(block)]
        for made, width in zip(table.columns, widths, strict=True):
            made.width = width
        rows: list[Row] = [Row(tuple((Run(column.title, "soft"),) for column in block.columns)), *block.rows]
        for number, row in enumerate(rows):
            placed = table.rows[0] if number == 0 else table.add_row()
            keep_whole(placed)
            for word, cell, column, width in zip(placed.cells, row.cells, block.columns, widths, strict=True):
                word.width = width
                word.paragraphs[0].style = "Cell"
                if column.right:
                    word.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
                if row.mark:
                    fill(word, TINT)
                self._runs(word.paragraphs[0], cell)
        self.document.add_paragraph(style="Gap")

    def _card(self, block: Card) -> None:
        headline = self.document.add_paragraph(clean(block.headline), style="Headline")
        left_rule(headline, _MARKS.get(block.mark, ACCENT), 36)
        for fact in block.facts:
            paragraph = self.document.add_paragraph(style="Headline fact")
            left_rule(paragraph, _MARKS.get(block.mark, ACCENT), 36)
            self._runs(paragraph, (Run(f"{fact.label}: ", "soft"), *fact.runs))

    def _picture(self, block: Picture) -> None:
        from docx.shared import Cm

        caption = self.document.add_paragraph(style="Caption")
        self._runs(caption, (Run(block.title, "strong"), Run(f" {block.about}")))
        caption.paragraph_format.keep_with_next = True
        if not block.svg:
            self._table(block.data)
            return
        shape = self.document.add_picture(io.BytesIO(to_png(block.svg)), width=Cm(_PICTURE_CM))
        shape._inline.docPr.set("descr", clean(f"{block.title}. {block.about}"))

    def _verbatim(self, block: Verbatim) -> None:
        self.document.add_paragraph(clean_lines(block.text), style="Verbatim")

    def _speech(self, block: Speech) -> None:
        paragraph = self.document.add_paragraph(style="Speech")
        left_rule(paragraph, ACCENT if block.mine else "D3D7D2")
        paragraph.add_run("You" if block.mine else "Weighbridge").bold = True
        for line in clean_lines(block.text).strip().split("\n"):
            paragraph.add_run().add_break()
            paragraph.add_run(line)
        for citation in block.citations:
            paragraph.add_run().add_break()
            self._runs(paragraph, citation)
