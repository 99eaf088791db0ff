"""The documents say what is true: their examples are run, their files and links are compared.

A marker `<!-- run: COMMAND -->` or `<!-- file: PATH -->` owns the code block behind it. `pytest --update-golden
tests/test_docs.py` writes the blocks anew.
"""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from ui.cli import main
from ui.settings import read_settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MARKER = re.compile(r"<!-- (?P<kind>run|file): (?P<what>.+?) -->\n(?P<block>\n?```[a-z]*\n.*?\n```\n)?", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def _fresh(kind: str, what: str) -> str:
    if kind == "file":
        return f"\n```yaml\n{(ROOT / what).read_text(encoding='utf-8').rstrip()}\n```\n"
    words = shlex.split(what)
    assert words[0] == "weighbridge"
    result = CliRunner().invoke(main, words[1:], env={"WEIGHBRIDGE_AS_OF": "2026-11-22"})
    assert result.exit_code == 0, result.output
    return f"\n```console\n$ {what}\n{result.stdout.rstrip()}\n```\n"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_examples_show_what_comes_out(
    document: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    text = document.read_text(encoding="utf-8")

    def anew(match: re.Match[str]) -> str:
        return f"<!-- {match['kind']}: {match['what']} -->\n{_fresh(match['kind'], match['what'])}"

    expected = MARKER.sub(anew, text)
    if request.config.getoption("--update-golden"):
        document.write_text(expected, encoding="utf-8")
    else:
        assert text == expected, f"{document.name}: run pytest --update-golden tests/test_docs.py"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_local_links_lead_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_readme_names_every_setting_and_no_other() -> None:
    source = (ROOT / "ui/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"WEIGHBRIDGE_[A-Z_]+[A-Z]", source))
    named = set(re.findall(r"WEIGHBRIDGE_[A-Z_]+[A-Z]", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named == read
    assert read_settings({}).port == 7860


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    # `app` is the command without a name; `extract`, `data` and `knowledge` are for developers.
    for command in set(main.list_commands(None)) - {"app", "extract", "data", "knowledge", "report"}:  # type: ignore[arg-type]
        assert f"weighbridge {command}" in readme
