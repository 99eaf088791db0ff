"""The page's first useful paint beside a bare Gradio chat page, both loaded afresh in the same Chromium, in turns.

Useful is: the box in which to write is on the screen; what is written in it goes on when the rest is there. The rest
is measured as well: the conversation with its greeting. Needs Chromium, or WEIGHBRIDGE_CHROMIUM that names one.
"""

import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.timing import Comparison, Measured
from tests.browser.page_server import free_port, serving

ROUNDS = 15
# Milliseconds from the start of the navigation until what is named is there, and the frame with it was drawn.
_WATCH = """
const there = {
  box: () => [...document.querySelectorAll('textarea')].some((box) => box.getBoundingClientRect().height > 0),
  greeting: () => document.querySelector('#chat [data-testid=bot]'),
};
window.painted = {};
for (const [name, is] of Object.entries(there)) {
  const look = () => requestAnimationFrame(is() ? () => { window.painted[name] = performance.now(); } : look);
  requestAnimationFrame(look);
}
"""


def run() -> Iterator[Comparison | Measured]:
    """Load both pages in turns and compare the medians."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("WEIGHBRIDGE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        yield Measured("page", "no Chromium here; install it, or set WEIGHBRIDGE_CHROMIUM")
        return
    with _ours() as ours, _bare() as bare, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        boxes: list[float] = []
        greetings: list[float] = []
        bares: list[float] = []
        for turn in range(ROUNDS + 1):
            box, greeting = _painted_seconds(browser, ours, "box", "greeting")
            (bare_box,) = _painted_seconds(browser, bare, "box")
            if turn:  # the first load warms up
                boxes.append(box)
                greetings.append(greeting)
                bares.append(bare_box)
        browser.close()
    bare_median = statistics.median(bares)
    yield Comparison("page, first useful paint", "our box", "bare Gradio's box", statistics.median(boxes), bare_median)
    yield Comparison("page, conversation drawn", "ours", "bare Gradio's box", statistics.median(greetings), bare_median)


def _painted_seconds(browser: Any, url: str, *names: str) -> list[float]:
    """Load a page afresh and return when each of the named things was painted."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.goto(url, wait_until="commit")
    seconds = []
    for name in names:
        page.wait_for_function(f"() => window.painted.{name}", timeout=60_000)
        seconds.append(float(page.evaluate(f"() => window.painted.{name}")) / 1000)
    page.wait_for_timeout(1500)  # let what comes after it end, so that it does not disturb the next load
    context.close()
    return seconds


@contextmanager
def _ours() -> Iterator[str]:
    """Serve our page without a language model, as a newcomer finds it."""
    from agent.adviser import Adviser
    from agent.reading.pipeline import Reader
    from ui.page.loading import Opened

    today = datetime.now(UTC).date()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "sessions.sqlite"
        adviser = Adviser(None, Reader(None, rules_only=True), None, None, store, lambda: today)
        with serving(lambda: Opened(adviser, lambda: today, "no language model")) as server:
            yield server.url
        adviser.close()


@contextmanager
def _bare() -> Iterator[str]:
    """Serve the least that can be called a chat page."""
    import gradio as gr

    with gr.Blocks(analytics_enabled=False) as page:
        gr.Chatbot()
        gr.Textbox()
        gr.Button("Send")
    _, url, _ = page.launch(
        server_name="127.0.0.1", server_port=free_port(), prevent_thread_lock=True, quiet=True, ssr_mode=False
    )
    yield url
    page.close(verbose=False)
