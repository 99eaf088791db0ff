"""What a person does on the page, in words: say something, wait for the answer, read a card."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

OPEN = "We want a chatbot for our customers that handles 5,000 requests per day."
HEADLINE = (
    "We get about 40k support tickets a day and want each one labelled; a ticket is 350 tokens. "
    "Nothing may leave our servers and we have a platform team."
)


def say(page: "Page", text: str) -> None:
    """Type a message, send it with Enter, and wait for the end of the turn."""
    said = page.locator("#chat [data-testid=user]")
    before = said.count()
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")
    said.nth(before).filter(has_text=text[:40]).locator(".wb-again").wait_for()  # the pen comes with the turn's end
    wait(page)


def wait(page: "Page") -> None:
    """Wait until the page is ready for the next message."""
    page.locator("#chat [data-testid=bot]").last.wait_for()
    page.locator(".wb-typing").wait_for(state="detached")
    page.locator("#send").wait_for()


def leave_calm(page: "Page") -> None:
    """Wait until nothing is on its way: leaving in the middle makes Gradio log an aborted request."""
    page.locator("#changes").get_by_text("Searching").wait_for(state="detached")
    page.locator("[data-drawing]").wait_for(state="detached")
    page.wait_for_timeout(300)


def click_reply(page: "Page", name: str) -> None:
    """Click an answer under the conversation and wait for the end of the turn."""
    messages = page.locator("#chat .message-content").count()
    page.locator("#replies").get_by_role("button", name=name, exact=True).click()
    page.wait_for_function(f"document.querySelectorAll('#chat .message-content').length > {messages}")
    wait(page)


def facts(page: "Page") -> dict[str, str]:
    """Return the facts heard, by key."""
    rows = page.locator("#facts li[data-key]")
    return {str(row.get_attribute("data-key")): row.locator(".wb-fact").inner_text() for row in rows.all()}
