"""Reads the visible text of an HTML file with its headings. It runs no script and fetches nothing."""

import re
from typing import Any

from knowledge.documents.part import Part, Refused

_DEEPEST = 200
_UNSEEN = frozenset(
    re.findall(
        r"\w+",
        "script style template noscript head svg math iframe object embed applet canvas audio video select",
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "p div section article main header footer nav aside blockquote pre ul ol dl dt dd table tr form figure hr "
        "address details summary",
    )
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0*)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0(?:\.0*)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)

# White letters without a ground of their own; white on the dark ground of an outer element is lost too.
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:white|#f{3}(?:f{3})?|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\)|transparent)", re.I
)
_GROUND = re.compile(r"background(?:-color)?\s*:\s*(?!white|#fff|none|transparent|inherit)", re.I)


def read_html(text: str) -> list[Part]:
    """Return the visible text as one part."""
    root = _parsed(text)
    found = _visible(root) if root is not None else ""
    if not found.strip():
        raise Refused("holds no visible text", "give a page with text in it")
    return [Part(found)]


def _parsed(text: str) -> Any:
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        raise Refused("is broken: it cannot be read as HTML", "open it in a browser and save it again") from None
    # The parser cuts off what is nested deeper than it reads, and says so only here.
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise _too_deep()
    return root


def _visible(root: Any) -> str:
    from lxml import etree

    pieces: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    depth = 0
    for event, element in walker:
        if event == "start":
            depth += 1
            if depth > _DEEPEST:
                raise _too_deep()
            if _is_unseen(element):
                walker.skip_subtree()
            else:
                pieces += [_opening(str(element.tag)), _plain(element.text)]
        else:
            depth -= 1
            pieces += [_closing(str(element.tag)), _plain(element.tail) if depth else ""]
    return "".join(pieces)


def _is_unseen(element: Any) -> bool:
    if element.tag in _UNSEEN or element.get("hidden") is not None or element.get("aria-hidden", "").lower() == "true":
        return True
    style = element.get("style", "")
    return bool(_HIDING.search(style) or (_WHITE.search(style) and not _GROUND.search(style)))


def _opening(tag: str) -> str:
    if tag in _HEADINGS:
        return f"\n\n{'#' * _HEADINGS[tag]} "
    if tag == "li":
        return "\n- "
    return "\n\n" if tag in _BLOCKS else "\n" if tag == "br" else ""


def _closing(tag: str) -> str:
    if tag in ("td", "th"):
        return " | "
    return "\n\n" if tag in _HEADINGS or tag in _BLOCKS else ""


def _plain(text: str | None) -> str:
    """Collapse white space; a line of text that begins like Markdown stays text."""
    return re.sub(r"\s+", " ", text or "")


def _too_deep() -> Refused:
    return Refused("nests its elements too deeply", "open it in a browser, save it as PDF and add that one")
