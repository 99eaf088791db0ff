"""`weighbridge chat` and `report`: the JSON protocol of the contract, resuming, and sessions as files."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ui.conftest import Weigh

ROOT = Path(__file__).parents[2]
HEADLINE = (
    "We get about 40k support tickets a day and want each one labelled; a ticket is 350 tokens. "
    "Nothing may leave our servers and we have a platform team."
)
# Enough for a verdict, not enough to be sure of it: a question follows.
OPEN = "We want a chatbot for our customers that handles 5,000 requests per day."

pytestmark = pytest.mark.usefixtures("home_with_index")


def _events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def _turns(events: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Split what follows the opening at each turn_end."""
    turns: list[list[dict[str, Any]]] = [[]]
    for event in events:
        turns[-1].append(event)
        if event["event"] == "turn_end":
            turns.append([])
    return turns


def test_the_json_protocol(weigh: Weigh) -> None:
    result = weigh("chat", "--json", "--session", "s1", stdin=f"{HEADLINE}\nis Llama open source?\nroutine\n")
    assert result.exit_code == 0, result.stderr
    events = _events(result.stdout)
    assert events[0]["event"] == "question"
    assert set(events[0]) == {"event", "workload", "fact", "text", "flip_probability"}
    assert events[0]["fact"] is None
    first, second, *_, last = _turns(events[1:])
    facts = next(event for event in first if event["event"] == "facts")
    accepted = {fact["fact"]: fact["value"] for fact in facts["accepted"]}
    assert {"requests_per_day": 40000, "input_tokens": 350, "external_api": "forbidden"}.items() <= accepted.items()
    assert all(fact["quote"] in HEADLINE for fact in facts["accepted"])
    verdict = next(event for event in first if event["event"] == "verdict")
    assert verdict["deployment"] == "self_hosted"
    assert set(verdict) == {"event", "workload", "deployment", "model", "clarity"}
    assert [event["event"] for event in first].count("verdict") == 1
    assert [event["event"] for event in first][-2:] == ["done", "turn_end"]
    answer = next(event for event in second if event["event"] == "answer")
    assert {"id", "title", "quote"} == set(answer["citations"][0])
    end = second[-1]
    assert set(end) == {"event", "seconds", "prompt_tokens", "evaluated_tokens", "output_tokens"}
    assert [event["event"] for event in events].count("done") == 1
    assert last == [] or last == [{"event": "done"}]


def test_end_of_input_closes_with_done(weigh: Weigh) -> None:
    events = _events(weigh("chat", "--json", stdin="").stdout)
    assert [event["event"] for event in events] == ["question", "done"]


def test_every_line_is_one_turn_whatever_is_in_it(weigh: Weigh) -> None:
    stdin = b"\n\xff\xfe\x00odd bytes\n" + b"x" * 25_000 + b"\r\nno newline at the end"
    result = weigh("chat", "--json", stdin=stdin)
    assert result.exit_code == 0, result.stderr
    kinds = [event["event"] for event in _events(result.stdout)]
    assert kinds.count("turn_end") == 4
    assert kinds.count("error") == 1
    assert kinds[-1] == "done"


def test_a_session_is_resumed(weigh: Weigh) -> None:
    weigh("chat", "--json", "--session", "s1", stdin=f"{OPEN}\n")
    events = _events(weigh("chat", "--json", "--session", "s1", stdin="").stdout)
    assert events[0]["event"] == "question"
    assert events[0]["fact"] is not None


def test_a_bad_session_name_is_refused(weigh: Weigh) -> None:
    result = weigh("chat", "--json", "--session", "a\nb", stdin="")
    assert result.exit_code == 2
    assert "session" in result.stderr


def test_a_missing_model_is_named_with_the_command(weigh: Weigh) -> None:
    result = weigh("chat", "--json", stdin="", WEIGHBRIDGE_MODEL="")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "weighbridge models pull" in result.stderr


def test_the_terminal_shows_facts_verdict_question_and_citations(weigh: Weigh) -> None:
    result = weigh("chat", stdin=f"{HEADLINE}\nis Llama open source?\n")
    assert result.exit_code == 0, result.stderr
    shown = " ".join(result.stdout.split())
    for part in ("Requests per day", "“about 40k support tickets a day”", "your own servers", "[1]"):
        assert part in shown
    assert "Why I ask" in " ".join(weigh("chat", stdin=f"{OPEN}\n").stdout.split())
    assert "weighbridge chat --session" in shown


def test_report_writes_a_session_by_id_title_and_last(weigh: Weigh, tmp_path: Path) -> None:
    weigh("chat", "--json", "--session", "s1", stdin=f"{HEADLINE}\nis Llama open source?\n")
    listed = json.loads(weigh("report", "--list", "--json").stdout)
    assert [info["id"] for info in listed] == ["s1"]
    assert listed[0]["title"] in weigh("report", "--list").stdout
    for number, name in enumerate(("s1", listed[0]["title"].lower(), "last")):
        target = tmp_path / f"{number}.md"
        result = weigh("report", name, "--to", target)
        assert result.exit_code == 0, result.stderr
        text = target.read_text(encoding="utf-8")
        assert "“about 40k support tickets a day”" in text
        assert "would be" in text.split("### What would change it")[1].split("**Break-even.**")[0]
        assert "is Llama open source?" in text
    assert weigh("report", "last", "--to", tmp_path / "r.html").exit_code == 0


def test_report_refuses_what_it_cannot_write(weigh: Weigh, tmp_path: Path) -> None:
    none = weigh("report", "s1", "--to", tmp_path / "r.md")
    assert (none.exit_code, "no sessions yet" in none.stderr) == (2, True)
    weigh("chat", "--json", "--session", "s1", stdin="")
    for words, part in (
        (("s2", "--to", tmp_path / "r.md"), "s1"),
        (("s1", "--to", tmp_path / "r.pptx"), ".html"),
        (("s1",), "--to"),
        ((), "SESSION"),
    ):
        result = weigh("report", *words)
        assert result.exit_code == 2
        assert part in result.stderr


def test_lines_are_answered_as_they_come(environment: dict[str, str]) -> None:
    """A program that waits for each answer before it writes the next message is served, and gets pure JSON."""
    command = [sys.executable, "-m", "ui", "-vv", "chat", "--json"]
    path = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env={**environment, **path}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["event"] == "question"
        process.stdin.write(f"{OPEN}\n")
        process.stdin.flush()
        kinds = []
        while not kinds or kinds[-1] != "turn_end":
            kinds.append(json.loads(process.stdout.readline())["event"])
        assert "verdict" in kinds
        process.stdin.close()
        assert [json.loads(line)["event"] for line in process.stdout] == ["done"]
        assert process.wait(timeout=60) == 0
