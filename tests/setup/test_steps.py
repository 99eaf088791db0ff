"""Steps run once, in order, one set-up at a time; what a step prints and how a failure reads."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from set_up import main as set_up_main
from set_up.locks import batches, read_lock
from set_up.preflight import GB, Room
from set_up.progress import Command, StepFailed, run_ticking, spoken_time
from set_up.site import Step, Wish


@pytest.fixture
def site(tmp_path, screen):
    return set_up_main.site_of(tmp_path, Wish("run"), screen, 0)


def counting_steps(monkeypatch, names, done):
    runs = []

    def step(name):
        def do():
            runs.append(name)
            done.add(name)

        return Step(name, lambda: name in done, do)

    monkeypatch.setattr(set_up_main, "all_steps", lambda site: [step(name) for name in names])
    return runs


def test_only_undone_steps_run_and_a_second_run_says_one_line(monkeypatch, site, screen):
    runs = counting_steps(monkeypatch, ["venv", "packages", "model"], {"venv"})
    assert set_up_main.set_up(site) == 0
    assert runs == ["packages", "model"]
    first = screen.stream.getvalue()
    assert "[1/3] venv: already there" in first
    assert "[3/3] model …" in first
    assert set_up_main.set_up(site) == 0
    assert screen.stream.getvalue()[len(first) :] == "Set-up: all 3 parts are in place.\n"
    assert runs == ["packages", "model"]


def test_everything_missing_is_named_before_any_step_starts(monkeypatch, site, screen):
    ran = []
    steps = [
        Step("one", lambda: False, lambda: ran.append(1), problems=lambda: ["a compiler"]),
        Step("two", lambda: False, lambda: ran.append(2), (Room(site.root, 10**9 * GB, "all"),)),
    ]
    monkeypatch.setattr(set_up_main, "all_steps", lambda site: steps)
    assert set_up_main.set_up(site) == 3
    said = screen.stream.getvalue()
    assert "Missing:\n  - a compiler\n  - disk space at " in said
    assert ran == []


def test_a_failed_command_shows_the_end_of_its_log(tmp_path, screen):
    words = [sys.executable, "-c", "import sys; print('the reason'); sys.exit(4)"]
    with pytest.raises(StepFailed, match=r"(?s)packages failed.*set-up\.log.*\| the reason"):
        run_ticking(Command(words, tmp_path / "set-up.log", os.environ), screen, "packages")


def test_a_silent_command_ticks_in_a_log_now_and_then(tmp_path, screen, monkeypatch):
    monkeypatch.setattr("set_up.progress.QUIET_SECONDS_BETWEEN_LINES", 0.4)
    words = [sys.executable, "-uc", "import time; print('[3/9]'); time.sleep(1.5)"]
    command = Command(words, tmp_path / "log", os.environ, describe=lambda line: "compiling " + line[1:4])
    run_ticking(command, screen, "llama")
    assert "      llama: compiling 3/9 · " in screen.stream.getvalue()


def test_durations_read_as_people_say_them():
    assert [spoken_time(seconds) for seconds in (0.2, 59.4, 60, 613)] == [
        "0 s",
        "59 s",
        "1 min 00 s",
        "10 min 13 s",
    ]


@pytest.mark.setup
def test_a_second_set_up_waits_for_the_first_even_when_the_first_is_killed(tmp_path, root):
    """The child of a killed set-up lives on and keeps the lock, so nothing runs beside it."""
    program = textwrap.dedent(f"""
        import os, sys
        from pathlib import Path
        sys.path.insert(0, {str(root / "scripts")!r})
        from set_up.main import only_one
        from set_up.progress import Command, Screen, run_ticking
        screen, here = Screen(sys.stdout), Path({str(tmp_path)!r})
        with only_one(here / "lock", screen) as lock:
            print("have it", flush=True)
            run_ticking(Command(["sleep", sys.argv[1]], here / "log", os.environ, (lock,)), screen, "pip")
    """)
    first = subprocess.Popen([sys.executable, "-c", program, "4"], stdout=subprocess.PIPE, text=True)
    assert first.stdout.readline() == "have it\n"
    time.sleep(0.5)
    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stdout.close()
    started = time.monotonic()
    second = subprocess.run([sys.executable, "-c", program, "0"], capture_output=True, text=True, check=True)
    assert f"Another set-up is at work here (process {first.pid}); waiting" in second.stdout
    assert time.monotonic() - started > 2


@pytest.mark.parametrize("name", ["run", "claude", "dev", "setup", "build"])
def test_every_pin_of_a_lock_has_a_version_and_hashes(root, name):
    text = (root / "requirements" / f"{name}.lock").read_text()
    pins = read_lock(root / "requirements" / f"{name}.lock")
    assert pins
    assert len(pins) == sum(line[:1].isalnum() for line in text.splitlines())
    assert sum(pin.text.count("--hash=sha256:") for pin in pins) == text.count("--hash=sha256:")
    assert all("--hash=sha256:" in pin.text for pin in pins)
    assert [pin for run in batches(pins, 7) for pin in run] == list(pins)


def test_wider_locks_pin_what_narrower_ones_pin(root):
    pins = {
        name: {(pin.name, pin.version) for pin in read_lock(root / "requirements" / f"{name}.lock")}
        for name in ("run", "claude", "dev")
    }
    assert pins["run"] <= pins["claude"] <= pins["dev"]


def test_an_unreadable_goal_is_refused():
    with pytest.raises(SystemExit):
        set_up_main.read_wish(["fly"])
