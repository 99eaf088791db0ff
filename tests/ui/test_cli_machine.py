"""`weighbridge models` and `doctor`: what is here, what is missing, and the command that mends it."""

import json
from pathlib import Path

import pytest

from models.protocol import ChatMessage, Completion, Usage
from models.scripted import ScriptedModel
from tests.ui.conftest import Weigh
from ui.bench import measure


def test_models_list(weigh: Weigh) -> None:
    entries = json.loads(weigh("models", "list", "--json").stdout)
    assert [entry["name"] for entry in entries if entry["default"]] == ["qwen2.5-coder-1.5b-instruct"]
    for entry in entries:
        assert {"name", "title", "size_bytes", "licence", "context_tokens", "here", "verified"} <= set(entry)
        assert entry["here"] is False
    table = weigh("models", "list").stdout
    for entry in entries:
        assert entry["name"] in table
        assert entry["title"] in table


def test_models_pull_of_an_unknown_name_lists_near_ones(weigh: Weigh) -> None:
    result = weigh("models", "pull", "qwen3-5b")
    assert result.exit_code == 2
    assert "qwen3-4b" in result.stderr


def test_models_pull_without_a_name_fetches_nothing_when_none_is_wanted(weigh: Weigh, tmp_path: Path) -> None:
    result = weigh("models", "pull")
    assert result.exit_code == 0
    assert "nothing to fetch" in result.stderr
    assert not (tmp_path / "home" / "gguf").exists()


def test_models_verify_without_a_file_says_the_command(weigh: Weigh) -> None:
    result = weigh("models", "verify")
    assert result.exit_code == 3
    assert "weighbridge models pull" in result.stderr


def test_models_verify_deletes_a_damaged_file(weigh: Weigh, environment: dict[str, str]) -> None:
    entry = json.loads(weigh("models", "list", "--json").stdout)[0]
    folder = Path(environment["WEIGHBRIDGE_HOME"]) / "gguf"
    folder.mkdir(parents=True)
    path = folder / f"{entry['name']}-{entry['sha256'][:12]}.gguf"
    with path.open("wb") as file:
        file.write(b"GGUF")
        file.truncate(entry["size_bytes"])
    shown = json.loads(weigh("models", "list", "--json").stdout)[0]
    assert shown["here"] is True
    doctor = weigh("doctor", "--json", WEIGHBRIDGE_MODEL=entry["name"])
    assert "damaged" in next(c["text"] for c in json.loads(doctor.stdout)["checks"] if c["name"] == "model")
    result = weigh("models", "verify", entry["name"])
    assert result.exit_code == 3
    assert entry["sha256"] in result.stderr
    assert not path.exists()


def test_models_bench_needs_a_model(weigh: Weigh) -> None:
    assert weigh("models", "bench").exit_code == 2
    missing = weigh("models", "bench", WEIGHBRIDGE_MODEL="qwen3-4b")
    assert missing.exit_code == 3
    assert "weighbridge models pull qwen3-4b" in missing.stderr


def test_bench_counts_what_was_read_and_written() -> None:
    class Counting(ScriptedModel):
        def complete(self, messages: list[ChatMessage], **options: object) -> Completion:  # type: ignore[override]
            options["on_token"]("a")  # type: ignore[operator]
            return Completion("a b c", "stop", Usage(100, 90, 3))

    speed = measure(lambda: Counting([]), 8)
    assert (speed.prompt_tokens, speed.output_tokens) == (90, 3)
    assert speed.prompt_tokens_per_second > 0
    assert set(speed.to_json()) >= {"model", "prompt_tokens_per_second", "output_tokens_per_second"}


def test_doctor_names_what_is_missing_and_the_command(weigh: Weigh) -> None:
    result = weigh("doctor", "--json", WEIGHBRIDGE_MODEL="")
    assert result.exit_code == 3
    plain = json.loads(result.stdout)
    assert plain["ok"] is False
    by_name = {check["name"]: check for check in plain["checks"]}
    assert by_name["model"]["fix"] == "weighbridge models pull qwen2.5-coder-1.5b-instruct"
    assert by_name["guidance index"]["fix"] == "weighbridge knowledge build"
    for check in plain["checks"]:
        assert bool(check["fix"]) == (check["state"] == "problem")
    text = weigh("doctor", WEIGHBRIDGE_MODEL="").stdout
    assert "fix: weighbridge knowledge build" in text


@pytest.mark.usefixtures("home_with_index")
def test_doctor_is_content_where_all_is_there(weigh: Weigh) -> None:
    result = weigh("doctor", "--json")
    checks = json.loads(result.stdout)["checks"]
    assert [check for check in checks if check["state"] == "problem"] == []
    assert result.exit_code == 0
    by_name = {check["name"]: check["text"] for check in checks}
    assert "no byte leaves" in by_name["escalation"]
    assert "thread" in by_name["engine"]


def test_doctor_on_escalation_without_a_key(weigh: Weigh) -> None:
    result = weigh("doctor", "--json", WEIGHBRIDGE_ESCALATION="on")
    check = next(c for c in json.loads(result.stdout)["checks"] if c["name"] == "escalation")
    assert check["state"] == "problem"
    told = weigh("doctor", "--json", WEIGHBRIDGE_ESCALATION="on", ANTHROPIC_API_KEY="sk-secret-value")
    assert "sk-secret-value" not in told.output


def test_doctor_says_when_the_data_home_cannot_be_written(weigh: Weigh, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = weigh("doctor", "--json", WEIGHBRIDGE_HOME=str(tmp_path / "file" / "home"))
    check = next(c for c in json.loads(result.stdout)["checks"] if c["name"] == "data home")
    assert check["state"] == "problem"
