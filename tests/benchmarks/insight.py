"""What the page and the report compute beside the verdict: a slider's answer, a figure, the documents."""

from collections.abc import Callable, Iterator

from tests.benchmarks.portfolios import TICKETS, TODAY, one_workload
from tests.benchmarks.timing import Comparison, Measured, compare, median_seconds
from tools.assess import assess
from tools.curves import cost_curves
from tools.explore import explore
from tools.report import Report, with_basis
from ui.figures.break_even import break_even_svg
from ui.render import render_docx, render_html, render_markdown, render_pdf

ROUNDS = 9


def run() -> Iterator[Comparison | Measured]:
    """Move a slider beside assessing anew, then draw the costs by volume."""
    portfolio = one_workload(TICKETS)
    volumes = iter(range(40_000, 10_000_000, 1_000))
    yield compare(
        "what-if, one slider",
        ("the whole assessment with its flips", lambda: assess(portfolio, TODAY, with_flips=True)),
        ("the slider's answer", lambda: explore(portfolio, "one", {"requests_per_day": next(volumes)}, TODAY)),
        rounds=ROUNDS,
    )
    curves = cost_curves(portfolio, "one", TODAY)
    computed = median_seconds(lambda: cost_curves(portfolio, "one", TODAY), ROUNDS)
    drawn = median_seconds(lambda: break_even_svg(curves), ROUNDS)
    yield Measured("cost by volume", f"computed in {computed * 1e3:.0f} ms, drawn in {drawn * 1e3:.0f} ms")
    yield Measured("report", _documents(Report("one", TODAY, portfolio, assess(portfolio, TODAY, with_flips=True))))


def _documents(bare: Report) -> str:
    """Return how long the report's tables take once, and each form of it then."""
    seconds = {"tables": median_seconds(lambda: with_basis(bare), 3)}
    report = with_basis(bare)
    forms: dict[str, Callable[[Report], object]] = {
        "Markdown": render_markdown, "HTML": render_html, "PDF": render_pdf, "DOCX": render_docx,
    }  # fmt: skip
    seconds |= {name: median_seconds(lambda form=form: form(report), 3) for name, form in forms.items()}
    return ", ".join(f"{name} {one * 1e3:.0f} ms" for name, one in seconds.items())
