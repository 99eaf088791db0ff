"""An answer grows word by word; it can be stopped, and a page that is reloaded in the middle follows on."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from page_server import serving
from page_steps import OPEN, leave_calm, say, wait

from agent.adviser import Adviser
from models.protocol import Capabilities, ChatMessage, Completion, OnToken, Schema
from models.scripted import ScriptedModel
from ui.page.loading import Opened

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from ui.page.server import Server

pytestmark = pytest.mark.browser
NewPage = Callable[..., "Page"]
FIRST, REST = "Llama is an open-weight model", " under Meta's own community licence, not open source. [1]"


class HeldModel(ScriptedModel):
    """A model that is large enough to write, and holds its breath after the first words until it may go on."""

    def __init__(self) -> None:
        super().__init__(lambda _: FIRST + REST, capabilities=Capabilities("held", True, 4096, False, 7.0))
        self.go_on = threading.Event()
        self.stopped = threading.Event()

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int = 256,
        schema: Schema | None = None,
        on_token: OnToken | None = None,
        cancel: threading.Event | None = None,
    ) -> Completion:
        """Say the first words, wait, and say the rest unless stopped meanwhile."""
        if on_token is not None:
            on_token(FIRST)
            while not self.go_on.wait(0.05):
                if cancel is not None and cancel.is_set():
                    self.stopped.set()
                    break
        return super().complete(messages, max_tokens=max_tokens, schema=schema, cancel=cancel)


@pytest.fixture
def model() -> HeldModel:
    return HeldModel()


@pytest.fixture
def own_server(
    model: HeldModel, make_adviser: Callable[..., Adviser], tmp_path: Path, today: Any
) -> Iterator["Server"]:
    adviser = make_adviser(tmp_path, model=model)
    with serving(lambda: Opened(adviser, lambda: today, "held on CPU")) as running:
        yield running
    model.go_on.set()


def ask(page: "Page") -> None:
    """Ask what the model is to answer, and wait for its first words."""
    page.get_by_label("Your message").fill("is Llama open source?")
    page.keyboard.press("Enter")
    page.locator("#chat [data-testid=bot]").filter(has_text=FIRST).locator(".wb-typing").wait_for()


def test_an_answer_grows_and_ends(new_page: NewPage, own_server: "Server", model: HeldModel) -> None:
    page = new_page(f"{own_server.url}?session=grows")
    wait(page)
    ask(page)
    assert "community licence" not in page.locator("#chat").inner_text()
    model.go_on.set()
    page.locator("#chat .wb-cited").first.wait_for()
    wait(page)
    assert FIRST + REST in page.locator("#chat [data-testid=bot]").filter(has_text=FIRST).inner_text()
    leave_calm(page)


def test_stop_ends_the_turn_at_the_next_word(new_page: NewPage, own_server: "Server", model: HeldModel) -> None:
    page = new_page(f"{own_server.url}?session=stops")
    wait(page)
    ask(page)
    page.locator("#stop").click()
    wait(page)
    assert model.stopped.wait(5)
    assert page.get_by_label("Your message").is_editable()
    model.go_on.set()
    say(page, OPEN)
    assert page.locator("#facts li[data-key=requests_per_day]").count() == 1
    leave_calm(page)


def test_a_reload_in_the_middle_follows_on(new_page: NewPage, own_server: "Server", model: HeldModel) -> None:
    page = new_page(f"{own_server.url}?session=follows")
    wait(page)
    ask(page)
    page.reload()
    page.locator("#chat [data-testid=bot]").filter(has_text=FIRST).locator(".wb-typing").wait_for()
    assert "is Llama open source?" in page.locator("#chat [data-testid=user]").inner_text()
    model.go_on.set()
    page.locator("#chat .wb-cited").first.wait_for()
    wait(page)
    leave_calm(page)
