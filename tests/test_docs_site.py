"""The documentation builds as a site without a warning, and nothing in it is loaded from another host."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from agent.reading.reading import INTENTS
from tools.facts import check_value, spec_of

ROOT = Path(__file__).parents[1]
# What a browser fetches by itself; links that a reader may click are no loads.
LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\ssrc=[\"']?(?P<src>(?:https?:)?//[^\"'\s>]+)"
    r"|<link\b(?=[^>]*\srel=[\"']?(?:stylesheet|icon|preload|preconnect|modulepreload))[^>]*\shref=[\"']?"
    r"(?P<href>(?:https?:)?//[^\"'\s>]+)|url\([\"']?(?P<url>(?:https?:)?//[^\"')]+)",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    pages = [path for path in site.rglob("*") if path.suffix in (".html", ".css")]
    assert len(pages) > 40
    found = {
        (path.name, match.group())
        for path in pages
        for match in LOADED.finditer(path.read_text(encoding="utf-8", errors="ignore"))
    }
    assert found == set()


def test_every_link_inside_the_site_leads_somewhere(site: Path) -> None:
    dead = set()
    for path in site.rglob("*.html"):
        if path.name == "404.html":  # its links start at the site's own root
            continue
        for target in re.findall(r"<a\b[^>]*\shref=\"([^\"#?]+)", path.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:|//", target) and not (path.parent / target).exists():
                dead.add((path.name, target))
    assert dead == set()


def test_the_pattern_finds_what_it_is_meant_to() -> None:
    assert LOADED.search('<script src="https://elsewhere.example/x.js">')
    assert LOADED.search('<link rel="stylesheet" href="//elsewhere.example/x.css">')
    assert not LOADED.search('<a href="https://elsewhere.example/">')


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("reference/commands.html", "weighbridge knowledge add"),
        ("reference/facts.html", "requests_per_day"),
        ("reference/python.html", "portfolio_from_text"),
        ("reference/data/accelerators.html", "H100"),
        ("reference/data/throughput.html", "rows"),
        ("decision.html", "reference/data/assumptions.html"),
    ],
)
def test_reference_pages_hold_what_code_and_data_say(site: Path, page: str, words: str) -> None:
    assert words in (site / page).read_text(encoding="utf-8")


def test_the_message_shown_to_contributors_is_one() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- message -->\n\n```yaml\n(.*?)\n```", text, re.DOTALL)
    assert block is not None
    for record in yaml.safe_load(block[1]):
        assert record["intent"] in INTENTS
        for key, value, quote in record["facts"]:
            assert quote in record["text"]
            check_value(spec_of(key), value)


def test_the_paths_named_to_contributors_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|scripts|tools|agent|ui)/[\w/.-]+)`", text)
    assert len(named) >= 6
    assert [path for path in named if not (ROOT / path).exists()] == []
