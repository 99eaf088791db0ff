"""A whole interview with the real model in a network namespace without a network, by the product's own command."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from namespace import require_namespaces, run_isolated

from ui.settings import read_settings

SAID = """\
We get about 40k support tickets a day and want each one labelled; a ticket is 350 tokens. Nothing may leave our \
servers and we have a platform team.
is Llama open source?
routine, any trainee could do it
what if we had ten times the volume?
report
"""
INTERVIEW = "import sys; sys.argv = ['weighbridge', 'chat', '--json']; from ui.cli import main; main()"


@pytest.fixture
def home(tmp_path: Path, gguf_path: Path) -> Path:
    """A data folder with the real model and index, and sessions of its own."""
    settings = read_settings(os.environ)
    assert gguf_path.parent == settings.gguf_folder
    for folder in (settings.gguf_folder, settings.index_folder):
        (tmp_path / folder.name).symlink_to(folder)
    return tmp_path


def _events(stdout: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


@pytest.mark.model
def test_an_interview_reaches_its_verdict_and_nothing_tries_to_leave(home: Path) -> None:
    require_namespaces()
    run = run_isolated(INTERVIEW, 400, stdin=SAID, environ={"WEIGHBRIDGE_HOME": str(home)})
    assert run.process.returncode == 0, run.process.stderr
    assert run.attempts == []
    events = _events(run.process.stdout)
    assert events[0]["event"] == "question"
    assert events[0]["fact"] is None
    heard = {fact["fact"]: fact["value"] for e in events if e["event"] == "facts" for fact in e["accepted"]}
    assert heard["requests_per_day"] == 40000
    assert heard["external_api"] == "forbidden"
    verdicts = [event for event in events if event["event"] == "verdict"]
    assert verdicts[-1]["deployment"] == "self_hosted"
    answers = [event for event in events if event["event"] == "answer"]
    assert any(citation["id"].startswith("llama-licence") for citation in answers[0]["citations"])
    assert sum(event["event"] == "turn_end" for event in events) == len(SAID.splitlines())
    assert events[-1]["event"] in ("done", "turn_end")
