"""A person replaces an assumed figure on the page: the money moves, and the value stays."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from page_steps import HEADLINE, leave_calm, say, wait

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from ui.page.server import Server

pytestmark = pytest.mark.browser
NewPage = Callable[..., "Page"]


def test_an_assumption_of_ones_own_moves_the_money_and_stays(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=assumed")
    wait(page)
    say(page, HEADLINE)
    before = page.locator("#verdict .wb-figures").inner_text()
    page.locator("#assumptions summary").first.click()
    row = page.locator("[data-assumption='self_host_engineers.in_place']")
    row.get_by_text("Change").click()
    row.locator("input").fill("2")
    row.get_by_role("button", name="Save").click()
    page.locator("#assumptions .wb-count").get_by_text("1 your own").wait_for()
    wait(page)
    after = page.locator("#verdict .wb-figures").inner_text()
    assert after != before
    leave_calm(page)
    page.reload()
    page.locator("#assumptions .wb-count").get_by_text("1 your own").wait_for()
    assert page.locator("#verdict .wb-figures").inner_text() == after
    leave_calm(page)
