"""A session survives SIGKILL at any point: nothing that was said is lost, and nothing is taken twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from interview_fakes import fake_adviser

from agent.adviser import Adviser

SESSION = "test"
SCRIPT = Path(__file__).with_name("killed_conversation.py")
FACTS = "external_api=forbidden requests_per_day=40000"


def child(folder: Path, point: str, message: str) -> "subprocess.Popen[bytes]":
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{SCRIPT.parent}"}
    return subprocess.Popen([sys.executable, str(SCRIPT), str(folder), point, message], env=environment)


def said_by_user(adviser: Adviser) -> list[str]:
    return [line.text for line in adviser.view(SESSION).transcript if line.role == "user"]


def facts(adviser: Adviser) -> dict[str, object]:
    (workload,) = adviser.view(SESSION).workloads
    return {fact.key: fact.value for fact in workload.facts}


@pytest.mark.parametrize(
    "point",
    [
        "after the message is written down",
        "while the message is read",
        "facts",
        "while the verdict is computed",
        "verdict",
        "question",
        "before the books are closed",
        "after old checkpoints are deleted",
        "turn_end",
    ],
)
def test_killed_in_a_turn_with_facts(point: str, tmp_path: Path) -> None:
    process = child(tmp_path, point, FACTS)
    assert process.wait(timeout=120) == -signal.SIGKILL
    adviser = fake_adviser(tmp_path)
    events = adviser.open(SESSION)
    assert events[-1].to_json()["fact"] == "platform_team"
    assert facts(adviser) == {"task": "classification", "external_api": "forbidden", "requests_per_day": 40000}
    assert said_by_user(adviser) == ["task=classification", FACTS]
    adviser.turn(SESSION, "undo:", emit=lambda event: None)
    assert facts(adviser) == {"task": "classification"}
    adviser.close()


def test_killed_before_the_message_was_received(tmp_path: Path) -> None:
    process = child(tmp_path, "before the message is written down", FACTS)
    assert process.wait(timeout=120) == -signal.SIGKILL
    adviser = fake_adviser(tmp_path)
    assert adviser.open(SESSION)[-1].to_json()["fact"] == "external_api"
    assert facts(adviser) == {"task": "classification"}
    adviser.close()


@pytest.mark.parametrize("point", ["token", "answer"])
def test_killed_in_an_answer(point: str, tmp_path: Path) -> None:
    process = child(tmp_path, point, "Is Llama open source?")
    assert process.wait(timeout=120) == -signal.SIGKILL
    adviser = fake_adviser(tmp_path)
    kinds = [event.to_json()["event"] for event in adviser.open(SESSION)]
    assert kinds == ["answer", "question"]
    cited = [line for line in adviser.view(SESSION).transcript if line.citations]
    assert len(cited) == 1
    assert said_by_user(adviser) == ["task=classification", "Is Llama open source?"]
    adviser.close()


def test_killed_from_outside_at_any_moment(tmp_path: Path) -> None:
    """Whenever the process dies, the session opens again, and each message was taken once or not at all."""
    process = child(tmp_path, "never", FACTS)
    file = tmp_path / "sessions.sqlite"
    while not file.exists() and process.poll() is None:
        time.sleep(0.01)
    time.sleep(0.05)
    process.kill()
    process.wait(timeout=120)
    adviser = fake_adviser(tmp_path)
    adviser.open(SESSION)
    said = said_by_user(adviser)
    assert said == ["task=classification", FACTS][: len(said)]
    adviser.turn(SESSION, FACTS, emit=lambda event: None)
    assert facts(adviser)["requests_per_day"] == 40000
    adviser.close()


def test_a_turn_that_kills_every_time_is_given_up(tmp_path: Path) -> None:
    assert child(tmp_path, "while the message is read", FACTS).wait(timeout=120) == -signal.SIGKILL
    adviser = fake_adviser(tmp_path)
    adviser._file.attempt(SESSION)
    adviser._file.attempt(SESSION)
    assert adviser.open(SESSION)[-1].to_json()["fact"] == "external_api"
    assert said_by_user(adviser) == ["task=classification"]
    adviser.turn(SESSION, FACTS, emit=lambda event: None)
    assert facts(adviser)["requests_per_day"] == 40000
    adviser.close()
