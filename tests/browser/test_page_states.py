"""The page while the model loads, when opening fails, with escalation on, and against strangers."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from page_server import serving
from page_steps import HEADLINE, say, wait

from agent.adviser import Adviser
from models.claude_destination import Destination
from models.scripted import ScriptedModel
from tools.errors import IndexMissing
from ui.page.loading import Opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from ui.page.server import Server

pytestmark = pytest.mark.browser
NewPage = Callable[..., "Page"]


def test_the_page_is_there_before_the_model(
    new_page: NewPage, make_adviser: Callable[..., Adviser], tmp_path: Path, today: Any
) -> None:
    loaded = threading.Event()

    def build() -> Opened:
        loaded.wait(60)
        return Opened(make_adviser(tmp_path), lambda: today, "A small model on CPU", "Run: weighbridge models pull")

    with serving(build) as server:
        page = new_page(server.url)
        page.locator("#mode").filter(has_text="loading the language model").wait_for()
        loaded.set()
        wait(page)
        assert page.locator("#mode").inner_text().split() == ["Offline", "A", "small", "model", "on", "CPU"]
        page.get_by_role("alert").filter(has_text="weighbridge models pull").wait_for()
        page.close()


def test_what_is_missing_is_said_with_its_command(new_page: NewPage) -> None:
    def build() -> Opened:
        raise IndexMissing("the guidance index is not there. Build it with: weighbridge knowledge build")

    with serving(build) as server:
        page = new_page(server.url)
        page.get_by_role("alert").filter(has_text="weighbridge knowledge build").wait_for()
        page.close()


def test_a_program_that_was_stopped_is_said_with_what_to_do(
    browser: "Browser", make_adviser: Callable[..., Adviser], tmp_path: Path, today: Any
) -> None:
    context = browser.new_context()  # not `new_page`: what is refused here is what the test is about
    page = context.new_page()
    with serving(lambda: Opened(make_adviser(tmp_path), lambda: today, "no language model")) as server:
        page.goto(f"{server.url}?session=stopped")
        wait(page)
    page.get_by_label("Your message").fill("is Llama open source?")
    page.keyboard.press("Enter")
    page.get_by_text('Start it again with "weighbridge" in a terminal').first.wait_for()
    assert page.get_by_label("Your message").input_value() == "is Llama open source?", "what was written stays"
    context.close()


class Outside(ScriptedModel):
    """Stands for a model elsewhere; it answers from a script and sends nothing."""

    destination = Destination("Example Inc.", "https://llm.example", "outside-1", 100_000, 0, ("us",), "us")


def test_a_second_opinion_only_after_reading_and_agreeing(
    new_page: NewPage, make_adviser: Callable[..., Adviser], tmp_path: Path, today: Any
) -> None:
    outside = Outside(["I would look at the licence first."])
    adviser = make_adviser(tmp_path, escalation=lambda: outside)
    with serving(lambda: Opened(adviser, lambda: today, "no language model"), escalation=True) as server:
        page = new_page(f"{server.url}?session=opinion")
        wait(page)
        assert "Asks before sending" in page.locator("#mode").inner_text()
        say(page, "We label 40k support tickets a day, 350 tokens each. The data may go to any provider.")
        page.get_by_text("A second opinion from outside").click()

        page.locator("#escalation-prepare").click()
        exact = page.locator("#escalation-text textarea")
        exact.wait_for()
        assert "llm.example" in exact.input_value()
        page.locator("#escalation-refuse").click()
        page.get_by_text("Nothing was sent.").wait_for()
        assert outside.calls == []

        page.locator("#escalation-prepare").click()
        exact.wait_for()
        shown = exact.input_value()
        page.locator("#escalation-agree").click()
        page.locator("#chat").get_by_text("I would look at the licence first.").wait_for()
        wait(page)
        assert len(outside.calls) == 1
        assert all(message.content in shown for message in outside.calls[0].messages)
        page.close()


def test_a_forbidden_second_opinion_cannot_be_agreed_to(
    new_page: NewPage, make_adviser: Callable[..., Adviser], tmp_path: Path, today: Any
) -> None:
    outside = Outside(["never"])
    adviser = make_adviser(tmp_path, escalation=lambda: outside)
    with serving(lambda: Opened(adviser, lambda: today, "no language model"), escalation=True) as server:
        page = new_page(f"{server.url}?session=forbidden")
        wait(page)
        say(page, HEADLINE)
        page.get_by_text("A second opinion from outside").click()
        page.locator("#escalation-prepare").click()
        page.get_by_role("alert").filter(has_text="This will not be sent").wait_for()
        assert page.locator("#escalation-agree").count() == 0 or not page.locator("#escalation-agree").is_visible()
        assert outside.calls == []
        page.close()


def test_there_is_no_panel_while_escalation_is_off(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=off")
    wait(page)
    assert page.locator("#escalation").count() == 0
    assert page.locator("#mode b").inner_text() == "Offline"


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("", "evil.example", 403),
        ("report/whole.md", "evil.example:7860", 403),
        ("gradio_api/upload", None, 404),
        ("gradio_api/info", None, 404),
        ("openapi.json", None, 404),
        ("docs", None, 404),
        ("monitoring", None, 403),
        ("report/no-such-session.html", None, 404),
        ("report/x.exe", None, 404),
    ],
)
def test_strangers_and_side_doors_are_refused(server: "Server", path: str, host: str | None, status: int) -> None:
    request = Request(server.url.rstrip("/") + "/" + path, headers={"Host": host} if host else {})
    with pytest.raises(HTTPError) as refused:
        urlopen(request, timeout=20)
    with refused.value as answer:
        assert answer.code == status


def test_every_answer_forbids_other_hosts(server: "Server") -> None:
    with urlopen(server.url, timeout=20) as answer:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
