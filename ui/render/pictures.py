"""Turns a figure from SVG into what a format needs. It draws nothing."""

import re

_PROLOG = re.compile(r"^\s*(<\?xml[^>]*\?>\s*|<!DOCTYPE[^>]*>\s*|<!--.*?-->\s*)*", re.DOTALL)
_NAME = re.compile(r'(\bid="|url\(#|href="#|aria-labelledby="|aria-describedby=")')
_PIXELS_PER_INCH = 160


def inline(svg: str, number: int) -> str:
    """Return the element alone, as it stands inside a page; its names are those of no other figure there."""
    return _NAME.sub(rf"\g<1>figure-{number}-", _PROLOG.sub("", svg, count=1))


def to_png(svg: str) -> bytes:
    """Return a figure as a picture of pixels."""
    import typst

    from ui.render.pdf import font_folders

    page = (
        '#set page(width: 18cm, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%)\n'
    )
    return typst.compile(
        page.encode(),
        font_paths=font_folders(),
        ignore_system_fonts=True,
        format="png",
        ppi=_PIXELS_PER_INCH,
        sys_inputs={"svg": svg},
    )
