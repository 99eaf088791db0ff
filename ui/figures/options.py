"""Draws the monthly ranges of the options compared. It computes no cost and ranks nothing."""

from tools.assessment import OptionResult, WorkloadAssessment
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
    to_svg,
    usd_tick,
)

TITLE = "Monthly cost of the options compared"
_MOST, _ROW_INCHES = 9, 0.36


def options_svg(workload: WorkloadAssessment, theme: Theme = "light") -> str:
    """Draw the range and the mean of the cheapest options, the best of every deployment among them."""
    shown = shown_options(workload)
    if not shown:
        return message_svg(TITLE, options_about(workload), theme)
    height = 0.75 + _ROW_INCHES * len(shown)
    figure, ink = new_figure(height), INKS[theme]
    axes = figure.add_axes((0.385, 0.52 / height, 0.5, 1 - 0.62 / height))
    dress(axes, theme, grid="x")
    _scale(axes, [option.monthly_usd for option in shown if option.monthly_usd])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_yticks([])
    for row, option in enumerate(shown):
        mark, money, chosen = MARKS[option.deployment], option.monthly_usd, is_chosen(workload, option)
        weight = "bold" if chosen else "normal"
        figure_x = -0.755
        axes.text(figure_x, row - 0.15, cut(short_model(option.model), 32), transform=axes.get_yaxis_transform(),
                  fontsize=8.5, color=ink.text, va="center", fontweight=weight)  # fmt: skip
        axes.text(figure_x, row + 0.23, cut(_where(option), 48), transform=axes.get_yaxis_transform(),
                  fontsize=7, color=ink.quiet, va="center")  # fmt: skip
        if money is None:
            axes.text(0.02, row, "price not known", transform=axes.get_yaxis_transform(), fontsize=8,
                      color=ink.quiet, va="center", style="italic")  # fmt: skip
            continue
        axes.plot([money.low, money.high], [row, row], color=mark.colour, linewidth=5, alpha=0.35,
                  solid_capstyle="round")  # fmt: skip
        axes.plot([money.expected], [row], marker=mark.marker, color=mark.colour, markersize=7.5 if chosen else 6)
        axes.text(1.03, row, plain_text(usd_tick(money.expected)), transform=axes.get_yaxis_transform(), fontsize=8.5,
                  color=ink.text, va="center", fontweight=weight)  # fmt: skip
    axes.set_xlabel(
        plain_text(f"US$ a month ({axes.get_xscale().replace('symlog', 'log')} scale): mean, and 5 % to 95 % range"),
        color=ink.quiet, fontsize=8.5,
    )  # fmt: skip
    return to_svg(figure, TITLE, options_about(workload))


def options_about(workload: WorkloadAssessment) -> str:
    """Say in words what the figure shows."""
    shown = shown_options(workload)
    if not shown:
        return "There is nothing to compare: every option is ruled out."
    all_of_them = sum(option.feasible for option in workload.options)
    names = "; ".join(f"{short_model(option.model)}, {_where(option)}, {_span(option)}" for option in shown)
    return f"{len(shown)} of the {all_of_them} options that pass, the recommended one in bold. {names}."


def options_rows(workload: WorkloadAssessment) -> tuple[tuple[str, ...], Rows]:
    """Return the data of the figure."""
    head = ("Option", "Low (5 %)", "Mean", "High (95 %)")
    return head, tuple((f"{short_model(o.model)}, {_where(o)}", *_three(o)) for o in shown_options(workload))


def shown_options(workload: WorkloadAssessment) -> list[OptionResult]:
    """Return the recommended option, the cheapest of every deployment, and then the cheapest of all."""
    passing = [option for option in workload.options if option.feasible]
    first: dict[str, int] = {}
    for place, option in enumerate(passing):
        first.setdefault(option.deployment, place)
    kept = {place for place, option in enumerate(passing) if is_chosen(workload, option)} | set(first.values())
    kept |= set([place for place in range(len(passing)) if place not in kept][: max(_MOST - len(kept), 0)])
    return [passing[place] for place in sorted(kept)]


def is_chosen(workload: WorkloadAssessment, option: OptionResult) -> bool:
    """Say whether an option is the verdict's."""
    verdict = workload.verdict
    mine = (verdict.deployment, verdict.model, verdict.provider)
    return (option.deployment, option.model, option.provider) == mine


def _scale(axes: object, known: list) -> None:  # type: ignore[type-arg]
    from matplotlib.axes import Axes
    from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

    assert isinstance(axes, Axes)
    highs, lows = [money.high for money in known] or [1.0], [money.low for money in known] or [0.0]
    if min(lows) > 0 and max(highs) / min(lows) > 8:
        axes.set_xscale("log")
        axes.set_xlim(min(lows) / 1.25, max(highs) * 1.25)
        near = max(highs) / min(lows) < 100
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0) if near else (1.0,), numticks=8))
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_xlim(0, max(*highs, 1.0) * 1.06)
        axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(lambda value, _: plain_text(usd_tick(value)))


def _where(option: OptionResult) -> str:
    return f"{kind_words(option.deployment)}, {option.hardware.split(' (')[0] or option.provider}"


def _three(option: OptionResult) -> tuple[str, str, str]:
    money = option.monthly_usd
    if money is None:
        return "not known", "not known", "not known"
    return usd_tick(money.low), usd_tick(money.expected), usd_tick(money.high)


def _span(option: OptionResult) -> str:
    low, mean, high = _three(option)
    return mean if low == high else f"{mean} ({low} to {high})"
