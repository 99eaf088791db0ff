"""Shell completion: bash completes for real, the other shells get the words that their scripts expect, at once."""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models.catalogue import gguf_catalogue
from tools.facts import fact_dictionary
from tools.registry import tools
from ui.cli import main
from ui.setting_list import SETTINGS

ROOT = Path(__file__).parents[2]
SECONDS = 0.4
HEAVY = (
    "numpy",
    "scipy",
    "gradio",
    "langgraph",
    "langchain_core",
    "chromadb",
    "onnxruntime",
    "llama_cpp",
    "mcp",
    "rich",
)


@pytest.fixture
def shell(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """An environment in which `weighbridge` is a command, whatever is installed on this machine."""
    command = tmp_path / "bin" / "weighbridge"
    command.parent.mkdir()
    command.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom ui.cli import main\nmain()\n"
    )
    command.chmod(0o700)
    return {**os.environ, **environment, "PATH": f"{command.parent}:{os.environ['PATH']}"}


def in_bash(shell: dict[str, str], *words: str) -> list[str]:
    """Return what bash offers for the last of the words, with the script that the command prints."""
    quoted = " ".join(f"'{word}'" for word in ("weighbridge", *words))
    script = f"""
        source <(weighbridge completion bash) || exit 9
        complete -p weighbridge > /dev/null || exit 8
        COMP_WORDS=({quoted}); COMP_CWORD={len(words)}
        _weighbridge_completion weighbridge
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    words_of_bash = ["bash", "--norc", "-c", script]
    done = subprocess.run(words_of_bash, env=shell, capture_output=True, text=True, check=False)
    # Outside a line that is being edited bash has no options of the completion to change; nothing else may be said.
    errors = [line for line in done.stderr.splitlines() if "compopt" not in line]
    assert (done.returncode, errors) == (0, [])
    return done.stdout.split()


pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


def test_bash_completes_commands_and_options(shell: dict[str, str]) -> None:
    assert set(in_bash(shell, "")) == set(main.list_commands(None))  # type: ignore[arg-type]
    assert in_bash(shell, "asse") == ["assess"]
    assert in_bash(shell, "assess", "--rep") == ["--report"]
    assert set(in_bash(shell, "models", "")) >= {"list", "pull", "verify", "bench"}


def test_bash_completes_tools_models_facts_and_settings(shell: dict[str, str]) -> None:
    assert set(in_bash(shell, "tool", "")) == set(tools())
    assert set(in_bash(shell, "models", "pull", "")) == set(gguf_catalogue())
    assert set(in_bash(shell, "extract", "--asked", "")) == set(fact_dictionary())
    assert set(in_bash(shell, "settings", "set", "")) == {setting.key for setting in SETTINGS if setting.stored}
    assert in_bash(shell, "settings", "set", "theme", "d") == ["dark"]
    assert "none" in in_bash(shell, "settings", "set", "model", "")


def test_bash_completes_sessions_and_says_nothing_where_there_are_none(shell: dict[str, str]) -> None:
    assert in_bash(shell, "report", "") == []
    talk = [sys.executable, "-m", "ui", "chat", "--json", "--session", "tickets"]
    subprocess.run(talk, cwd=ROOT, env=shell, input="", text=True, check=True, capture_output=True)
    assert in_bash(shell, "report", "") == ["last", "tickets"]
    assert in_bash(shell, "sessions", "delete", "ti") == ["tickets"]
    Path(shell["WEIGHBRIDGE_HOME"], "sessions", "sessions.sqlite").write_bytes(b"damaged, as a disk may leave it")
    assert in_bash(shell, "report", "") == []


def asked(shell: dict[str, str], kind: str, *words: str) -> str:
    """Return what the command answers to the script of a shell."""
    said = {"_WEIGHBRIDGE_COMPLETE": f"{kind}_complete", "COMP_WORDS": " ".join(["weighbridge", *words])}
    said["COMP_CWORD"] = words[-1] if kind == "fish" else str(len(words))
    done = subprocess.run(["weighbridge"], env={**shell, **said}, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("kind", ["zsh", "fish"])
def test_the_other_shells_get_a_script_and_words_with_what_they_mean(shell: dict[str, str], kind: str) -> None:
    script = subprocess.run(["weighbridge", "completion", kind], env=shell, capture_output=True, text=True, check=True)
    assert f"_WEIGHBRIDGE_COMPLETE={kind}_complete" in script.stdout
    answer = asked(shell, kind, "tool", "api_")
    assert "api_cost" in answer
    assert "line by line" in answer


@pytest.mark.parametrize(
    "words", [("",), ("tool", ""), ("models", "pull", ""), ("extract", "--asked", ""), ("report", "")]
)
def test_it_answers_before_the_next_key(shell: dict[str, str], words: tuple[str, ...]) -> None:
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        asked(shell, "bash", *words)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < SECONDS


def test_nothing_heavy_is_imported_for_help_or_completion(shell: dict[str, str]) -> None:
    program = """
import os, sys
from click.testing import CliRunner
from ui.cli import main
for words in (["--help"], ["completion", "zsh"]):
    assert CliRunner().invoke(main, words).exit_code == 0
print(*sorted(set(sys.argv[1:]) & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, *HEAVY], cwd=ROOT, env=shell, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
