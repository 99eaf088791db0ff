"""The page in Chromium, from the first message to the report: what a person with a workload does with it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from page_steps import HEADLINE, OPEN, click_reply, facts, leave_calm, say, wait

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from ui.page.server import Server

pytestmark = pytest.mark.browser
NewPage = Callable[..., "Page"]
LOOKED_AT = "window.dispatchEvent(new Event('focus'))"


def test_the_headline_is_decided_at_once(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=headline")
    wait(page)
    assert "Nothing to weigh yet" in page.locator("#verdict").inner_text()

    say(page, HEADLINE)
    heard = facts(page)
    assert set(heard) >= {"requests_per_day", "input_tokens", "external_api", "platform_team", "task"}
    assert page.locator("#facts li[data-key=requests_per_day] q").inner_text() == "about 40k support tickets a day"
    assert page.locator("#verdict .wb-where").inner_text() == "Your own servers"
    assert "$" in page.locator("#verdict .wb-figures").inner_text()
    assert page.locator("#costs tbody tr").count() >= 3


def test_a_whole_interview(new_page: NewPage, server: "Server", tmp_path: Path) -> None:
    page = new_page(f"{server.url}?session=whole")
    wait(page)
    say(page, OPEN)
    assert "requests_per_day" in facts(page)
    asked = page.locator("#chat .wb-question").last.inner_text()

    say(page, "is Llama open source?")
    assert "Llama" in page.locator("#chat .wb-sources q").first.inner_text()
    again = page.locator("#chat .wb-question").last.inner_text()
    assert again != asked, "a question that comes back is put in other words"
    assert page.locator("#replies button").count(), again

    for _ in range(12):
        if not page.locator("#replies button").count():
            break
        chips = page.locator("#replies .wb-chip")
        if chips.count():  # several answers may be ticked
            chips.first.click()
        click_reply(page, page.locator("#replies button").first.inner_text())
    assert page.locator("#replies button").count() == 0, "the interview did not come to an end"
    page.locator("#changes em").first.wait_for()

    for link, suffix in (("#report-markdown", "md"), ("#report-html", "html")):
        with page.expect_download() as download:
            page.locator(link).click()
        assert download.value.suggested_filename.endswith(f".{suffix}")
        download.value.save_as(tmp_path / f"report.{suffix}")
        text = (tmp_path / f"report.{suffix}").read_text(encoding="utf-8")
        assert "5,000 requests per day" in text
        assert page.locator("#verdict .wb-model").inner_text().split("/")[-1] in text


def test_a_reload_keeps_the_session_and_new_starts_another(new_page: NewPage, server: "Server") -> None:
    page = new_page(server.url)
    wait(page)
    say(page, HEADLINE)
    verdict = page.locator("#verdict .wb-model").inner_text()
    address = page.url
    assert "session=" in address

    leave_calm(page)
    page.reload()
    page.locator("#verdict .wb-where").wait_for()
    assert page.url == address
    assert page.locator("#verdict .wb-model").inner_text() == verdict
    assert "40k support tickets" in page.locator("#chat [data-testid=user]").first.inner_text()

    leave_calm(page)
    page.goto(server.url)
    page.locator("#verdict .wb-where").wait_for()
    assert page.url == address, "without a name in the address, the browser's last session is opened"

    page.get_by_role("button", name="New", exact=True).click()
    page.locator("#examples button").first.wait_for()
    assert page.url != address
    assert facts(page) == {}

    leave_calm(page)
    page.goto(address)
    page.locator("#verdict .wb-where").wait_for()


def test_a_second_tab_has_a_session_of_its_own(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=tab-one")
    wait(page)
    other = page.context.new_page()
    other.goto(f"{server.url}?session=tab-two")
    wait(other)
    say(page, HEADLINE)
    leave_calm(other)
    other.reload()
    wait(other)
    assert facts(page)
    assert facts(other) == {}


def test_two_tabs_on_one_conversation_agree_when_looked_at(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=shared")
    wait(page)
    other = page.context.new_page()
    other.goto(page.url)
    wait(other)
    other.get_by_label("Your message").fill("half a thought")
    say(page, HEADLINE)
    other.evaluate(LOOKED_AT)
    other.locator("#verdict .wb-where").wait_for()
    wait(other)
    assert facts(other) == facts(page)
    assert other.get_by_label("Your message").input_value() == "half a thought"

    leave_calm(other)
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.evaluate(LOOKED_AT)
    other.wait_for_timeout(500)
    assert [url.rsplit("/", 2)[-2] for url in asked] == ["stamp"], "nothing is drawn anew where nothing changed"

    leave_calm(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete", exact=True).first.click()
    page.wait_for_function("!location.search.includes('shared')")
    other.evaluate(LOOKED_AT)
    other.get_by_role("alert").filter(has_text="deleted in another window").wait_for()
    wait(other)
    leave_calm(other)
    leave_calm(page)


def test_an_example_is_one_click(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=example")
    wait(page)
    assert page.locator("#examples button").count() == 6
    page.locator("#examples button").nth(3).click()
    page.locator("#verdict .wb-where").wait_for()
    wait(page)
    assert page.locator("#examples button").count() == 0
    assert "requests_per_day" in facts(page)


def test_facts_are_changed_and_removed_in_place(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=edit")
    wait(page)
    say(page, HEADLINE)

    row = page.locator("#facts li[data-key=requests_per_day]")
    row.get_by_text("Change").click()
    row.get_by_role("textbox").fill("90k a day")
    page.keyboard.press("Enter")
    page.locator("#facts li[data-key=requests_per_day]").filter(has_text="90,000").wait_for()
    wait(page)
    assert "set by you on the page" in facts(page)["requests_per_day"]

    row = page.locator("#facts li[data-key=external_api]")
    row.get_by_text("Change").click()
    row.get_by_role("combobox").select_option("allowed")
    row.get_by_role("button", name="Save").click()
    page.locator("#facts li[data-key=external_api]").filter(has_text="it may go out").wait_for()
    wait(page)
    page.locator("#verdict .wb-where").filter(has_not_text="Your own servers").wait_for()

    page.get_by_role("button", name="Remove: Platform team").click()
    page.locator("#facts li[data-key=platform_team]").wait_for(state="detached")
    wait(page)

    row = page.locator("#facts li[data-key=requests_per_day]")
    row.get_by_text("Change").click()
    row.get_by_role("textbox").fill("a lot")
    row.get_by_role("button", name="Save").click()
    page.get_by_role("alert").filter(has_text="was not understood").wait_for()
    assert "90,000" in facts(page)["requests_per_day"]


def test_a_conversation_is_deleted_only_on_yes(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=delete")
    wait(page)
    say(page, HEADLINE)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_timeout(1000)
    assert facts(page)
    assert "session=delete" in page.url

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_url(lambda url: "session=delete" not in url)
    leave_calm(page)
    page.goto(f"{server.url}?session=delete")
    wait(page)
    assert facts(page) == {}


def test_what_is_typed_stays_text(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=markup")
    wait(page)
    nasty = "<img src=x onerror=alert(1)> **bold** {{7*7}} ${1+1} we label <b>500</b> tickets a day"
    say(page, nasty)
    assert page.locator("#chat [data-testid=user] .wb-said").inner_text() == nasty
    assert page.locator("#chat img, #facts img, #chat b, #facts q b").count() == 0


def test_keyboard_alone(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=keys")
    wait(page)
    page.get_by_label("Your message").focus()
    page.keyboard.type(OPEN)
    page.keyboard.press("Enter")
    page.locator("#replies button").first.wait_for()
    wait(page)
    page.get_by_label("Your message").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.innerText") == "Why do you ask?"
    page.keyboard.press("Enter")
    page.locator("#chat [data-testid=user]").filter(has_text="Why do you ask?").wait_for()
    wait(page)


def test_on_a_phone(new_page: NewPage, server: "Server") -> None:
    page = new_page(
        f"{server.url}?session=phone", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
    )
    wait(page)
    say(page, HEADLINE)
    page.locator("#verdict .wb-where").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("#message", "#send", "#verdict", "#facts", "#costs"):
        box = page.locator(name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390, name
