"""Settings come from the command line, the environment and the settings file, in this order; what is wrong is named."""

import json
import stat
from pathlib import Path

import pytest

from tests.ui.conftest import Weigh
from tools.errors import InvalidInput, ModelMissing
from ui.setting_list import SETTINGS
from ui.settings import Settings, change_setting, model_path, read_settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def read(home: Path, **variables: str) -> Settings:
    return read_settings({"WEIGHBRIDGE_HOME": str(home), **variables})


def write(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "settings.yaml").write_text(text, encoding="utf-8")


def test_without_anything_the_defaults_hold(home: Path) -> None:
    settings = read(home)
    assert {setting.key: getattr(settings, setting.key) for setting in SETTINGS if setting.key != "home"} == {
        setting.key: setting.default for setting in SETTINGS if setting.key != "home"
    }
    assert settings.origin("threads") == "default"
    assert settings.origin("home") == "environment"
    assert not home.exists()


def test_the_environment_overrules_the_file_and_the_command_line_both(home: Path) -> None:
    write(home, "threads: 3\ncontext_tokens: 2048\ntheme: dark\n")
    settings = read_settings({"WEIGHBRIDGE_HOME": str(home), "WEIGHBRIDGE_THREADS": "5"}, {"theme": "light"})
    assert (settings.threads, settings.context_tokens, settings.theme) == (5, 2048, "light")
    assert [settings.origin(key) for key in ("threads", "context_tokens", "theme", "model")] == [
        "environment", "settings file", "command line", "default",
    ]  # fmt: skip
    assert read(home, WEIGHBRIDGE_THREADS="").threads == 3


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [("escalation: off", "escalation", False), ("own_documents: false", "own_documents", False),
     ("model: none", "model", "none"), ('model: "~/a b.gguf"', "model", "~/a b.gguf"), ("port: 7999", "port", 7999)],
)  # fmt: skip
def test_values_as_a_person_writes_them(home: Path, text: str, key: str, value: object) -> None:
    write(home, text)
    assert getattr(read(home), key) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("threads: two", "key 'threads': 'two': expected a whole number of at least 1"),
        ("threads: -1", "key 'threads': -1: expected a whole number of at least 1"),
        ("threads: 1.5", "key 'threads': 1.5 does not fit"),
        ("threads: 1\nthreads: 2", "line 2: key 'threads' is given twice"),
        ("thread: 2", "unknown setting 'thread'. Did you mean: threads"),
        ("port: 70000", "expected a whole number from 1 to 65535"),
        ("theme: blue", "expected system, light or dark"),
        ("model:", "key 'model': None does not fit"),
        ("home: /elsewhere", "read from the environment alone; expected WEIGHBRIDGE_HOME"),
        ("anthropic_api_key: sk-secret", "expected ANTHROPIC_API_KEY"),
        ("[1, 2]", "expected lines such as"),
        ("a: : b", "not readable as YAML"),
    ],
)
def test_what_does_not_fit_names_file_and_key(home: Path, text: str, told: str) -> None:
    write(home, text)
    with pytest.raises(InvalidInput) as caught:
        read(home)
    assert str(caught.value).startswith(str(home / "settings.yaml"))
    assert told in str(caught.value)
    assert "sk-secret" not in str(caught.value)


def test_a_variable_that_does_not_fit_is_named(home: Path) -> None:
    with pytest.raises(InvalidInput, match="WEIGHBRIDGE_CONTEXT='12': expected a whole number of at least 512"):
        read(home, WEIGHBRIDGE_CONTEXT="12")


def test_a_change_keeps_other_lines_and_comments(home: Path) -> None:
    write(home, "# mine\nthreads: 3  # three\nport: 7999\n")
    change_setting(read(home), "threads", "4")
    change_setting(read(home), "own_documents", "off")
    text = (home / "settings.yaml").read_text(encoding="utf-8")
    assert text == "# mine\nthreads: 4\nport: 7999\nown_documents: off\n"
    change_setting(read(home), "port", None)
    assert read(home).port == 7860
    assert read(home).threads == 4


