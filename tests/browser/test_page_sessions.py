"""A person finds, opens, renames, exports, imports and deletes conversations on the page."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from page_server import serving
from page_steps import leave_calm, say, wait

from agent.adviser import Adviser

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from ui.page.server import Server

pytestmark = pytest.mark.browser
NewPage = Callable[..., "Page"]


@pytest.fixture
def adviser(make_adviser: Callable[..., Adviser], tmp_path: Path) -> Adviser:
    made = make_adviser(tmp_path)
    for name, title in (("a", "Support tickets"), ("b", "Contracts of the legal team"), ("c", "Search in the shop")):
        made.open(name)
        made.rename(name, title)
    return made


@pytest.fixture
def own_server(adviser: Adviser, today: Any) -> Iterator["Server"]:
    from ui.page.loading import Opened

    with serving(lambda: Opened(adviser, lambda: today, "no language model")) as running:
        yield running


def open_list(page: "Page") -> None:
    page.locator("#session-tools summary").first.click()
    page.locator("#session-tools li").first.wait_for()


def titles(page: "Page") -> list[str]:
    rows = page.locator("#session-tools li")
    return [row.locator("b").first.inner_text() for row in rows.all() if row.is_visible()]


def note(page: "Page", text: str) -> None:
    page.locator("#session-tools [data-note]").filter(has_text=text).wait_for()


def test_conversations_are_found_by_words_and_opened_by_keyboard(new_page: NewPage, own_server: "Server") -> None:
    page = new_page(f"{own_server.url}?session=c")
    wait(page)
    page.locator("#session-tools summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("#session-tools li").first.wait_for()
    assert set(titles(page)) == {"Support tickets", "Contracts of the legal team", "Search in the shop"}
    page.get_by_label("Find conversations by words").fill("team LEGAL")
    assert titles(page) == ["Contracts of the legal team"]
    assert page.locator("[data-found]").inner_text() == "1 of 3 found"
    page.get_by_role("button", name="Open: Contracts of the legal team").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**session=b*")
    page.locator("#session-tools [data-session=b]").get_by_text("open", exact=True).wait_for()
    leave_calm(page)


def test_a_conversation_is_renamed_in_place(new_page: NewPage, own_server: "Server", adviser: Adviser) -> None:
    page = new_page(f"{own_server.url}?session=a")
    wait(page)
    open_list(page)
    row = page.locator("#session-tools [data-session=a]")
    row.get_by_text("Rename").click()
    box = row.get_by_label("New title of: Support tickets")
    box.fill("Tickets <b>{{ 7 * 7 }}</b>")
    box.press("Enter")
    note(page, "It is called “Tickets <b>{{ 7 * 7 }}</b>” now.")
    assert "Tickets <b>{{ 7 * 7 }}</b>" in titles(page)
    assert next(info.title for info in adviser.sessions() if info.id == "a") == "Tickets <b>{{ 7 * 7 }}</b>"
    assert "Tickets" in page.locator("#sessions input").input_value()
    leave_calm(page)


def test_what_is_exported_can_be_imported(
    new_page: NewPage, own_server: "Server", adviser: Adviser, tmp_path: Path
) -> None:
    page = new_page(f"{own_server.url}?session=a")
    wait(page)
    say(page, "We label 40,000 support tickets a day.")
    open_list(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export: Support tickets").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "support-tickets.json"
    copy = json.loads(file.read_text(encoding="utf-8"))
    assert copy["workloads"][0]["facts"]["requests_per_day"]["value"] == 40_000
    (tmp_path / "bad.json").write_text('{"format": "weighbridge session",\n', encoding="utf-8")
    (tmp_path / "other.json").write_text('{"version": 1}', encoding="utf-8")
    files = [str(file), str(tmp_path / "bad.json"), str(tmp_path / "other.json")]
    page.locator("#session-tools input[type=file]").set_input_files(files)
    note(page, "Imported “Support tickets” from support-tickets.json.")
    said = page.locator("#session-tools [data-note]").inner_text()
    assert "bad.json:2: not JSON" in said
    assert "other.json: format:" in said
    assert titles(page).count("Support tickets") == 2
    fresh = next(info.id for info in adviser.sessions() if info.title == "Support tickets" and info.id != "a")
    page.locator(f"#session-tools [data-session='{fresh}']").get_by_role("button", name="Open").click()
    page.wait_for_url(f"**session={fresh}*")
    page.locator("#facts li[data-key=requests_per_day]").wait_for()
    leave_calm(page)


def test_deleting_asks_back_and_goes_to_another_where_it_was_open(
    new_page: NewPage, own_server: "Server", adviser: Adviser
) -> None:
    page = new_page(f"{own_server.url}?session=a")
    wait(page)
    open_list(page)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Delete: Search in the shop").click()
    assert len(adviser.sessions()) == 3
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete: Search in the shop").click()
    note(page, "“Search in the shop” is deleted.")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete: Support tickets").click()
    note(page, "“Support tickets” is deleted.")
    assert [info.id for info in adviser.sessions()] == ["b"]
    page.wait_for_url("**session=b*")
    leave_calm(page)


@pytest.mark.parametrize("headers", [{}, {"x-weighbridge": "sessions", "origin": "https://evil.example"}])
def test_another_site_cannot_import(own_server: "Server", adviser: Adviser, headers: dict[str, str]) -> None:
    copy = json.dumps(adviser.export("a")).encode()
    answer = httpx.post(f"{own_server.url}sessions?name=a.json", content=copy, headers=headers)
    assert answer.status_code == 403
    assert len(adviser.sessions()) == 3


def test_a_file_that_is_too_large_or_no_session_is_refused(own_server: "Server", adviser: Adviser) -> None:
    def post(content: bytes) -> str:
        headers = {"x-weighbridge": "sessions"}
        return httpx.post(f"{own_server.url}sessions?name=x.json", content=content, headers=headers).text

    assert "x.json: larger than 10 MB" in post(b"x" * 10_000_001)
    assert "x.json: not UTF-8 text" in post(b"\xff\xfe\x00")
    assert "x.json: nested too deeply" in post(b"[" * 200_000)
    assert len(adviser.sessions()) == 3
    missing = httpx.get(f"{own_server.url}session/nobody.json")
    assert missing.status_code == 404
    assert "unknown session 'nobody'" in missing.text
