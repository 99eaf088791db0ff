"""What stands beside the conversation in Chromium: axes, figure, sliders, all workloads, passages, another wording."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from page_steps import HEADLINE, OPEN, facts, leave_calm, say, wait

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from ui.page.server import Server

pytestmark = pytest.mark.browser
NewPage = Callable[..., "Page"]
SECOND = "New workload: a chatbot for customers with 5,000 requests per day, public data"
# What the issue asks of a slider, from the movement to the answer on the page.
ANSWER_MS = 200


def test_sliders_answer_at_once_and_store_nothing(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=sliders")
    wait(page)
    say(page, HEADLINE)
    slider = page.get_by_role("slider", name="Requests per day")
    slider.wait_for()
    answer = page.locator("#what-if [data-answer]")
    today = page.locator("#verdict .wb-where").inner_text()
    times = []
    for key in ("PageUp", "PageUp", "PageUp", "PageUp", "End"):
        told = answer.get_attribute("data-asked")
        slider.press(key)
        page.wait_for_function(
            "told => (document.querySelector('#what-if [data-answer]').dataset.asked ?? null) !== told",
            arg=told,
        )
        times.append(float(answer.get_attribute("data-milliseconds") or "inf"))
    assert sorted(times)[len(times) // 2] < ANSWER_MS, times
    assert slider.get_attribute("aria-valuetext") == "4 million"
    assert "$" in answer.inner_text()
    assert page.locator("#verdict .wb-where").inner_text() == today
    assert "40,000 requests per day" in facts(page)["requests_per_day"]

    page.get_by_role("button", name="Back to today").click()
    page.wait_for_function("() => !document.querySelector('#what-if [data-answer]').innerText.includes('other answer')")
    assert slider.get_attribute("aria-valuetext") == "40,000"
    assert today in answer.inner_text()
    leave_calm(page)


def test_the_figure_has_its_numbers_and_the_axes_their_findings(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=figure")
    wait(page)
    say(page, HEADLINE)
    figure = page.locator("#chart svg")
    figure.wait_for()
    assert "break even" in page.locator("#chart .wb-about").inner_text()
    assert figure.get_attribute("aria-label")
    page.locator("#chart").get_by_text("The numbers").click()
    assert page.locator("#chart tbody tr").count() > 10

    names = page.locator("#axes .wb-axis-name").all_inner_texts()
    assert names[:4] == ["Capability", "Control", "Cost", "Vendor risk"]
    first = page.locator("#axes details").first
    first.locator("summary").press("Enter")
    assert first.locator(".wb-findings li").first.is_visible()
    page.get_by_role("link", name="What if").press("Enter")
    page.wait_for_function("() => document.querySelector('#what-if').getBoundingClientRect().top < 200")
    leave_calm(page)


def test_opposite_answers_stand_side_by_side(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=board")
    wait(page)
    say(page, HEADLINE)
    assert not page.locator("#portfolio section").count(), "one workload is no portfolio"
    say(page, SECOND)
    board = page.locator("#portfolio")
    answers = board.locator(".wb-answer-where").all_inner_texts()
    assert len(set(answers)) == 2, answers
    text = board.inner_text()
    for wanted in ("The plan for the whole", "Shared by all of them", "Who is paid"):
        assert wanted in text
    other = board.locator("button[aria-pressed=false]")
    name = other.locator("b").inner_text()
    other.click()
    board.locator("button[aria-pressed=true]").filter(has_text=name).wait_for()
    assert page.locator("#verdict .wb-where").inner_text() in answers
    leave_calm(page)


def test_a_citation_opens_its_passage_in_place(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=passage")
    wait(page)
    say(page, "is Llama open source?")
    cited = page.locator("#chat .wb-cited").first
    quote = cited.locator("q").inner_text().strip('“”"')
    cited.locator("summary").press("Enter")
    passage = cited.locator(".wb-passage")
    passage.wait_for()
    text = passage.inner_text()
    assert quote[:40] in text
    assert len(text) > len(quote)
    assert "reviewed 20" in text, "the date and the source belong to it"
    leave_calm(page)


def test_another_wording_takes_back_what_followed(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=resend")
    wait(page)
    say(page, OPEN)
    say(page, "The data is public.")
    assert {"data_class", "requests_per_day"} <= set(facts(page))
    page.locator("#chat .wb-again").first.press("Enter")
    text = page.get_by_label("Your message, edited")
    assert text.input_value() == OPEN
    text.press("Escape")
    text.wait_for(state="detached")
    page.locator("#chat .wb-again").first.press("Enter")
    text.fill("We want to label 900 contracts per day.")
    text.press("Enter")
    page.locator("#chat [data-testid=user]").filter(has_text="900 contracts").wait_for()
    wait(page)
    assert "900" in facts(page)["requests_per_day"]
    assert "data_class" not in facts(page)
    assert page.locator("#chat [data-testid=user]").count() == 1
    leave_calm(page)
    page.reload()
    wait(page)
    assert "900" in facts(page)["requests_per_day"], "another wording is kept like the first"
    assert page.locator("#chat [data-testid=user]").count() == 1
    leave_calm(page)


def test_a_question_says_why_and_with_what_chance(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=why")
    wait(page)
    say(page, OPEN)
    why = page.locator("#chat .wb-why").last
    assert "% chance that it matters" in why.locator("summary").inner_text()
    assert why.locator("div").inner_text()
    leave_calm(page)


def test_the_chosen_theme_is_there_before_the_first_paint(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=theme", color_scheme="light")
    wait(page)
    page.evaluate("() => localStorage.setItem('weighbridge-theme', 'dark')")
    page.goto(f"{server.url}?session=theme", wait_until="commit")
    page.wait_for_function("() => document.body")
    assert page.evaluate("() => document.body.classList.contains('dark')")
    wait(page)
    assert page.evaluate("() => document.body.classList.contains('dark')"), "Gradio follows the system's theme"
    leave_calm(page)


def test_what_is_written_before_the_page_is_complete_goes_on(new_page: NewPage, server: "Server") -> None:
    page = new_page(f"{server.url}?session=early", java_script_enabled=False)
    assert page.get_by_label("Describe a workload").is_visible(), "it is there before any script has run"
    page = new_page("about:blank")
    page.goto(f"{server.url}?session=early", wait_until="commit")
    page.get_by_label("Describe a workload").fill("A chatbot")
    page.get_by_label("Your message").wait_for()
    page.wait_for_function("() => document.querySelector('#message textarea').value === 'A chatbot'")
    wait(page)
    assert page.get_by_label("Your message").input_value() == "A chatbot"
    assert not page.locator("#wb-shell").count()
    leave_calm(page)


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("whatif/nobody?workload=A", 422, "session"),
        ("whatif/lookups?workload=A", 422, "workload"),
        ("whatif/lookups?workload=Workload+1&requests_per_day=many", 422, "expected a number"),
        ("passage/nothing-here", 200, "Ask the question again"),
    ],
)
def test_a_lookup_that_fails_says_what_to_do(
    new_page: NewPage, server: "Server", path: str, status: int, told: str
) -> None:
    page = new_page(f"{server.url}?session=lookups")
    wait(page)
    try:
        with urlopen(f"{server.url}{path}") as reply:
            found, text = reply.status, reply.read().decode()
    except HTTPError as error:
        found, text = error.code, error.read().decode()
    assert found == status
    assert told in text
