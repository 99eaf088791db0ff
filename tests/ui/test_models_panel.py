"""What the models panel stands on: jobs that are seen and cancelled, speeds that are kept and scaled."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from models.catalogue import gguf_catalogue
from models.fetching import Progress
from tools.errors import InvalidInput, ModelMissing
from ui.bench import Speed
from ui.page.models_panel_jobs import Job, Jobs, Step
from ui.page.turns import Turns
from ui.speeds import expected_speed, keep_speed, read_speeds

SPEED = Speed("m", 1.0, 600, 12.0, 65, 8.0)


def work_until(go: threading.Event) -> Callable[[Progress, threading.Event], str]:
    def work(progress: Progress, cancel: threading.Event) -> str:
        done = 0
        while not go.wait(0.005):
            done += 10
            progress(done, 1000, "fetching")
        return "done"

    return work


def test_a_job_shows_how_far_it_is_and_ends_with_its_sentence() -> None:
    go, jobs = threading.Event(), Jobs()
    job = jobs.start("Download", work_until(go))
    while job.step().done_bytes < 50:
        job.wait(0.01)
    step = job.step()
    assert (step.title, step.stage, step.total_bytes) == ("Download", "fetching", 1000)
    with pytest.raises(InvalidInput, match="Download is still going on"):
        jobs.start("Another", work_until(go))
    go.set()
    assert job.wait(5)
    assert (job.outcome, job.failed) == ("done", False)
    assert jobs.running() is None


def test_an_end_that_nobody_saw_is_still_to_be_shown() -> None:
    jobs = Jobs()
    job = jobs.start("Quick", lambda progress, cancel: "done")
    assert job.wait(5)
    assert jobs.to_show() is job
    job.seen = True
    assert jobs.to_show() is None


def test_a_cancelled_job_stops_at_its_next_step() -> None:
    jobs = Jobs()
    job = jobs.start("Download", work_until(threading.Event()))
    jobs.cancel()
    assert job.wait(5)
    assert (job.outcome, job.failed) == ("Download: stopped. What has arrived is kept.", False)


@pytest.mark.parametrize(
    ("error", "told"), [(ModelMissing("No source gave it"), "No source gave it"), (KeyError("x"), "weighbridge doctor")]
)
def test_a_job_that_fails_says_why(error: Exception, told: str) -> None:
    def work(progress: Progress, cancel: threading.Event) -> str:
        raise error

    job = Job("Check", work, can_cancel=True)
    job.start()
    assert job.wait(5)
    assert job.failed
    assert told in job.outcome


def test_the_time_left_follows_from_what_came_in() -> None:
    assert Step("t", "s", 250, 1000, 50.0, True).seconds_left == 15
    assert Step("t", "s", 250, None, 50.0, True).seconds_left is None
    assert Step("t", "s", 0, 1000, 0.0, True).seconds_left is None


def test_turns_are_held_and_none_is_held_during_a_turn() -> None:
    turns, go = Turns(), threading.Event()
    with turns.held("wait a moment"), pytest.raises(InvalidInput, match="wait a moment"):
        turns.start("s", (), "hello", lambda emit, cancel: None)
    turn = turns.start("s", (), "hello", lambda emit, cancel: go.wait(5))
    with pytest.raises(InvalidInput, match="I am still answering"), turns.held("never"):
        pass
    go.set()
    list(turn.follow())
    with turns.held("wait"):
        pass


def test_a_measured_speed_is_kept_and_a_larger_model_is_scaled_from_it(tmp_path: Path) -> None:
    file, catalogue = tmp_path / "home" / "speeds.json", gguf_catalogue()
    small, large = catalogue["qwen2.5-coder-1.5b-instruct"], catalogue["qwen3-4b"]
    assert expected_speed(small, read_speeds(file), catalogue) == ""
    keep_speed(file, small.name, date(2026, 11, 23), SPEED)
    speeds = read_speeds(file)
    said = expected_speed(small, speeds, catalogue)
    assert said == "Measured here on 2026-11-23: reads 50 and writes 8 tokens a second."
    scaled = 8.0 * (small.size_bytes or 0) / (large.size_bytes or 1)
    assert f"about {scaled:.2g} tokens a second, scaled by size from {small.title}" in expected_speed(
        large, speeds, catalogue
    )


def test_an_expert_model_is_scaled_by_what_it_reads_for_a_token(tmp_path: Path) -> None:
    file, catalogue = tmp_path / "speeds.json", gguf_catalogue()
    keep_speed(file, "qwen3-8b", date(2026, 11, 23), SPEED)
    experts, dense = catalogue["qwen3-30b-a3b"], catalogue["qwen3-8b"]
    assert experts.active_parameters_b is not None
    read = (experts.size_bytes or 0) * experts.active_parameters_b / experts.parameters_b
    tokens = 8.0 * (dense.size_bytes or 0) / read
    assert tokens > 8
    assert f"about {tokens:.2g} tokens" in expected_speed(experts, read_speeds(file), catalogue)


def test_a_torn_file_of_speeds_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "speeds.json"
    for text in ("", "{", '{"m": {"day": "x"}}', '{"m": 3}', "[]"):
        file.write_text(text, encoding="utf-8")
        assert read_speeds(file) == {}
