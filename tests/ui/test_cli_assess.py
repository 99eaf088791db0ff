"""`weighbridge assess`, `tool` and the frame of all commands: exit codes, JSON on standard output, errors elsewhere."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ui.conftest import Weigh

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "support-tickets.yaml"


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("organization: {}\nworkloads: [{name: A, facts: {taks: agent}}]", ["taks", "task"]),
        ("workloads: [{name: A, facts: {task: agents}}]", ["task", "'agents'", "one of"]),
        ("workloads: [{name: A, facts: {requests_per_day: -5}}]", ["requests_per_day", "-5"]),
        ("workloads: [{name: A, facts: {requests_per_day: [9, 3]}}]", ["requests_per_day", "[low, high]"]),
        ("workloads: [{facts: {}}]", ["name"]),
        ("workloads: [{name: A, facts: {sector: general}}]", ["sector", "organization"]),
        ("workload: []", ["workload", "workloads"]),
        ("workloads: [{name: A, facts: {task: agent, task: chatbot}}]", ["task"]),
        ("- 1", ["expected"]),
        ("a: [", ["bad.yaml:1", "not readable as YAML"]),
        ("", ["expected"]),
    ],
)
def test_a_bad_file_is_named_with_key_and_expectation(
    content: str, parts: list[str], tmp_path: Path, weigh: Weigh
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(content, encoding="utf-8")
    result = weigh("assess", file, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    for part in ["bad.yaml", *parts]:
        assert part in result.stderr


def test_files_that_cannot_be_read(tmp_path: Path, weigh: Weigh) -> None:
    (tmp_path / "latin.yaml").write_bytes("workloads: é".encode("latin-1"))
    for name, part in (("none.yaml", "no such file"), (".", "folder"), ("latin.yaml", "UTF-8")):
        result = weigh("assess", tmp_path / name)
        assert result.exit_code == 2
        assert part in result.stderr


def test_assess_prints_the_contracts_json(weigh: Weigh) -> None:
    result = weigh("assess", EXAMPLE, "--json")
    assert result.exit_code == 0
    plain = json.loads(result.stdout)
    assert {"as_of", "workloads", "portfolio"} <= set(plain)
    assert plain["as_of"] == "2026-11-22"
    workload = plain["workloads"][0]
    wanted = {"name", "verdict", "options", "break_even", "flips", "findings", "assumptions", "next_question"}
    assert wanted <= set(workload)
    _verdict_shape(workload["verdict"])
    option = next(option for option in workload["options"] if not option["feasible"])
    assert {"deployment", "model", "provider", "hardware", "monthly_usd", "cost_lines"} <= set(option)
    assert {"rule", "text", "facts", "source"} == set(option["blockers"][0])
    assert {"tokens_per_month", "reason", "against"} == set(workload["break_even"])
    assert all({"fact", "from", "to", "deployment"} == set(flip) for flip in workload["flips"])
    assert {"monthly_usd", "shared_costs", "vendors", "availability", "findings", "plan"} == set(plain["portfolio"])


def _verdict_shape(verdict: dict[str, Any]) -> None:
    assert {"deployment", "model", "provider", "hardware", "clarity", "probability"} <= set(verdict)
    assert verdict["deployment"] == "self_hosted"
    assert {"low", "expected", "high"} == set(verdict["monthly_usd"])
    assert verdict["monthly_usd"]["low"] <= verdict["monthly_usd"]["expected"] <= verdict["monthly_usd"]["high"]
    assert {"deployment", "model", "lineage"} == set(verdict["fallback"])


def test_assess_prints_a_page_of_text(weigh: Weigh) -> None:
    result = weigh("assess", EXAMPLE)
    assert result.exit_code == 0
    for part in ("Label support tickets", "your own servers", "Break-even", "What would change it"):
        assert part in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) < 160


def test_assess_writes_a_report_and_still_prints_json(tmp_path: Path, weigh: Weigh) -> None:
    target = tmp_path / "out.html"
    result = weigh("assess", EXAMPLE, "--json", "--report", target)
    assert result.exit_code == 0
    assert json.loads(result.stdout)
    assert "Report written" in result.stderr
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_assess_refuses_an_unknown_report_ending_before_it_works(tmp_path: Path, weigh: Weigh) -> None:
    result = weigh("assess", EXAMPLE, "--report", tmp_path / "out.odt")
    assert result.exit_code == 2
    assert ".html" in result.stderr


def test_tool_runs_lists_and_explains(weigh: Weigh) -> None:
    tools = json.loads(weigh("tool").stdout)
    assert {"api_cost", "break_even", "kv_cache", "license"} <= {tool["name"] for tool in tools}
    result = weigh("tool", "break_even", '{"api_usd_per_million": 1, "fixed_usd_per_month": 1000}')
    assert json.loads(result.stdout)["tokens_per_month"] == pytest.approx(1e9)
    for words, part in (
        (("tool", "break_evn"), "break_even"),
        (("tool", "break_even", "{"), "not JSON"),
        (("tool", "break_even", "[1]"), "JSON object"),
        (("tool", "break_even", '{"api_usd": 1}'), "api_usd"),
    ):
        refused = weigh(*words)
        assert refused.exit_code == 2, words
        assert refused.stdout == ""
        assert part in refused.stderr


def test_tool_file_answers_every_line_and_names_bad_ones(tmp_path: Path, weigh: Weigh) -> None:
    file = tmp_path / "many.jsonl"
    good = '{"api_usd_per_million": 2, "fixed_usd_per_month": 1000}'
    file.write_text(f"{good}\n\nnot json\n[]\n{{}}\n{good}\n", encoding="utf-8")
    result = weigh("tool", "break_even", "--file", file)
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert ["error" in line for line in lines] == [False, True, True, True, False]
    assert "line 3" in lines[1]["error"]
    assert lines[0] == lines[4]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEIGHBRIDGE_PORT", "http"),
        ("WEIGHBRIDGE_AS_OF", "22.11.2026"),
        ("WEIGHBRIDGE_ESCALATION", "maybe"),
        ("WEIGHBRIDGE_CONTEXT", "12"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(name: str, value: str, weigh: Weigh) -> None:
    result = weigh("tool", **{name: value})
    assert result.exit_code == 2
    assert name in result.stderr
    assert value in result.stderr


def test_a_defect_is_one_line_and_exit_code_one(weigh: Weigh, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("out of paper")

    monkeypatch.setattr("tools.registry.list_tools", broken)
    result = weigh("tool")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "out of paper" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_process_of_its_own(environment: dict[str, str]) -> None:
    """One run as a shell makes it: standard output is JSON and nothing else, even with all logs on."""
    command = [sys.executable, "-m", "ui", "-vv", "assess", str(EXAMPLE), "--json"]
    path = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env={**environment, **path}, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["workloads"][0]["verdict"]["deployment"] == "self_hosted"


def test_a_reader_that_has_enough_is_no_error(environment: dict[str, str], tmp_path: Path) -> None:
    """As `weighbridge tool … | head -1` does: the reader is gone before the last line is written."""
    file = tmp_path / "many.jsonl"
    file.write_text('{"api_usd_per_million": 2, "fixed_usd_per_month": 1000}\n' * 4000, encoding="utf-8")
    command = [sys.executable, "-m", "ui", "tool", "break_even", "--file", str(file)]
    path = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env={**environment, **path}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert json.loads(running.stdout.readline())
        running.stdout.close()
        assert running.stderr.read() == ""
