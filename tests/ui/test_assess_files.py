"""`weighbridge assess` with files of every format, a saved assessment, another date, and nothing heavy loaded."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.conftest import Weigh

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "support-tickets.yaml"
HEAVY = ("gradio", "chromadb", "llama_cpp", "langgraph", "scipy", "pandas", "onnxruntime", "tokenizers", "anthropic")


def test_all_problems_are_told_at_once_with_exit_code_two(tmp_path: Path, weigh: Weigh) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("name,task,requests_per_day\nA,agnt,40k\nA,agent,-1\n", encoding="utf-8")
    result = weigh("assess", file, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    for part in ("4 problems", "bad.csv:2: row 2 (A): column task", "write 40000", "bad.csv:3: ", "two workloads"):
        assert part in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.txt", b"workloads: []", "expected .yaml, .yml, .json, .csv"),
        ("a.csv", "name\nB\u00e4r\n".encode("latin-1"), "a.csv:2: not UTF-8"),
        ("a.csv", "name\nA\n".encode("utf-16"), "UTF-16"),
        ("a.yaml", b"workloads: [{name: a\0b}]", "zero byte"),
        ("a.yaml", b"#" * 10_000_001, "larger than 10 MB"),
        ("a.json", b"", "the file is empty"),
    ],
)
def test_files_that_are_no_portfolio(name: str, content: bytes, part: str, tmp_path: Path, weigh: Weigh) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    result = weigh("assess", file)
    assert result.exit_code == 2
    assert part in result.stderr
    assert name in result.stderr


def test_a_spreadsheets_table_is_assessed_and_compared_with_itself(tmp_path: Path, weigh: Weigh) -> None:
    table, saved = tmp_path / "tickets.csv", tmp_path / "old.json"
    header = "name;task;requests_per_day;external_api;organization.platform_team;;"
    rows = f"{header}\r\nTickets;classification;400;allowed;none;;\r\n"
    table.write_bytes(b"\xef\xbb\xbf" + rows.encode())
    first = weigh("assess", table, "--json")
    assert first.exit_code == 0, first.stderr
    plain = json.loads(first.stdout)
    assert plain["inputs"]["workloads"][0]["facts"]["requests_per_day"] == 400
    assert plain["data"]["prices"].startswith("genai-prices")
    saved.write_text(first.stdout, encoding="utf-8")
    again = weigh("assess", table, "--since", saved)
    assert again.exit_code == 0
    assert "Tickets: still" in again.stdout
    assert "as before" in again.stdout
    table.write_bytes(rows.replace("allowed", "forbidden").encode())
    later = weigh("assess", table, "--since", saved, "--json", "--as-of", "2026-12-24")
    since = json.loads(later.stdout)["since"]
    assert (since["since"], since["as_of"]) == ("2026-11-22", "2026-12-24")
    assert {"kind": "fact", "text": "external_api: allowed then, forbidden now"}.items() <= since["workloads"][0][
        "causes"
    ][0].items()


def test_a_saved_assessment_that_is_none_is_refused_before_the_work(tmp_path: Path, weigh: Weigh) -> None:
    for content, part in (("{}", "'as_of' is missing"), ("[", "not JSON"), ("[" * 100_000, "not JSON")):
        saved = tmp_path / "old.json"
        saved.write_text(content, encoding="utf-8")
        result = weigh("assess", EXAMPLE, "--since", saved)
        assert (result.exit_code, result.stdout) == (2, "")
        assert part in result.stderr
        assert "old.json" in result.stderr
    assert weigh("assess", EXAMPLE, "--as-of", "tomorrow").exit_code == 2


def test_nothing_heavy_is_loaded(environment: dict[str, str]) -> None:
    """`assess` answers without the page, the index, the model, the graph and scipy."""
    code = (
        "import sys\nfrom ui.cli import main\n"
        f"main(['assess', {str(EXAMPLE)!r}, '--json'], standalone_mode=False)\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    path = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**environment, **path}, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stderr.splitlines()[-1]
    assert "'numpy'" in loaded
    assert [name for name in HEAVY if f"'{name}'" in loaded] == []
