"""Draws the monthly cost of the ways to run a workload over its volume. It computes no cost."""

from typing import TYPE_CHECKING

from agent.wording import usd_words
from tools.curves import CostCurve, CostCurves
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
    short_model,
    short_number,
    spread,
    to_svg,
    usd_tick,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "Monthly cost over volume"
_LABEL_GAP, _LINE_INCHES, _PLOT_INCHES = 0.125, 0.125, 3.5


def break_even_svg(curves: CostCurves, theme: Theme = "light") -> str:
    """Draw every curve with its band, today's volume and the break-even of the verdict."""
    shown = [curve for curve in curves.curves if min(curve.expected_usd) > 0]
    if not shown:
        return message_svg(TITLE, break_even_about(curves), theme)
    notes = _ruled_out(curves)
    height = _PLOT_INCHES + _LINE_INCHES * len(notes) + 0.1 * bool(notes)
    figure, ink = new_figure(height), INKS[theme]
    foot = (_LINE_INCHES * len(notes) + 0.1 * bool(notes) + 0.5) / height
    axes = figure.add_axes((0.085, foot, 0.56, 1 - foot - 0.36 / height))
    dress(axes, theme)
    axes.set(xscale="log", yscale="log", xlim=(curves.tokens_per_month[0], curves.tokens_per_month[-1]))
    for curve in shown:
        _draw(axes, curves, curve)
    _fit_height(axes, shown)
    axes.xaxis.set_major_formatter(lambda value, _: short_number(value))
    axes.yaxis.set_major_formatter(lambda value, _: plain_text(usd_tick(value)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_formatter("")
    axes.set_xlabel("Tokens a month, input and output together (log scale)", color=ink.quiet, fontsize=8.5)
    axes.set_title(plain_text("US$ a month (log scale)"), loc="left", color=ink.quiet, fontsize=8.5, pad=16, x=-0.12)
    _mark_volumes(axes, curves, theme)
    _name_lines(axes, shown, theme)
    figure.text(0.012, 0.04 / height, plain_text("\n".join(notes)), color=ink.quiet, fontsize=7.2, va="bottom")
    return to_svg(figure, TITLE, break_even_about(curves))


def break_even_about(curves: CostCurves) -> str:
    """Say in words what the figure shows."""
    if not curves.curves:
        return "There is nothing to draw: no way to run this workload has a volume and a known price."
    low, mean, high = curves.today_tokens
    today = f"Today {short_number(mean)} tokens a month"
    today += "." if low == high else f" ({short_number(low)} to {short_number(high)})."
    if curves.break_even_tokens is None:
        return f"{today} No break-even: {curves.break_even_reason.removeprefix('never: ')}"
    return f"{today} Own servers break even at {short_number(curves.break_even_tokens)} tokens a month."


def break_even_rows(curves: CostCurves) -> tuple[tuple[str, ...], Rows]:
    """Return the data: a head, and a row per volume with every curve's mean and range."""
    head = ("Tokens a month", *(f"{kind_words(c.deployment)}: {_what(c)}" for c in curves.curves))
    rows = tuple(
        (short_number(tokens), *(_amount(curve, place) for curve in curves.curves))
        for place, tokens in enumerate(curves.tokens_per_month)
    )
    return head, rows if curves.curves else ()


def _amount(curve: CostCurve, place: int) -> str:
    low, mean, high = (usd[place] for usd in (curve.low_usd, curve.expected_usd, curve.high_usd))
    if round(low) == round(high):
        return usd_words(mean)
    return f"{usd_words(mean)} ({usd_words(low)} – {usd_words(high)})"


def _what(curve: CostCurve) -> str:
    return f"{short_model(curve.model)}, {curve.place}" if curve.place else short_model(curve.model)


def _ruled_out(curves: CostCurves) -> list[str]:
    """Say per rule which kinds it rules out."""
    reasons: dict[str, list[str]] = {}
    for kind in curves.ruled_out:
        reasons.setdefault(kind.reason, []).append(deployment_in_line(kind.deployment))
    told = (f"Ruled out: {', '.join(kinds)}. {reason}" for reason, kinds in reasons.items())
    return [line for text in told for line in wrapped(text, 128)]


def deployment_in_line(deployment: str) -> str:
    """Name a deployment within a sentence."""
    words = kind_words(deployment)
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _draw(axes: "Axes", curves: CostCurves, curve: CostCurve) -> None:
    mark, tokens = MARKS[curve.deployment], curves.tokens_per_month
    axes.fill_between(tokens, curve.low_usd, curve.high_usd, color=mark.colour, alpha=0.13, linewidth=0)
    axes.plot(
        tokens, curve.expected_usd, color=mark.colour, linestyle=mark.line, linewidth=2.4 if curve.chosen else 1.5,
        marker=mark.marker, markersize=4.2, markevery=3, alpha=1.0 if curve.open else 0.75,
    )  # fmt: skip


def _fit_height(axes: "Axes", shown: list[CostCurve]) -> None:
    """Leave out what a band does far below every line."""
    least = min(min(curve.expected_usd) for curve in shown)
    most = max(max(curve.high_usd) for curve in shown)
    axes.set_ylim(least / 1.6, max(most, least * 20) * 1.5)


def _mark_volumes(axes: "Axes", curves: CostCurves, theme: Theme) -> None:
    ink, (low, mean, high) = INKS[theme], curves.today_tokens
    if low < high:
        axes.axvspan(low, high, color=ink.quiet, alpha=0.1, linewidth=0)
    axes.axvline(mean, color=ink.text, linewidth=1.0)
    marks = [(mean, f"today {short_number(mean)}")]
    point = curves.break_even_tokens
    if point is not None:
        axes.axvline(point, color=ink.text, linewidth=1.0, linestyle=(0, (2, 2)))
        marks.append((point, f"break-even {short_number(point)}"))
    marks.sort()
    for place, (tokens, words) in enumerate(marks):
        # Two labels lean away from each other.
        lean = "center" if len(marks) == 1 else ("right", "left")[place]
        axes.annotate(
            words, (tokens, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
            ha=lean, va="bottom", fontsize=8, color=ink.text,
        )  # fmt: skip


def _name_lines(axes: "Axes", shown: list[CostCurve], theme: Theme) -> None:
    """Write the name of each line at its end."""
    import math

    low, high = (math.log(end) for end in axes.get_ylim())
    ends = [(math.log(curve.expected_usd[-1]) - low) / (high - low) for curve in shown]
    for curve, end, place in zip(shown, ends, spread(ends, _LABEL_GAP, 0.04, 0.96), strict=True):
        mark, state = MARKS[curve.deployment], "" if curve.open else " (ruled out)"
        axes.plot([1.0, 1.03], [end, place], transform=axes.transAxes, color=mark.colour, linewidth=0.8, clip_on=False)
        axes.plot(
            [1.045], [place], marker=mark.marker, markersize=5, color=mark.colour, transform=axes.transAxes,
            clip_on=False,
        )  # fmt: skip
        weight = "bold" if curve.chosen else "normal"
        name = cut(f"{kind_words(curve.deployment)}{state}", 44)
        axes.text(1.065, place + 0.025, name, transform=axes.transAxes, fontsize=7.8, color=INKS[theme].text,
                  va="center", fontweight=weight)  # fmt: skip
        axes.text(1.065, place - 0.03, cut(_what(curve), 42), transform=axes.transAxes, fontsize=6.6,
                  color=INKS[theme].quiet, va="center")  # fmt: skip
