"""The look that all figures share, and how a drawing becomes SVG. It knows no assessment."""

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from agent.wording import deployment_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Theme = Literal["light", "dark"]
Rows = tuple[tuple[str, ...], ...]
WIDTH_INCHES = 7.6
_GROUP_ID = re.compile(r'<g id="[^"]*"')
# Settings of matplotlib hold for the whole process, and the page draws in several threads.
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of a theme that carry no meaning."""

    text: str
    quiet: str
    grid: str
    paper: str


INKS: dict[str, Ink] = {
    "light": Ink("#1f2933", "#52606d", "#e1e5ea", "#ffffff"),
    "dark": Ink("#e8ebef", "#aab4bf", "#3b434c", "#1b1f24"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How a deployment is drawn: told apart by its line and marker as well, so that grey print can be read."""

    colour: str
    line: Any
    marker: str


# The palette of Okabe and Ito, which colour-blind readers tell apart.
MARKS: dict[str, Mark] = {
    "proprietary_api": Mark("#0072B2", "-", "o"),
    "private_api": Mark("#E69F00", (0, (6, 2)), "s"),
    "tuned_api": Mark("#CC79A7", (0, (3, 1.5)), "v"),
    "hosted_open": Mark("#009E73", (0, (6, 2, 1, 2)), "^"),
    "self_hosted": Mark("#D55E00", (0, (4, 1.5)), "D"),
    "hybrid": Mark("#56B4E9", (0, (1, 1.2)), "P"),
    "no_llm": Mark("#7b8794", (0, (1, 3)), "x"),
}


def new_figure(height_inches: float) -> "Figure":
    """Return an empty figure of the common width, without the global state of pyplot."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH_INCHES, height_inches))


def dress(axes: "Axes", theme: Theme, *, grid: Literal["x", "y", "both"] = "both") -> None:
    """Take away what carries no information."""
    ink = INKS[theme]
    axes.set_facecolor("none")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(ink.quiet)
    axes.tick_params(which="both", colors=ink.quiet, labelcolor=ink.quiet, labelsize=8, length=0)
    axes.grid(visible=True, which="major", axis=grid, color=ink.grid, linewidth=0.7)
    axes.set_axisbelow(True)


def to_svg(figure: "Figure", title: str, about: str) -> str:
    """Return the drawing as SVG with its name for screen readers; the same drawing gives the same bytes."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    out = io.StringIO()
    figure.patch.set_alpha(0.0)
    # Letters as outlines look the same in a browser, in print and in a PDF, whatever fonts are there.
    with (
        _LOCK,
        rc_context({"svg.fonttype": "path", "svg.hashsalt": "weighbridge"}),
        warnings.catch_warnings(),
    ):
        # A name may hold letters that no font here has; they become boxes, and the text beside has them.
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from font")
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = _GROUP_ID.sub("<g", out.getvalue())
    text = text[text.index("<svg") :].replace("<svg ", f'<svg role="img" aria-label={quoteattr(title)} ', 1)
    end = text.index(">") + 1
    return f"{text[:end]}\n<title>{escape(title)}</title>\n<desc>{escape(about)}</desc>{text[end:]}"


def message_svg(title: str, text: str, theme: Theme) -> str:
    """Return a figure that says why there is nothing to draw."""
    lines = wrapped(text, 92)
    figure = new_figure(0.35 + 0.2 * len(lines))
    figure.text(0.02, 0.5, plain_text("\n".join(lines)), color=INKS[theme].quiet, fontsize=9, va="center")
    return to_svg(figure, title, text)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines."""
    import textwrap

    return textwrap.wrap(text, width) or [""]


def plain_text(text: str) -> str:
    """Keep dollars from being read as formulas."""
    return text.replace("$", r"\$")


def cut(text: str, length: int) -> str:
    """Shorten a name that has no room."""
    if sum(map(_room, text)) <= length:
        return text
    kept = 0.0
    for end, letter in enumerate(text):
        kept += _room(letter)
        if kept > length - 1:
            return f"{text[:end].rstrip()}…"
    return text


def _room(letter: str) -> float:
    """Return the width of a letter in usual letters, where it is much wider than these."""
    if east_asian_width(letter) in "WF":
        return 1.7
    return 1.6 if letter in "MW@%" else 1.0


def kind_words(deployment: str) -> str:
    """Name a deployment at the beginning of a label, without its article."""
    words = deployment_words(deployment).removeprefix("a ").removeprefix("an ")
    return f"{words[:1].upper()}{words[1:]}"


def short_model(model: str) -> str:
    """Name a model without its publisher's folder."""
    return model.rsplit("/", 1)[-1]


def usd_tick(usd: float, _place: object = None) -> str:
    """Write dollars on an axis."""
    return f"${short_number(usd)}"


def short_number(value: float, _place: object = None) -> str:
    """Write a number on an axis: 40k, 1.5M, 2bn."""
    for size, letter in ((1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            return f"{float(f'{value / size:.3g}'):,.10g}{letter}"
    return f"{float(f'{value:.3g}'):,.10g}"


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart until each has `gap` for itself, as near to where they belong as can be."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    found = [min(max(place, low), high) for place in places]
    for _ in range(200):
        moved = False
        for below, above in pairwise(order):
            lack = gap - (found[above] - found[below])
            if lack > 1e-6:
                found[below] = max(found[below] - lack / 2, low)
                found[above] = min(found[above] + lack / 2, high)
                moved = True
        if not moved:
            break
    return found
