"""Draws which single changes of a fact move the choice, and how far they are. It searches none."""

from agent.wording import fact_words, value_words
from tools.assessment import Flip, WorkloadAssessment
from tools.facts import FactValue, Range, spec_of
from ui.figures.drawing import (
    INKS,
    MARKS,
    Rows,
    Theme,
    cut,
    dress,
    kind_words,
    message_svg,
    new_figure,
    plain_text,
    short_number,
    to_svg,
)

TITLE = "What would change the choice"
_ROW_INCHES = 0.4
_NOTHING = "No change of a single fact that you stated was found to move the choice."


def sensitivity_svg(workload: WorkloadAssessment, theme: Theme = "light") -> str:
    """Draw each change as a multiple of today's value; changes that are not of a number stand in words."""
    flips = _ordered(workload)
    if not flips:
        return message_svg(TITLE, _NOTHING, theme)
    height = 0.85 + _ROW_INCHES * len(flips)
    figure, ink = new_figure(height), INKS[theme]
    axes = figure.add_axes((0.4, 0.5 / height, 0.32, 1 - 0.8 / height))
    dress(axes, theme, grid="x")
    times = [factor for flip in flips if (factor := _times(flip)) is not None]
    _scale(axes, times)
    axes.set_ylim(len(flips) - 0.5, -0.5)
    axes.set_yticks([])
    across = axes.get_yaxis_transform()
    for row, flip in enumerate(flips):
        mark, factor = MARKS[flip.deployment], _times(flip)
        axes.text(-1.22, row - 0.16, cut(spec_of(flip.fact).label, 44), transform=across, fontsize=8.5,
                  color=ink.text, va="center")  # fmt: skip
        axes.text(-1.22, row + 0.2, plain_text(cut(_change(flip), 58)), transform=across, fontsize=7,
                  color=ink.quiet, va="center")  # fmt: skip
        if factor is not None:
            axes.plot([1.0, factor], [row, row], color=mark.colour, linewidth=2)
            axes.plot([1.0], [row], marker="|", color=ink.text, markersize=9)
            axes.plot([factor], [row], marker=mark.marker, color=mark.colour, markersize=7)
        else:
            axes.text(0.5, row, "another value", transform=across, fontsize=7.5, style="italic", color=ink.quiet,
                      ha="center", va="center")  # fmt: skip
        axes.plot([1.05], [row], marker=mark.marker, color=mark.colour, markersize=5, transform=across, clip_on=False)
        axes.text(1.09, row, cut(kind_words(flip.deployment), 34), transform=across, fontsize=8.5, color=ink.text,
                  va="center")  # fmt: skip
    axes.text(1.03, 1.02, "then runs on", transform=axes.transAxes, fontsize=8, color=ink.quiet, va="bottom")
    axes.set_xlabel("times today's value (log scale)" if times else "", color=ink.quiet, fontsize=8.5)
    return to_svg(figure, TITLE, sensitivity_about(workload))


def sensitivity_about(workload: WorkloadAssessment) -> str:
    """Say in words what the figure shows."""
    flips = _ordered(workload)
    if not flips:
        return _NOTHING
    told = "; ".join(f"{spec_of(f.fact).label}, {_change(f)}: {kind_words(f.deployment)}" for f in flips)
    return f"The smallest single changes that move the choice. {told}."


def sensitivity_rows(workload: WorkloadAssessment) -> tuple[tuple[str, ...], Rows]:
    """Return the data of the figure."""
    head = ("Fact", "Today", "From here on", "Times", "Then runs on")
    return head, tuple(
        (
            spec_of(flip.fact).label, _value(flip.fact, flip.from_value), _value(flip.fact, flip.to_value),
            "" if (factor := _times(flip)) is None else f"{factor:.3g}", kind_words(flip.deployment),
        )
        for flip in _ordered(workload)
    )  # fmt: skip


def _ordered(workload: WorkloadAssessment) -> list[Flip]:
    """Return the changes of numbers, the nearest first, and then the others."""
    import math

    return sorted(
        workload.flips, key=lambda flip: abs(math.log(factor)) if (factor := _times(flip)) is not None else math.inf
    )


def _times(flip: Flip) -> float | None:
    before, after = _middle(flip.from_value), _middle(flip.to_value)
    return after / before if before and after and before > 0 and after > 0 else None


def _middle(value: FactValue | None) -> float | None:
    if isinstance(value, Range):
        return (value.low + value.high) / 2
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _change(flip: Flip) -> str:
    return f"{_value(flip.fact, flip.from_value)} → {_value(flip.fact, flip.to_value)}"


def _value(fact: str, value: FactValue | None) -> str:
    if value is None:
        return "not stated"
    words = value_words(spec_of(fact), value)
    return words if spec_of(fact).type != "number" else fact_words(fact, value)


def _scale(axes: object, times: list[float]) -> None:
    from matplotlib.axes import Axes
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    assert isinstance(axes, Axes)
    if not times:
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        return
    low, high = min(*times, 1.0) / 1.3, max(*times, 1.0) * 1.3
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    ticks = [t for t in (0.001, 0.01, 0.03, 0.1, 0.3, 0.5, 1, 2, 3, 10, 30, 100, 1000) if low <= t <= high]
    if high / low > 50:
        ticks = [t for t in ticks if t in (0.001, 0.01, 0.1, 1, 10, 100, 1000)]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_formatter(lambda value, _: "today" if value == 1 else f"{short_number(value)} ×")
