"""Every figure of the example is well-formed SVG with a name, the same each time, and has its data as rows."""

import warnings
from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tools.assess import assess
from tools.assessment import Assessment
from tools.curves import CostCurves, cost_curves
from tools.facts import Portfolio
from tools.portfolio_file import portfolio_from_plain, portfolio_from_text
from ui.figures.axes import axes_rows, axes_svg
from ui.figures.break_even import break_even_rows, break_even_svg
from ui.figures.drawing import cut, message_svg, short_number, spread
from ui.figures.options import options_rows, options_svg, shown_options
from ui.figures.portfolio import portfolio_rows, portfolio_svg
from ui.figures.sensitivity import sensitivity_rows, sensitivity_svg

DAY = date(2026, 11, 23)
EXAMPLE = Path(__file__).parents[3] / "examples" / "portfolio.yaml"
NOTHING: dict[str, Any] = {"workloads": [{"name": "idle", "facts": {"requests_per_day": 0}}]}
Figure = tuple[str, Callable[..., str], Callable[..., Any]]
OF_WORKLOAD: list[Figure] = [
    ("options", options_svg, options_rows),
    ("sensitivity", sensitivity_svg, sensitivity_rows),
    ("axes", axes_svg, axes_rows),
]


@cache
def example() -> Portfolio:
    return portfolio_from_text(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name)


@cache
def assessed() -> Assessment:
    return assess(example(), DAY, with_flips=True)


@cache
def curves(number: int) -> CostCurves:
    return cost_curves(example(), example().workloads[number].name, DAY)


def check(svg: str, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert [child.tag.rsplit("}", 1)[-1] for child in root][:2] == ["title", "desc"]
    assert all(child.text for child in list(root)[:2])
    assert all(len(row) == len(head) for row in rows)


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_break_even(number: int, theme: str) -> None:
    svg = break_even_svg(curves(number), theme)  # type: ignore[arg-type]
    check(svg, *break_even_rows(curves(number)))
    assert svg == break_even_svg(curves(number), theme)  # type: ignore[arg-type]


@pytest.mark.parametrize("figure", OF_WORKLOAD, ids=lambda figure: figure[0])
def test_figures_of_a_workload(figure: Figure) -> None:
    _, draw, rows = figure
    for workload in assessed().workloads:
        check(draw(workload), *rows(workload))
        assert draw(workload) == draw(workload)


def test_portfolio() -> None:
    check(portfolio_svg(assessed()), *portfolio_rows(assessed()))


def test_nothing_to_draw_is_said() -> None:
    idle = portfolio_from_plain(NOTHING, "idle")
    found = assess(idle, DAY)
    check(break_even_svg(cost_curves(idle, "idle", DAY)), *break_even_rows(cost_curves(idle, "idle", DAY)))
    check(portfolio_svg(found), *portfolio_rows(found))
    for _, draw, rows in OF_WORKLOAD:
        check(draw(found.workloads[0]), *rows(found.workloads[0]))


def test_the_choice_and_every_deployment_that_passes_are_among_the_options() -> None:
    for workload in assessed().workloads:
        shown = shown_options(workload)
        assert {o.deployment for o in shown} == {o.deployment for o in workload.options if o.feasible}
        assert workload.verdict.model in {o.model for o in shown}


def test_labels_keep_apart() -> None:
    found = sorted(spread([0.5, 0.5, 0.52, 0.9], 0.1, 0.0, 1.0))
    assert all(b - a > 0.099 for a, b in pairwise(found))


def test_short_numbers() -> None:
    assert [short_number(n) for n in (0, 950, 1500, 999_999, 2.5e9)] == ["0", "950", "1.5k", "1M", "2.5bn"]


def test_a_name_in_letters_that_no_font_has_is_drawn_without_a_complaint() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "<svg" in message_svg("契約 \N{ROCKET}", "契約レビュー \N{ROCKET}", "light")


def test_a_wide_name_is_cut_by_the_room_that_it_takes() -> None:
    assert cut("m" * 20, 20) == "m" * 20
    assert len(cut("W" * 60, 40)) < 27
    assert len(cut("契" * 60, 40)) < 26