def test_a_value_over_several_lines_is_replaced_whole(home: Path) -> None:
    write(home, "claude_model: >-\n  one\n  two\nthreads: 3\n")
    change_setting(read(home), "claude_model", "three")
    assert (read(home).claude_model, read(home).threads) == ("three", 3)


def test_a_first_change_makes_the_file_for_this_user_alone(home: Path) -> None:
    change_setting(read(home), "theme", "Dark")
    assert read(home).theme == "dark"
    assert stat.S_IMODE((home / "settings.yaml").stat().st_mode) == 0o600


def test_a_change_that_does_not_fit_is_not_kept(home: Path) -> None:
    settings = read(home)
    with pytest.raises(InvalidInput, match="threads: 'many': expected a whole number"):
        change_setting(settings, "threads", "many")
    with pytest.raises(InvalidInput, match="expected ANTHROPIC_API_KEY"):
        change_setting(settings, "anthropic_api_key", "sk-secret")
    assert not (home / "settings.yaml").exists()


def test_a_missing_file_is_told_with_the_place_where_it_was_set(home: Path) -> None:
    write(home, "model: /nowhere/a.gguf")
    with pytest.raises(ModelMissing, match=r"settings\.yaml: model: '/nowhere/a\.gguf': there is no such file"):
        model_path(read(home))


def test_the_command_shows_changes_and_says_what_overrules_them(weigh: Weigh, tmp_path: Path) -> None:
    file = tmp_path / "home" / "settings.yaml"
    assert weigh("settings", "set", "threads", "3").exit_code == 0
    assert "threads: 3" in file.read_text(encoding="utf-8")
    shown = json.loads(weigh("settings", "--json").stdout)
    by_key = {entry["key"]: entry for entry in shown["settings"]}
    assert shown["file"] == str(file)
    assert (by_key["threads"]["value"], by_key["threads"]["from"]) == (3, "settings file")
    assert (by_key["model"]["value"], by_key["model"]["from"]) == ("none", "environment")
    overruled = weigh("settings", "set", "threads", "4", WEIGHBRIDGE_THREADS="2")
    assert "WEIGHBRIDGE_THREADS in the environment overrules it" in overruled.stderr
    assert weigh("settings", "unset", "threads").exit_code == 0
    assert "threads:" not in file.read_text(encoding="utf-8")
    assert weigh("settings", "set", "home", "/elsewhere").exit_code == 2


def test_the_command_takes_no_model_that_is_not_here(weigh: Weigh, tmp_path: Path) -> None:
    assert "unknown model 'qwen9'" in weigh("settings", "set", "model", "qwen9").stderr
    missing = weigh("settings", "set", "model", "qwen3-4b")
    assert missing.exit_code == 3
    assert "weighbridge models pull qwen3-4b" in missing.stderr
    assert not (tmp_path / "home" / "settings.yaml").exists()


def test_the_command_line_overrules_for_one_run(weigh: Weigh) -> None:
    table = weigh("--set", "threads=2", "settings").stdout
    assert "command line" in next(line for line in table.splitlines() if line.startswith("threads"))
    wrong = weigh("--set", "thread=2", "settings")
    assert wrong.exit_code == 2
    assert "--set: unknown setting 'thread'. Did you mean: threads" in wrong.stderr


def test_doctor_names_file_and_sources_and_no_key(weigh: Weigh, tmp_path: Path) -> None:
    weigh("settings", "set", "threads", "3")
    told = weigh("doctor", "--json", ANTHROPIC_API_KEY="sk-secret")
    check = next(check for check in json.loads(told.stdout)["checks"] if check["name"] == "settings")
    assert str(tmp_path / "home" / "settings.yaml") in check["text"]
    assert "threads (settings file)" in check["text"]
    assert "anthropic_api_key (environment, ANTHROPIC_API_KEY)" in check["text"]
    assert "sk-secret" not in told.output + weigh("settings", ANTHROPIC_API_KEY="sk-secret").output


def test_a_broken_file_stops_every_command_with_its_place(weigh: Weigh, tmp_path: Path) -> None:
    write(tmp_path / "home", "threads: two")
    result = weigh("sessions")
    assert result.exit_code == 2
    assert str(tmp_path / "home" / "settings.yaml") in result.stderr
