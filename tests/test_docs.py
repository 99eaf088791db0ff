"""The documents say what is true: their examples are run, their files, tables and links are compared.

A marker owns the code block or table behind it; `pytest --update-golden tests/test_docs.py` writes them anew.
`<!-- run: COMMAND -->` shows what a command prints, with `| jq 'PATH'` a part of its JSON; with `> FILE` at its end it
is kept for a later command. `<!-- run: python PATH -->` shows what a program prints.
`<!-- fails: COMMAND -->` shows the message of one whose input is wrong; `<!-- file: PATH -->` shows a file;
`<!-- arguments: TOOL -->` is the table of a tool's arguments, `<!-- gates: hard -->` (or soft) that of the gates.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from tools.assessment import Deployment, ServerSizing
from tools.assumptions import listed_assumptions
from tools.catalogue.accelerators import accelerators
from tools.catalogue.licences import licences
from tools.catalogue.open_models import open_models
from tools.catalogue.proprietary import hosted_offers, proprietary_models
from tools.data_files import load_table
from tools.facts import fact_dictionary
from tools.gates import gates
from tools.measured import measured_rows
from tools.registry import tools
from ui.cli import main
from ui.setting_list import SETTINGS
from ui.settings import read_settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
MARKER = re.compile(
    r"<!-- (?P<kind>run|fails|file|arguments|gates): (?P<what>.+?) -->\n"
    r"(?P<block>\n?```[a-z]*\n.*?\n```\n|\n?(?:\|[^\n]*\n)+)?",
    re.DOTALL,
)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
LANGUAGES = {".yaml": "yaml", ".csv": "csv", ".json": "json", ".py": "python"}


def _fresh(kind: str, what: str) -> str:
    match kind:
        case "file":
            language = LANGUAGES[Path(what).suffix]
            return f"\n```{language}\n{Path(what).read_text(encoding='utf-8').rstrip()}\n```\n"
        case "arguments":
            return _arguments(what)
        case "gates":
            return _gates(what == "hard")
        case _:
            return f"\n```console\n$ {what}\n{_printed(what, fails=kind == 'fails')}```\n"


def _printed(command: str, *, fails: bool) -> str:
    line, _, kept = command.partition(" > ")
    line, _, path = line.partition(" | jq ")
    words = shlex.split(line)
    if words[0] == "python":
        return _printed_by_program(words[1:])
    assert words[0] == "weighbridge"
    result = CliRunner().invoke(main, words[1:], env=_environment())
    assert result.exit_code == (2 if fails else 0), result.output
    text = (result.stderr if fails else result.stdout).rstrip() + "\n"
    if path:
        text = _part(text, path.strip("'")) + "\n"
    if kept:
        Path(kept).write_text(text, encoding="utf-8")
    return "" if kept else text


def _printed_by_program(words: list[str]) -> str:
    inside = {**os.environ, **_environment(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *words], env=inside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip() + "\n"


def _environment() -> dict[str, str]:
    """Return the settings of a document's commands: a fixed day, and a data folder that only this document sees."""
    return {"WEIGHBRIDGE_AS_OF": "2026-11-22", "WEIGHBRIDGE_HOME": str(Path.cwd() / "home")}


def _part(text: str, path: str) -> str:
    part = json.loads(text)
    for key, place in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        part = part[key] if key else part[int(place)]
    return json.dumps(part, indent=2, ensure_ascii=False)


def _arguments(tool: str) -> str:
    schema = tools()[tool].listing()["input_schema"]
    rows = ["", "| argument | meaning | default |", "|---|---|---|"]
    for name, entry in schema["properties"].items():
        default = "required" if name in schema.get("required", ()) else entry.get("default")
        rows.append(f"| `{name}` | {entry['description']} | {'' if default is None else default} |")
    return "\n".join(rows) + "\n"


def _gates(hard: bool) -> str:
    rows = ["", "| gate | what it says | facts | source |", "|---|---|---|---|"]
    for gate in gates():
        if gate.hard == hard:
            rows.append(f"| `{gate.rule}` | {gate.text} | {', '.join(gate.facts) or '(none)'} | {gate.source} |")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_examples_show_what_comes_out(
    document: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
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
    read = {setting.variable for setting in SETTINGS if setting.variable.startswith("WEIGHBRIDGE_")}
    named = set(re.findall(r"WEIGHBRIDGE_[A-Z_]+[A-Z]", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named == read
    assert read_settings({}).port == 7860


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    # `app` is the command without a name; `extract`, `data` and `knowledge` are for developers.
    for command in set(main.list_commands(None)) - {"app", "extract", "data", "knowledge", "report"}:  # type: ignore[arg-type]
        assert f"weighbridge {command}" in readme


def test_the_readme_counts_what_the_tables_hold() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{len(open_models())} open models, {len(proprietary_models())} proprietary ones" in readme
    assert f"{len(hosted_offers())} offers of open models by hosts, {len(accelerators())} accelerators" in readme
    assert f"{len(licences())} licences" in readme
    assert f"{sum(map(len, measured_rows().values())):,} measured rows" in readme


def test_the_pages_name_every_gate_table_and_tool() -> None:
    decision, data, listed = (
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("decision.md", "data.md", "tools.md")
    )
    assert [gate.rule for gate in gates() if f"`{gate.rule}`" not in decision] == []
    tables = sorted(path.name for path in (ROOT / "tools" / "data").iterdir() if path.suffix in (".yaml", ".csv"))
    assert [table for table in tables if f"[{table}]" not in data] == []
    assert [name for name in tools() if f"## {name}\n" not in listed] == []


def test_the_decision_page_names_nothing_that_is_not_there() -> None:
    decision = (ROOT / "docs" / "decision.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+)+)`", decision))
    known = {*fact_dictionary(), *listed_assumptions(), *(gate.rule for gate in gates()), *get_args(Deployment)}
    known |= {field.name for field in fields(ServerSizing)} | set(load_table("capability.yaml")["method"])
    assert named - known == {
        "allowed_with_duties",
        "api_cost",
        "text_read",
        "unknown_facts",
    }  # of tools and their answers
