"""The page under axe, in both themes and on a phone: nothing serious or critical, at every stage of an interview."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from page_steps import HEADLINE, leave_calm, say, wait

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from ui.page.server import Server

pytestmark = pytest.mark.browser
NewPage = Callable[..., "Page"]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def grave(page: "Page") -> list[str]:
    """Return what axe finds serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response
    assert len(found["passes"]) > 20, "axe looked at nothing"
    return [
        f"{fault['impact']} {fault['id']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("name", "options"),
    [("light", {"color_scheme": "light"}), ("dark", {"color_scheme": "dark"}), ("phone", PHONE)],
)
def test_axe_finds_nothing_grave(new_page: NewPage, server: "Server", name: str, options: dict[str, Any]) -> None:
    page = new_page(f"{server.url}?session=axe-{name}", **options)
    wait(page)
    page.wait_for_timeout(500)  # colours fade in
    assert grave(page) == [], "start page"
    say(page, HEADLINE)
    page.locator("#chart svg").wait_for()
    leave_calm(page)
    assert grave(page) == [], "verdict"
    say(page, "is Llama open source?")
    say(page, "New workload: a chatbot for customers with 5,000 requests per day, public data")
    page.locator("#chat .wb-cited summary").first.click()
    page.locator("#chat .wb-passage").wait_for()
    page.locator("#chat .wb-again").first.click()
    for closed in page.locator("#result details:not([open]) > summary").all()[:12]:
        closed.evaluate("summary => { summary.parentElement.open = true }")
    page.locator("#portfolio section").wait_for()
    leave_calm(page)
    assert grave(page) == [], "two workloads, everything open"
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "the page scrolls sideways"
