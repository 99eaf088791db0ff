"""Levels agree with practitioners' cases and obey the laws: no news from the future, a better score never hurts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools import capability_evidence, capability_levels
from tools.capability import (
    adequate,
    capability_of,
    gap_of,
    level_table,
    needed_level,
    reasoning_factor,
    shortfall,
    silent_failure_risk,
    tasks,
)
from tools.capability_evidence import Benchmark, ScoreTable, benchmarks, kin, lags, needs, past_models, token_runs
from tools.capability_gap import is_open
from tools.capability_levels import EvidenceLine, levels_by_model, read_benchmark
from tools.catalogue.open_models import open_models
from tools.catalogue.proprietary import proprietary_models
from tools.errors import InvalidInput, UnknownName

AS_OF = date(2026, 11, 22)
CASES = Path(__file__).parents[1] / "cases" / "capability.yaml"
KEYS = {"that", "model", "task", "difficulty", "adequate", "silent", "kind"}
TESTS = tuple(benchmarks().values())
MODELS = (*proprietary_models(), *open_models())


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["that"]) for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))]
)
def test_case(case: dict[str, Any]) -> None:
    assert {"that", "model", "task", "difficulty", "adequate"} <= set(case) <= KEYS
    found = capability_of(case["model"], case["task"], AS_OF)
    needed = needed_level(case["task"], case["difficulty"])
    assert adequate(found.level, needed) == case["adequate"], f"{found.level:.2f} for {needed}: {found.basis}"
    if "silent" in case:
        assert silent_failure_risk(found.level, needed) == case["silent"]
    assert found.kind == case.get("kind", found.kind)


def test_every_model_has_a_level_for_every_task() -> None:
    table = level_table(MODELS, AS_OF)
    assert table.shape == (len(MODELS), len(tasks()))
    assert np.isfinite(table).all()
    assert table[3, 1] == capability_of(MODELS[3], tasks()[1], AS_OF).level


def test_the_band_holds_the_level_and_says_what_it_rests_on() -> None:
    for model in MODELS:
        for task in tasks():
            found = capability_of(model, task, AS_OF)
            assert found.low < found.level < found.high
            assert found.basis.startswith(found.kind)
            assert found.evidence or found.kind != "measured"


def test_more_evidence_narrows_the_band() -> None:
    measured, judged = capability_of("claude-opus-5-5", "agent", AS_OF), capability_of("grok-4.7", "embedding", AS_OF)
    assert measured.high - measured.low < judged.high - judged.low


def test_a_shortfall_is_zero_exactly_where_the_level_is_adequate() -> None:
    levels, needed = np.linspace(-0.5, 2.25, 56), np.full(56, 1.0)
    missing = shortfall(levels, needed)
    assert [bool(gap == 0) for gap in missing] == [adequate(float(level), 1.0) for level in levels]
    assert missing[0] == pytest.approx(1.5)


def test_harder_work_never_needs_less() -> None:
    for routine, moderate, frontier in needs().levels.values():
        assert routine < moderate < frontier
    assert set(needs().levels) == set(tasks())
    hardest = {task: needed_level(task, "frontier") for task in tasks()}
    assert hardest["classification"] < hardest["agent"]


def test_only_proprietary_flagships_do_frontier_agent_work() -> None:
    needed = needed_level("agent", "frontier")
    able = {model for model in MODELS if adequate(capability_of(model, "agent", AS_OF).level, needed)}
    assert {"claude-opus-5-5", "gpt-6-astra"} <= able
    assert all(proprietary_models()[model].size == "flagship" for model in able)


def test_small_checkpoints_do_no_moderate_agent_work() -> None:
    for model in open_models().values():
        if model.params_total_b is not None and model.params_total_b < 5:
            assert not adequate(capability_of(model.id, "agent", AS_OF).level, needed_level("agent", "moderate"))


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: capability_of("gpt-9", "agent", AS_OF), "gpt-9"),
        (lambda: capability_of("gpt-6-astra", "cooking", AS_OF), "cooking"),
        (lambda: needed_level("agent", "impossible"), "impossible"),
        (lambda: gap_of("cooking", AS_OF), "cooking"),
    ],
)
def test_unknown_names_are_refused(call: Any, error: str) -> None:
    with pytest.raises(UnknownName, match=error):
        call()


def test_sources_are_dated_and_named() -> None:
    for test in TESTS:
        for table in test.tables:
            assert date(2024, 1, 1) <= table.dated <= AS_OF, f"{test.id}: {table.dated}"
            assert len(table.source) > 15
        assert set(test.tasks) <= set(tasks())
    assert all(lag.dated <= AS_OF and lag.source for lag in lags())
    assert all(run.dated <= AS_OF and run.source for run in token_runs())


def test_every_name_in_the_tables_is_known() -> None:
    known = {*MODELS, *past_models()}
    for test in TESTS:
        for table in test.tables:
            assert set(table.scores) <= known, f"{test.id}: not in a catalogue nor under others"
    assert all(entry.model in MODELS and entry.of in known for entry in kin().values())
    assert all(set(run.tokens) <= known for run in token_runs())


def test_the_marks_stand_in_order_below_the_best() -> None:
    for test in TESTS:
        reading = read_benchmark(test, AS_OF)
        assert reading is not None
        assert test.routine < test.moderate < reading.frontier
        assert reading.frontier <= max(max(table.scores.values()) for table in test.tables), test.id


def test_a_table_with_an_unknown_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.catalogue import records

    entry = {"id": "x", "title": "X", "reporting": "independent", "tasks": {"agent": 1.0}, "routine": 0, "moderate": 1,
             "margin": 1, "tables": [{"dated": "2026-01-01", "source": "somewhere", "confidence": "secondary",
                                      "scores": {"a": 1}, "date": "2026"}]}  # fmt: skip
    monkeypatch.setattr(records, "load_table", lambda _: {"benchmarks": [entry]})
    with pytest.raises(InvalidInput, match=r"capability\.yaml.*date"):
        records.load_records("capability.yaml", "benchmarks", Benchmark)


Lines = Mapping[tuple[str, str], tuple[EvidenceLine, ...]]


def lines_of(tests: tuple[Benchmark, ...], on: date) -> Lines:
    return levels_by_model(capability_levels.read_tests(tests, on), on)


def own_level(lines: Lines, model: str, task: str) -> float:
    found = lines.get((model, task), ())
    return (0.5 + sum(line.weight * line.level for line in found)) / (0.5 + sum(line.weight for line in found))


def with_table(test: Benchmark, table: ScoreTable) -> tuple[Benchmark, ...]:
    return tuple(replace(one, tables=(*one.tables, table)) if one is test else one for one in TESTS)


@given(st.sampled_from(sorted(benchmarks())), st.floats(0, 2000), st.integers(1, 400))
def test_news_from_the_future_changes_nothing(name: str, score: float, days: int) -> None:
    test, on = benchmarks()[name], date(2026, 7, 15)
    news = ScoreTable(
        dated=on + timedelta(days), source="a test of tests", confidence="secondary", scores={"gpt-5.5": score}
    )
    before = replace_later(TESTS, on)
    assert lines_of(with_table(test, news), on) == lines_of(TESTS, on) == lines_of(before, on)


def replace_later(tests: tuple[Benchmark, ...], on: date) -> tuple[Benchmark, ...]:
    kept = [(one, tuple(table for table in one.tables if table.dated <= on)) for one in tests]
    return tuple(replace(one, tables=tables) for one, tables in kept if tables)


ROWS = [(test.id, place, model) for test in TESTS for place, table in enumerate(test.tables) for model in table.scores]


@given(st.sampled_from(ROWS), st.floats(0.01, 200))
def test_a_better_score_never_lowers_its_model(row: tuple[str, int, str], more: float) -> None:
    name, place, model = row
    test = benchmarks()[name]
    old = test.tables[place]
    better = replace(old, scores={**old.scores, model: old.scores[model] + more})
    changed = replace(test, tables=(*test.tables[:place], better, *test.tables[place + 1 :]))
    tests = tuple(changed if one is test else one for one in TESTS)
    before, after = lines_of(TESTS, AS_OF), lines_of(tests, AS_OF)
    for task in test.tasks:
        assert own_level(after, model, task) >= own_level(before, model, task) - 1e-9


@given(st.sampled_from(sorted(benchmarks())), st.floats(0, 1))
def test_open_and_proprietary_models_are_read_alike(name: str, share: float) -> None:
    test = benchmarks()[name]
    low, high = test.routine, max(max(table.scores.values()) for table in test.tables)
    score = low + share * (high - low)
    table = ScoreTable(
        dated=test.tables[-1].dated, source="a test of tests", confidence="secondary",
        scores={"an-open-model": score, "a-closed-model": score},
    )  # fmt: skip
    lines = lines_of(with_table(test, table), AS_OF)
    for task in test.tasks:
        assert own_level(lines, "an-open-model", task) == own_level(lines, "a-closed-model", task)


@given(st.floats(-1, 3), st.floats(-1, 3), st.floats(0, 3))
def test_drift_keeps_the_order_and_spares_moderate_work(one: float, other: float, years: float) -> None:
    low, high = sorted((one, other))
    assert capability_levels.drifted(low, years) <= capability_levels.drifted(high, years) <= high
    assert capability_levels.drifted(high, years) >= min(high, 1.0)


def test_a_vendor_s_own_score_weighs_less_than_an_independent_one() -> None:
    test = next(one for one in TESTS if one.reporting == "independent" and not one.saturated)
    told = tuple(replace(one, reporting="vendor") if one is test else one for one in TESTS)
    key = next(key for key, found in lines_of(TESTS, AS_OF).items() if any(x.benchmark == test.id for x in found))
    weight = {x.benchmark: x.weight for x in lines_of(TESTS, AS_OF)[key]}[test.id]
    assert {x.benchmark: x.weight for x in lines_of(told, AS_OF)[key]}[test.id] < weight


def test_a_model_is_only_known_from_the_day_it_was_tested() -> None:
    before = capability_of("claude-opus-5-5", "agent", date(2026, 9, 1))
    assert before.kind == "judged"
    assert not before.evidence
    assert capability_of("claude-opus-5-5", "agent", AS_OF).kind == "measured"


def test_the_gap_is_stated_in_points_and_months() -> None:
    gap = gap_of("agent", AS_OF)
    assert gap is not None
    assert gap.points == pytest.approx(gap.best_closed_score - gap.best_open_score)
    assert 5 < gap.points < 20
    assert not is_open(gap.best_closed)
    assert is_open(gap.best_open)
    assert gap.months_range == pytest.approx((3, 8))
    assert gap.months_behind == 5.5
    narrow = gap_of("classification", AS_OF)
    assert narrow is not None
    assert narrow.months_behind is None
    assert gap_of("agent", date(2024, 1, 1)) is None


def test_tokens_spent_are_relative_to_the_median_of_the_same_run() -> None:
    assert reasoning_factor("claude-sonnet-5-5", "agent", AS_OF) == pytest.approx(193 / 78)
    assert reasoning_factor("gpt-6-astra", "agent", AS_OF) < 1
    assert reasoning_factor("claude-sonnet-5-5", "classification", AS_OF) == 1.0
    assert reasoning_factor("grok-4.7", "agent", AS_OF) == 1.0, "not measured"
    assert reasoning_factor("claude-sonnet-5-5", "agent", date(2026, 1, 1)) == 1.0, "not known yet"


def test_a_silent_failure_is_a_near_miss_of_work_that_is_not_routine() -> None:
    assert silent_failure_risk(1.9, 2.0)
    assert not silent_failure_risk(2.0, 2.0)
    assert not silent_failure_risk(0.5, 2.0)
    assert not silent_failure_risk(-0.2, 0.0)


def test_the_method_is_a_judgement_and_says_so() -> None:
    assert capability_evidence.method().confidence == needs().confidence == "judgement"
