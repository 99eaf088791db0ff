"""Makes the documentation's pictures of the page, with the real default model: `make screenshots`.

    PYTHONPATH=. .venv/bin/python tests/browser/screenshot.py [docs/images]

It talks to a page of its own in a temporary data home; the model and the index are those of this machine.
"""

import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from page_server import serving
from page_steps import HEADLINE, leave_calm, say, wait

from ui.environment import quieten

SIZE = {"width": 1320, "height": 880}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True, "is_mobile": True}
SECOND = "New workload: a chatbot for customers, 5,000 requests per day, public data, it may go to any provider"


def main(target: Path) -> None:
    quieten(os.environ)
    from playwright.sync_api import sync_playwright

    from ui.commands.app import desk_of, open_for_page
    from ui.settings import read_settings

    settings = read_settings(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for part in ("gguf", "index", "encoder"):
            (home / part).symlink_to(settings.home / part)
        settings = replace(settings, home=home)
        desk = desk_of(settings, {})
        with serving(lambda: open_for_page(settings), desk=desk) as server, sync_playwright() as playwright:
            program = os.environ.get("WEIGHBRIDGE_CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport=SIZE, color_scheme="light")
            page.set_default_timeout(120_000)
            page.goto(server.url)
            wait(page)
            say(page, HEADLINE)
            say(page, "is Llama open source?")
            page.locator("#changes em").first.wait_for()
            page.wait_for_timeout(1000)
            page.screenshot(path=target / "page.png")
            say(page, SECOND)
            page.locator("#portfolio section").wait_for()
            leave_calm(page)
            page.evaluate("document.querySelector('#portfolio').scrollIntoView({behavior: 'instant'})")
            page.wait_for_timeout(1000)
            page.screenshot(path=target / "page-board.png")
            phone = browser.new_page(**PHONE)
            phone.goto(page.url)
            phone.locator("#verdict .wb-where").wait_for()
            phone.evaluate("document.querySelector('#verdict').scrollIntoView({behavior: 'instant'})")
            phone.wait_for_timeout(1500)
            phone.screenshot(path=target / "page-phone.png")
            browser.close()
    for picture in sorted(target.glob("page*.png")):
        print(f"{picture}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"))
