"""The styles of the Word report, and what python-docx has no call for: links, bookmarks, rules. It knows no block."""

from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

ACCENT, SOFT, TINT, RULE = "0B5A63", "56616B", "F1F4F1", "D3D7D2"
_FONT = "Calibri"


def new_document() -> "Word":
    """Return an empty A4 document with the styles of a report."""
    import docx
    from docx.shared import Cm

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    _style(document, "Normal", 10.5, after=5)
    for level, size in ((1, 16), (2, 12.5), (3, 11)):
        _style(document, f"Heading {level}", size, ACCENT, bold=True, before=12, after=5)
    _style(document, "Title", 24, "1C2329", bold=True, after=4)
    _style(document, "Caption", 9.5, "1C2329", after=3)
    _style(document, "List Bullet", 10.5, after=3)
    for name, size, color in (
        ("Brand", 9.5, ACCENT), ("Note", 8.5, SOFT), ("Cell", 8.5, "1C2329"), ("Finding", 10, "1C2329"),
        ("Check", 10, "1C2329"), ("Source", 8.5, "1C2329"), ("Headline", 14, "1C2329"),
        ("Headline fact", 10.5, "1C2329"), ("Verbatim", 8.5, "1C2329"), ("Speech", 10, "1C2329"), ("Gap", 4, SOFT),
    ):  # fmt: skip
        _new(document, name, size, color)
    return document


def _new(document: "Word", name: str, size: float, color: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm

    made: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = document.styles["Normal"]
    _style(document, name, size, color, bold=name in ("Headline", "Brand"), after=1 if name == "Cell" else 4)
    if name in ("Check", "Source"):
        made.paragraph_format.left_indent, made.paragraph_format.first_line_indent = Cm(0.8), Cm(-0.8)
        made.paragraph_format.tab_stops.add_tab_stop(Cm(0.8))
    if name in ("Finding", "Speech", "Headline", "Headline fact"):
        made.paragraph_format.left_indent = Cm(0.3)
    if name == "Headline":
        made.paragraph_format.keep_with_next = True
    if name == "Verbatim":
        _face(made, "Consolas")


def _style(
    document: "Word",
    name: str,
    size: float,
    color: str = "",
    *,
    bold: bool = False,
    before: float = 0,
    after: float = 0,
) -> None:
    from docx.shared import Pt, RGBColor

    style: Any = document.styles[name]
    style.font.size, style.font.bold = Pt(size), bold
    _face(style, _FONT)
    if color:
        style.font.color.rgb = RGBColor.from_string(color)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _face(style: Any, name: str) -> None:
    """Set a font for all scripts: the template's themes name another one."""
    from docx.oxml.ns import qn

    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def bookmark(paragraph: "Paragraph", name: str) -> None:
    """Name a paragraph, so that links lead to it."""
    number = str(_number_of(name))
    # The properties of a paragraph come first; Word refuses a file where they do not.
    paragraph._p.insert(0 if paragraph._p.pPr is None else 1, _element("w:bookmarkStart", id=number, name=_mark(name)))
    paragraph._p.append(_element("w:bookmarkEnd", id=number))


def _number_of(name: str) -> int:
    return crc32(name.encode()) % 1_000_000_000  # the same in every run, as hash() is not


def _mark(name: str) -> str:
    return name.replace("-", "_")[:40]


def link(paragraph: "Paragraph", text: str, to: str, *, bold: bool = False) -> None:
    """Add a piece of text that leads to a bookmark."""
    from docx.shared import RGBColor

    run = paragraph.add_run(text)
    run.bold = True if bold else None
    run.font.color.rgb = RGBColor.from_string(ACCENT)
    outer = _element("w:hyperlink", anchor=_mark(to))
    paragraph._p.remove(run._r)
    outer.append(run._r)
    paragraph._p.append(outer)


def left_rule(paragraph: "Paragraph", color: str, width: int = 18) -> None:
    """Draw a line on the left of a paragraph; the width is in eighths of a point."""
    borders = _element("w:pBdr")
    borders.append(_element("w:left", val="single", sz=str(width), space="6", color=color))
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def fill(cell: "_Cell", color: str) -> None:
    """Give a cell a background."""
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=color))


def rules_of(table: "Table") -> None:
    """Draw thin lines between the rows of a table, and none between its columns."""
    borders = _element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color=RULE))
    properties = table._tbl.tblPr
    after = [child for child in properties if child.tag.rsplit("}", 1)[-1] in ("tblLayout", "tblCellMar", "tblLook")]
    if after:
        after[0].addprevious(borders)
    else:
        properties.append(borders)


def repeat_header(row: "_Row") -> None:
    """Show a row again at the top of each page."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))


def keep_whole(row: "_Row") -> None:
    """Keep the lines of a row on one page."""
    row._tr.get_or_add_trPr().insert(0, _element("w:cantSplit", val="true"))


def numbered_footer(document: "Word", text: str) -> None:
    """Put a text and the number of the page at the foot of each."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles["Note"]
    paragraph.add_run(f"{text} · page ")
    for kind in ("begin", "PAGE", "end"):
        run = paragraph.add_run()
        if kind == "PAGE":
            field = _element("w:instrText")
            field.text = kind
            run._r.append(field)
        else:
            run._r.append(_element("w:fldChar", fldCharType=kind))
