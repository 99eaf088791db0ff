"""A person looks which model runs here, downloads one, cancels, goes on, chooses it, and changes settings."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from desk_parts import DeskParts, desk_parts
from page_server import serving
from page_steps import say, wait

from agent.adviser import Adviser
from tests.models.tiny_model import BODY
from ui.page.loading import Opened

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
NewPage = Callable[..., "Page"]
OpenDesk = Callable[..., tuple["Page", DeskParts]]


@pytest.fixture
def open_desk(
    new_page: NewPage, make_adviser: Callable[..., Adviser], tmp_path: Path, today: Any
) -> Iterator[OpenDesk]:
    """Open a page with panels, on a desk that a test may change first; its model is loaded if it is here."""
    with ExitStack() as open_things:

        def open_page(prepare: Callable[[DeskParts], None] = lambda parts: None, **environ: str) -> Any:
            parts = open_things.enter_context(desk_parts(tmp_path, **environ))
            prepare(parts)
            settings = parts.settings()
            here = settings.model not in ("", "none") and parts.store.list()[0].path is not None
            model = parts.build(settings) if here else None
            adviser = make_adviser(tmp_path, model=model)
            line = f"{settings.model} on CPU" if model else "no language model"
            server = open_things.enter_context(serving(lambda: Opened(adviser, lambda: today, line), desk=parts.desk()))
            page = new_page(f"{server.url}?session=models")
            open_things.callback(page.context.close)  # before the server: a page left alone logs its end
            wait(page)
            return page, parts

        yield open_page


def prefer(name: str) -> Callable[[DeskParts], None]:
    """Name a model in the settings file."""
    return lambda parts: (parts.home / "settings.yaml").write_text(f"model: {name}\n", encoding="utf-8") and None


def here_and_preferred(parts: DeskParts) -> None:
    for name in ("tiny", "small"):
        parts.store.pull(name)
    prefer("tiny")(parts)


def open_panel(page: "Page", name: str) -> None:
    page.locator(f"#{name} summary").first.click()
    page.locator(f"#{name} ul").first.wait_for()


def row(page: "Page", model: str) -> Any:
    return page.locator(f"#models [data-model={model}]")


def outcome(page: "Page", text: str) -> str:
    page.locator(".wb-job-outcome").filter(has_text=text).wait_for()
    return page.locator(".wb-job-outcome").inner_text()


def test_each_model_says_whether_this_machine_can_run_it(open_desk: OpenDesk) -> None:
    page, parts = open_desk()
    open_panel(page, "models")
    assert "Runs on this machine: needs 0.1 GB of memory; 9.0 GB of 16.0 GB are free" in row(page, "tiny").inner_text()
    assert "Just fits this machine: needs 8.6 GB" in row(page, "small").inner_text()
    assert (
        "Does not fit this machine now: needs 48 GB of memory; this machine has 16.0 GB"
        in row(page, "huge").inner_text()
    )
    assert "Apache-2.0" in row(page, "tiny").inner_text()
    parts.machine = replace(parts.machine, memory_free_bytes=4 * 10**9)
    page.get_by_role("button", name="Look at this machine again").click()
    row(page, "small").get_by_text("4.0 GB of 16.0 GB are free. Close other programs first").wait_for()


def test_a_download_is_cancelled_goes_on_and_its_model_is_used_at_once(open_desk: OpenDesk) -> None:
    def slow(parts: DeskParts) -> None:
        prefer("tiny")(parts)
        parts.hub.seconds_a_piece = 0.04

    page, parts = open_desk(slow)
    open_panel(page, "models")
    row(page, "tiny").get_by_role("button", name="Download: Tiny").click()
    bar = page.locator("#model-job progress")
    page.wait_for_function("document.querySelector('#model-job progress')?.value > 100")
    assert bar.get_attribute("aria-label") == "Download of Tiny 1M Instruct, Q4_0"
    assert "MB/s" in page.locator(".wb-job-figures").inner_text()
    page.locator("#model-job").get_by_role("button", name="Cancel").click()
    assert "What has arrived is kept" in outcome(page, "stopped")
    parts.hub.seconds_a_piece = 0.0
    row(page, "tiny").get_by_role("button", name="Go on with the download").click()
    assert "In use now: tiny on CPU" in outcome(page, "its sha256 is right")
    resumed = parts.hub.ranges[-1]
    assert resumed is not None
    assert 0 < int(resumed.removeprefix("bytes=").rstrip("-")) < len(BODY)
    assert "tiny on CPU" in page.locator("#mode").inner_text()
    assert parts.alive == ["tiny"]
    row(page, "tiny").get_by_text("in use", exact=True).wait_for()


def test_a_download_goes_on_while_the_page_is_reloaded(open_desk: OpenDesk) -> None:
    page, parts = open_desk(lambda parts: setattr(parts.hub, "seconds_a_piece", 0.05))
    open_panel(page, "models")
    row(page, "small").get_by_role("button", name="Download").click()
    page.locator("#model-job progress[value]").wait_for()
    page.reload()
    wait(page)
    page.locator("#model-job progress[value]").wait_for()
    outcome(page, "Small 2M Instruct, Q8_0 is here")
    assert parts.store.path_of("small").is_file()


def test_without_a_network_the_page_says_what_helps(open_desk: OpenDesk) -> None:
    page, parts = open_desk(lambda parts: parts.hub.statuses.extend([404]))
    open_panel(page, "models")
    row(page, "tiny").get_by_role("button", name="Download").click()
    said = outcome(page, "No source gave tiny")
    assert "HTTP 404" in said
    assert "weighbridge models pull tiny" in said
    assert str(parts.home / "gguf") in said
    assert page.locator(".wb-job-outcome").get_attribute("role") == "alert"


def test_another_model_is_chosen_and_kept_without_a_restart(open_desk: OpenDesk) -> None:
    page, parts = open_desk(here_and_preferred)
    assert parts.alive == ["tiny"]
    open_panel(page, "models")
    page.once("dialog", lambda dialog: dialog.accept())
    row(page, "small").get_by_role("button", name="Use: Small").focus()
    page.keyboard.press("Enter")
    outcome(page, "In use now: small on CPU")
    assert (parts.alive, parts.most_alive) == (["small"], 1)
    assert parts.settings().model == "small"
    assert "small on CPU" in page.locator("#mode").inner_text()
    row(page, "none").get_by_role("button", name="Use none").click()
    outcome(page, "In use now: no language model")
    assert parts.alive == []
    assert parts.settings().model == "none"


def test_a_model_that_cannot_be_loaded_leaves_the_old_one_in_use(open_desk: OpenDesk, tmp_path: Path) -> None:
    page, parts = open_desk(here_and_preferred)
    parts.broken.add("small")
    open_panel(page, "models")
    row(page, "small").get_by_role("button", name="Use: Small").click()
    said = outcome(page, "It could not be loaded")
    assert "The earlier model is in use again" in said
    assert (parts.alive, parts.most_alive) == (["tiny"], 1)
    assert parts.settings().model == "tiny"
    box = page.get_by_label("Path of a GGUF file")
    box.fill("/nowhere/a.gguf")
    box.press("Enter")
    outcome(page, "cannot be read (No such file or directory)")
    (tmp_path / "mine.gguf").write_bytes(BODY)
    page.get_by_label("Path of a GGUF file").fill(str(tmp_path / "mine.gguf"))
    page.get_by_role("button", name="Use this file").click()
    outcome(page, "In use now:")
    assert parts.settings().model == str(tmp_path / "mine.gguf")


def test_a_damaged_file_is_found_and_deleting_asks_back(open_desk: OpenDesk) -> None:
    page, parts = open_desk(here_and_preferred)
    open_panel(page, "models")
    row(page, "tiny").get_by_role("button", name="Verify").click()
    outcome(page, "as it should be")
    page.once("dialog", lambda dialog: dialog.dismiss())
    row(page, "small").get_by_role("button", name="Delete").click()
    assert parts.store.path_of("small").is_file()
    page.once("dialog", lambda dialog: dialog.accept())
    row(page, "small").get_by_role("button", name="Delete").click()
    outcome(page, "are free again")
    assert [one.path is None for one in parts.store.list()] == [False, True, True]
    path = parts.store.path_of("tiny")
    path.write_bytes(BODY[:-1] + b"x")
    row(page, "tiny").get_by_role("button", name="Verify").click()
    outcome(page, "the file was damaged and is deleted")


def test_an_environment_that_chooses_the_model_says_so(open_desk: OpenDesk) -> None:
    page, _ = open_desk(lambda parts: parts.store.pull("tiny") and None, WEIGHBRIDGE_MODEL="none")
    open_panel(page, "models")
    page.get_by_text("WEIGHBRIDGE_MODEL in the environment chooses the model").wait_for()
    assert row(page, "tiny").get_by_role("button", name="Use").count() == 0
    assert row(page, "tiny").get_by_role("button", name="Verify").count() == 1


def test_settings_are_kept_and_what_waits_for_a_restart_is_said(open_desk: OpenDesk) -> None:
    page, parts = open_desk(here_and_preferred, WEIGHBRIDGE_PORT="7999")
    open_panel(page, "settings")
    theme = page.get_by_label("Colours of the page", exact=True)
    theme.select_option("dark")
    page.get_by_role("button", name="Save: Colours of the page").click()
    page.locator("#settings [data-note]").filter(has_text="Colours of the page: dark").wait_for()
    page.wait_for_function("document.body.classList.contains('dark')")
    page.get_by_label("Your own documents", exact=True).select_option("off")
    page.get_by_role("button", name="Save: Your own documents").click()
    page.locator("[data-setting=own_documents]").get_by_text("in effect after a restart").wait_for()
    threads = page.get_by_label("Threads of the model", exact=True)
    threads.fill("many")
    threads.press("Enter")
    page.get_by_text("threads: 'many': expected a whole number of at least 1").wait_for()
    page.get_by_label("Threads of the model", exact=True).fill("1")
    page.get_by_label("Threads of the model", exact=True).press("Enter")
    page.locator("#settings [data-note]").filter(has_text="In use now: tiny on CPU").wait_for()
    assert (parts.alive, parts.most_alive) == (["tiny"], 1)
    kept = parts.settings()
    assert (kept.theme, kept.own_documents, kept.threads, kept.model) == ("dark", False, 1, "tiny")
    port = page.locator("[data-setting=port]")
    assert "7999" in port.inner_text()
    assert "from the environment, WEIGHBRIDGE_PORT" in port.inner_text()
    assert port.locator("input").count() == 0
    page.get_by_role("button", name="Back to the default: Threads of the model").click()
    page.locator("[data-setting=threads]").get_by_text("default", exact=True).wait_for()
    assert parts.settings().threads is None
    page.reload()
    wait(page)
    page.wait_for_function("document.body.classList.contains('dark')")


def test_a_key_is_never_shown_and_a_broken_file_is_named(open_desk: OpenDesk) -> None:
    page, parts = open_desk(ANTHROPIC_API_KEY="sk-secret-value")
    open_panel(page, "settings")
    assert "from the environment, ANTHROPIC_API_KEY" in page.locator("[data-setting=anthropic_api_key]").inner_text()
    assert "sk-secret" not in page.content()
    (parts.home / "settings.yaml").write_text("threads: two\n", encoding="utf-8")
    page.get_by_role("button", name="Save: Port of the page").click()
    page.get_by_text("settings.yaml: key 'threads': 'two': expected a whole number of at least 1").first.wait_for()


def test_no_model_is_loaded_while_a_turn_runs(open_desk: OpenDesk) -> None:
    page, parts = open_desk(here_and_preferred)
    say(page, "We label 40k support tickets a day.")
    open_panel(page, "models")
    release = parts.hold_next_build()
    page.once("dialog", lambda dialog: dialog.accept())
    row(page, "small").get_by_role("button", name="Use: Small").click()
    page.locator("#mode").get_by_text("Loading the language model").wait_for()
    page.get_by_label("Your message").fill("The data may go out.")
    page.keyboard.press("Enter")
    page.get_by_text("The language model is being changed").wait_for()
    release()
    outcome(page, "In use now: small on CPU")
    say(page, "The data may go out.")
