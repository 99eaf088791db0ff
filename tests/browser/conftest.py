"""A served page for the browser tests: the real reader, decision and guidance, without a language model."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from page_server import serving

from agent.adviser import Adviser
from agent.reading.pipeline import Reader
from knowledge.embedder import Embedder
from knowledge.index import build_index
from knowledge.retrieve import Retriever

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from ui.page.server import Server

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SLOW_MS = 60_000


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One headless Chromium for the session: the one that WEIGHBRIDGE_CHROMIUM names, or the system's."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("WEIGHBRIDGE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium here; install it, or set WEIGHBRIDGE_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def make_adviser(tmp_path_factory: pytest.TempPathFactory, today: Any) -> Iterator[Callable[..., Adviser]]:
    """Build advisers on one index; messages are read by the recognisers alone, which need no training."""
    embedder = Embedder()
    index = tmp_path_factory.mktemp("index")
    build_index(index, embedder)
    retriever = Retriever(index, embedder)
    made: list[Adviser] = []

    def make(folder: Path, **parts: Any) -> Adviser:
        adviser = Adviser(
            **{
                "model": None,
                "reader": Reader(None, rules_only=True),
                "retriever": retriever,
                "embedder": embedder,
                "store": folder / "sessions.sqlite",
                "today": lambda: today,
                **parts,
            }
        )
        made.append(adviser)
        return adviser

    yield make
    for adviser in made:
        adviser.close()
    retriever.close()


@pytest.fixture(scope="session")
def server(
    make_adviser: Callable[..., Adviser], tmp_path_factory: pytest.TempPathFactory, today: Any
) -> Iterator["Server"]:
    """The page that most tests share; each of them opens a session of its own."""
    from ui.page.loading import Opened

    adviser = make_adviser(tmp_path_factory.mktemp("sessions"))
    with serving(lambda: Opened(adviser, lambda: today, "no language model")) as running:
        yield running


@pytest.fixture
def new_page(browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """Open pages that may load nothing from elsewhere and log no error."""
    contexts = []
    asked: list[str] = []
    problems: list[str] = []

    def open_page(url: str, **options: Any) -> "Page":
        context = browser.new_context(
            **{"viewport": {"width": 1360, "height": 900}, "accept_downloads": True, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SLOW_MS)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    hosts = {urlsplit(url).hostname for url in asked if urlsplit(url).scheme not in ("data", "blob")}
    assert hosts <= {"127.0.0.1"}, f"the page asked another host: {hosts}"
    # Leaving a page cuts Gradio's own event stream off, and its client logs that.
    cut_off = ("AbortError", "Unexpected error Connection errored out")
    assert not [problem for problem in problems if not problem.startswith(cut_off)]
