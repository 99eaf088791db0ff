"""The page stays where the person left it: in sight, open, focused. A turn is announced once and disturbs nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from page_steps import HEADLINE, OPEN, click_reply, leave_calm, say, wait

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from ui.page.server import Server

pytestmark = pytest.mark.browser
NewPage = Callable[..., "Page"]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
FOCUSED = "document.activeElement.getAttribute('aria-label') || document.activeElement.placeholder || ''"


def in_sight(page: "Page", place: str) -> bool:
    """Say whether all of it lies inside the window."""
    box = page.locator(place).bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


def test_nothing_said_is_told_and_the_next_message_is_sent(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=empty")
    wait(page)
    page.get_by_label("Your message").press("Enter")
    page.get_by_role("alert").filter(has_text="There is nothing to send yet").wait_for()
    page.locator("#send").click()
    say(page, OPEN)
    assert page.locator("#chat [data-testid=user]").count() == 1
    leave_calm(page)


def test_a_message_that_is_too_long_is_refused_whole(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=long")
    wait(page)
    page.get_by_label("Your message").fill("We label tickets. " * 2800)
    page.locator("#send").click()
    page.get_by_role("alert").filter(has_text="at most 20,000 are read, send parts").wait_for()
    wait(page)
    assert len(page.get_by_label("Your message").input_value()) > 50_000, "what was written is given back"


def test_mode_and_conversation_stay_in_sight(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=sight")
    wait(page)
    say(page, HEADLINE)
    page.locator("#chart svg").wait_for()
    leave_calm(page)
    page.evaluate("document.querySelector('#facts').scrollIntoView({behavior: 'instant'})")
    for place in ("#mode", "#message", "#chat", "#sections"):
        assert in_sight(page, place), place
    page.locator(".wb-tools").get_by_role("link", name="Conversations").click()
    page.locator("[data-panel=sessions] [data-filter]").wait_for()
    assert page.evaluate("document.activeElement.innerText").upper().startswith("CONVERSATIONS")
    assert in_sight(page, "#mode")


def test_on_a_phone_the_box_stays_in_sight_below_the_answers_to_click(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=box", **PHONE)
    wait(page)
    say(page, "We get about 40k support tickets a day and want each one labelled; a ticket is 350 tokens.")
    leave_calm(page)
    assert page.locator("#replies button").count() >= 4
    assert page.evaluate("scrollY") == 0
    assert in_sight(page, "#message textarea")


def test_what_was_opened_stays_open(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=opened")
    wait(page)
    say(page, HEADLINE)
    say(page, "is Llama open source?")
    page.locator("#chat .wb-cited summary").first.click()
    page.locator("#chat .wb-passage").wait_for()
    places = ("#costs .wb-kinds", "#facts .wb-assumed", "#assumptions .wb-assumed", "#costs .wb-src")
    for place in places:
        page.locator(f"{place} summary").first.click()
    row = page.locator("#facts li[data-key=requests_per_day]")
    row.get_by_text("Change").click()
    row.get_by_role("textbox").fill("half typ")

    say(page, "the answers are 900 tokens long")
    leave_calm(page)
    for place in ("#chat .wb-cited", *places):
        assert page.locator(f"{place}[open]").count() == 1, place
    assert page.locator("#chat .wb-passage").is_visible()
    assert row.get_by_role("textbox").input_value() == "half typ"

    row.get_by_role("textbox").press("Escape")
    assert page.evaluate(FOCUSED) == "Change: Requests per day"
    assert not row.get_by_role("textbox").is_visible()
    page.locator("#chat .wb-cited summary").first.press("Enter")
    say(page, "what does a GPU cost?")
    assert page.locator("#chat .wb-cited").first.get_attribute("open") is None, "what was closed stays closed"
    leave_calm(page)


def test_the_chat_may_be_drawn_anew_under_an_open_passage(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=redrawn")
    wait(page)
    say(page, "is Llama open source?")
    page.locator("#chat .wb-cited summary").first.click()
    page.locator("#chat .wb-passage").wait_for()
    page.evaluate("""() => {
      const sources = document.querySelector('#chat .wb-sources'), again = sources.cloneNode(true);
      again.querySelectorAll('.wb-cited').forEach((one) => { one.open = false; delete one.dataset.there; });
      again.querySelector('.wb-opened').textContent = '';
      sources.replaceWith(again);
    }""")
    page.locator("#chat .wb-passage").wait_for()


def test_the_keyboard_is_never_lost(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=focus")
    wait(page)
    page.locator("#examples button").nth(3).focus()
    page.keyboard.press("Enter")
    page.locator("#chat .wb-again").wait_for()
    page.wait_for_function("document.activeElement.matches('#message textarea')")
    leave_calm(page)

    page.locator("#facts li[data-key=requests_per_day] summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("90k a day")
    page.keyboard.press("Enter")
    page.locator("#facts li[data-key=requests_per_day]").filter(has_text="90,000").wait_for()
    wait(page)
    page.wait_for_function(f"({FOCUSED}) === 'Change: Requests per day'")

    page.locator("#facts").get_by_role("button", name="Remove: Task").focus()
    page.keyboard.press("Enter")
    page.locator("#facts li[data-key=task]").wait_for(state="detached")
    wait(page)
    page.wait_for_function(f"({FOCUSED}).startsWith('Remove: ')")
    if page.locator("#replies button[data-action=set]").count():
        page.locator("#replies button").first.focus()
    click_reply(page, "I don't know")
    page.wait_for_function("document.activeElement.matches('#message textarea')")
    leave_calm(page)


def test_an_answer_is_announced_once(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=voice")
    wait(page)
    page.evaluate("""() => {
      window.heard = [];
      const voice = document.querySelector('#wb-voice');
      new MutationObserver(() => window.heard.push(voice.textContent)).observe(voice, {childList: true});
    }""")
    say(page, HEADLINE)
    page.wait_for_function("window.heard.length > 1")
    working, answer = page.evaluate("window.heard")
    assert working == "Weighbridge is working."
    assert "belongs on your own servers" in answer
    assert HEADLINE not in answer
    live = page.locator("#chat [aria-live=polite], #chat [role=status], #chat [role=log]:not([aria-live=off])")
    assert live.count() == 0, "nothing else in the chat speaks"
    leave_calm(page)


def test_what_went_wrong_is_said_where_the_eye_is(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=wrong", **PHONE)
    wait(page)
    say(page, OPEN)
    leave_calm(page)
    row = page.locator("#facts li[data-key=requests_per_day]")
    row.get_by_text("Change").click()
    row.get_by_role("textbox").fill("a lot")
    row.get_by_role("button", name="Save").click()
    page.get_by_role("alert").filter(has_text='such as "300 to 400"').wait_for()
    assert in_sight(page, ".wb-notice-problem")
    assert in_sight(page, "#mode")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_a_word_without_an_end_widens_nothing(new_page: NewPage, server: "Server", options: dict[str, Any]) -> None:
    page = new_page(f"{server.url}?session=word-{len(options)}", **options)
    wait(page)
    say(page, "W" * 400 + " 500 tickets a day")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    leave_calm(page)


def test_back_and_forward_go_between_conversations(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=back")
    wait(page)
    say(page, HEADLINE)
    leave_calm(page)
    page.locator("#new-session").click()
    page.locator("#examples button").first.wait_for()
    page.wait_for_url(lambda url: "session=back" not in url)
    leave_calm(page)
    page.go_back()
    page.locator("#verdict .wb-where").wait_for()
    assert "session=back" in page.url
    leave_calm(page)
    page.go_forward()
    page.locator("#examples button").first.wait_for()
    leave_calm(page)
