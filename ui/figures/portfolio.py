"""Draws what all workloads cost and to whom the money goes. It adds nothing up but what is left out for room."""

from tools.assessment import Assessment, WorkloadAssessment
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
    to_svg,
    usd_tick,
)

TITLE = "Cost by workload, and share by vendor"
_MOST, _ROW_INCHES, _HEAD_INCHES = 12, 0.3, 0.4
_NOTHING = "There is nothing to draw: no workload has a recommendation with a known price."


def portfolio_svg(assessment: Assessment, theme: Theme = "light") -> str:
    """Draw a bar per workload, told apart by deployment, and a bar per vendor."""
    workloads, vendors = _workloads(assessment), assessment.portfolio.vendors[:_MOST]
    if not workloads:
        return message_svg(TITLE, _NOTHING, theme)
    height = _HEAD_INCHES * (2 if vendors else 1) + _ROW_INCHES * (len(workloads) + len(vendors)) + 0.1
    figure = new_figure(height)
    top = 1 - 0.34 / height
    part = _ROW_INCHES * len(workloads) / height
    axes = figure.add_axes((0.34, top - part, 0.4, part))
    names = [cut(workload.name, 36) for workload in workloads]
    money = [workload.verdict.monthly_usd for workload in workloads]
    means = [amount.expected if amount else 0.0 for amount in money]
    words = [
        f"{usd_tick(mean) if amount else 'not known'}  {kind_words(workload.verdict.deployment)}"
        for mean, amount, workload in zip(means, money, workloads, strict=True)
    ]
    colours = [MARKS[workload.verdict.deployment].colour for workload in workloads]
    _bars(axes, names, means, words, colours, theme)
    ranges = [(row, amount) for row, amount in enumerate(money) if amount and amount.low < amount.high]
    for row, amount in ranges:
        axes.plot(
            [amount.low, amount.high], [row, row], color=INKS[theme].text, linewidth=1.1, marker="|", markersize=5
        )
    axes.set_xlim(0, max([*(amount.high for _, amount in ranges), *means, 1.0]) * 1.02)
    axes.set_title(plain_text("US$ a month: mean, and 5 % to 95 % range"), loc="left", fontsize=8.5,
                   color=INKS[theme].quiet, x=-0.82)  # fmt: skip
    if vendors:
        low = _ROW_INCHES * len(vendors) / height
        lower = figure.add_axes((0.34, 0.08 / height, 0.4, low))
        shares = [vendor.share for vendor in vendors]
        told = [f"{share:.0%}" for share in shares]
        quiet = [INKS[theme].quiet] * len(shares)
        _bars(
            lower,
            [cut(vendor.name[:1].upper() + vendor.name[1:], 36) for vendor in vendors],
            shares,
            told,
            quiet,
            theme,
        )
        lower.set_xlim(0, 1)
        lower.set_title("Share of the monthly bill by vendor", loc="left", fontsize=8.5, color=INKS[theme].quiet,
                        x=-0.82)  # fmt: skip
    return to_svg(figure, TITLE, portfolio_about(assessment))


def portfolio_about(assessment: Assessment) -> str:
    """Say in words what the figure shows."""
    rows = portfolio_rows(assessment)[1]
    return " ".join(f"{name}: {what}, {mean}." for name, what, _, mean, _ in rows) or _NOTHING


def portfolio_rows(assessment: Assessment) -> tuple[tuple[str, ...], Rows]:
    """Return the data of the figure, all workloads and vendors."""
    head = ("Workload or vendor", "Runs on", "Low (5 %)", "Mean", "High (95 %)")
    rows: list[tuple[str, ...]] = []
    for workload in assessment.workloads:
        money = workload.verdict.monthly_usd
        three = (money.low, money.expected, money.high) if money else ()
        told = tuple(usd_tick(usd) for usd in three) or ("not known",) * 3
        rows.append((workload.name, kind_words(workload.verdict.deployment), *told))
    for vendor in assessment.portfolio.vendors:
        rows.append((vendor.name, "vendor", "", f"{vendor.share:.0%} of the bill", ""))
    return head, tuple(rows)


def _workloads(assessment: Assessment) -> list[WorkloadAssessment]:
    """Return the dearest workloads in the order of the portfolio."""
    known = [workload for workload in assessment.workloads if workload.verdict.deployment != "no_llm"]
    dearest = sorted(known, key=lambda w: -(w.verdict.monthly_usd.expected if w.verdict.monthly_usd else 0.0))[:_MOST]
    kept = {id(workload) for workload in dearest}
    return [workload for workload in known if id(workload) in kept]


def _bars(
    axes: object, names: list[str], lengths: list[float], words: list[str], colours: list[str], theme: Theme
) -> None:
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    dress(axes, theme, grid="x")
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    axes.set(xticks=[], yticks=[])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.barh(range(len(names)), lengths, height=0.56, color=colours, alpha=0.85)
    for row, (name, word) in enumerate(zip(names, words, strict=True)):
        axes.text(-0.82, row, plain_text(name), transform=axes.get_yaxis_transform(), fontsize=8.5,
                  color=INKS[theme].text, va="center")  # fmt: skip
        axes.text(1.03, row, plain_text(word), transform=axes.get_yaxis_transform(), fontsize=8,
                  color=INKS[theme].text, va="center")  # fmt: skip
