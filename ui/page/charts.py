"""Makes the card of the break-even: a figure in the page's own colours, and its data. It computes no cost."""

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from ui.page.cards import card

if TYPE_CHECKING:
    from tools.curves import CostCurves

# Matplotlib writes rules for the whole document; the page has them in its own style sheet.
_DOCUMENT = re.compile(r"<style.*?</style>", re.DOTALL)


def break_even_waiting() -> str:
    """Return the card while the figure is being drawn."""
    return card("chart", figure="", about="", head=(), rows=())


def break_even_card(curves: "CostCurves") -> str:
    """Return the figure with what it shows in words and the numbers behind it."""
    from ui.figures.break_even import break_even_about, break_even_rows, break_even_svg

    head, rows = break_even_rows(curves)
    figure = _in_page_colours(break_even_svg(curves))
    return card("chart", figure=Markup(figure), about=break_even_about(curves), head=head, rows=rows)


def _in_page_colours(svg: str) -> str:
    """Let a figure follow the page from light to dark; the colours that carry a meaning stay."""
    from ui.figures.drawing import INKS

    ink = INKS["light"]
    named = {ink.text: "ink", ink.quiet: "soft", ink.grid: "line", ink.paper: "card"}
    svg = _DOCUMENT.sub("", svg)
    for colour, name in named.items():
        svg = re.sub(rf"(fill|stroke): {colour}", rf"\1: var(--wb-{name})", svg, flags=re.IGNORECASE)
    return svg
