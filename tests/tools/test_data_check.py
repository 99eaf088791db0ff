"""The check of the data tables: what it finds in broken ones, and that ours are whole."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tools import data_check
from tools.catalogue.open_models import find_open_model
from tools.data_check import check_tables, dangling, duplicates, provenance_problems, table_summaries, values_at
from tools.errors import InvalidInput
from tools.table_entries import TableRule, entries_of, load_entries, rule_of, table_files, table_rules

AS_OF = date(2026, 11, 22)
GOOD = {"source": "the page", "checked": date(2026, 11, 1), "confidence": "secondary"}


def _kinds(table: dict[str, Any], rule: TableRule | None = None, as_of: date = AS_OF) -> list[tuple[str, str]]:
    rule = rule or TableRule()
    entries = entries_of("new.yaml", table, rule)
    found = [*provenance_problems(entries, rule, as_of), *duplicates(entries), *dangling("new.yaml", entries, rule)]
    return [(problem.entry, problem.kind) for problem in found]


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ({"models": [{"id": "a", **GOOD}, {"id": "b", **GOOD}]}, []),
        ({"models": [{"id": "a", **GOOD, "source": " "}]}, [("a", "no source")]),
        ({"models": [{"id": "a", **GOOD, "checked": None}]}, [("a", "no date")]),
        ({"models": [{"id": "a", **GOOD, "checked": "soon"}]}, [("a", "no date")]),
        ({"models": [{"id": "a", **GOOD, "confidence": "sure"}]}, [("a", "no confidence")]),
        ({"models": [{"id": "a", **GOOD, "checked": "2026-01-02"}]}, [("a", "too old")]),
        ({"models": [{"id": "a", **GOOD, "checked": "2026-11"}]}, []),
        ({"models": [{"id": "a"}]}, [("a", "no source"), ("a", "no confidence"), ("a", "no date")]),
        ({"models": [{"id": "a", **GOOD}, {"id": "a", "x": 1, **GOOD}]}, [("a", "duplicate")]),
        ({"rows": [{"x": 1, **GOOD}, {"x": 1, **GOOD}]}, [("rows[1]", "duplicate")]),
        # What an entry does not say, the file or the section says for it.
        ({**GOOD, "models": [{"id": "a"}]}, []),
        ({"speed": {**GOOD, "one": {"value": 1}, "two": {"value": 2}}}, []),
        ({"a_figure": {"value": 1, **GOOD}}, []),
        # Deeper tables that name a source need the rest too.
        ({"models": [{"id": "a", **GOOD, "points": [{"usd": 1, "source": ""}]}]}, [("a.points[0]", "no source")]),
    ],
)
def test_what_is_missing_is_found_in_any_table(table: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert _kinds(table) == found


def test_a_rule_bends_the_check_for_one_table() -> None:
    table = {"names": [{"id": "x"}], "runs": [{"id": "a", "as_of": "2025-01-01", **GOOD}]}
    assert ("x", "no source") in _kinds(table)
    assert _kinds(table, TableRule(plain=("names",), dated_by="as_of")) == [("a", "too old")]
    assert _kinds(table, TableRule(plain=("names",), dated_by="as_of", oldest_days=700)) == []
    within = {"tests": [{"id": "t", "tables": [{"dated": "2026-10-01", "source": "s", "confidence": "secondary"}]}]}
    assert _kinds(within, TableRule(within=("tests",), dated_by="dated")) == []


def test_ids_that_point_nowhere_are_found_at_any_depth() -> None:
    table = {
        "offers": [{"id": "a", "host": "groq", "legs": [{"host": "nobody"}, {"host": None}, {"host": "own"}], **GOOD}]
    }
    rule = TableRule(points_to={"host": "vendors.yaml", "legs.host": "vendors.yaml"}, outside=("own",))
    assert _kinds(table, rule) == [("a", "dangling")]
    assert _kinds(table, TableRule(points_to={"hots": "vendors.yaml"})) == [("hots", "rule")]
    assert list(values_at({"a": [{"b": ["x", "y"]}, {"b": None}]}, "a.b")) == ["x", "y"]


def test_a_candidate_without_a_licence_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(find_open_model("phi-4"), license_id=None)
    monkeypatch.setattr(data_check, "open_models", lambda: {broken.id: broken})
    assert (broken.id, "dangling") in {(problem.entry, problem.kind) for problem in check_tables(AS_OF)}


def test_our_tables_have_no_problem_today() -> None:
    assert [str(problem) for problem in check_tables(AS_OF)] == []


def test_our_tables_grow_old() -> None:
    kinds = {problem.kind for problem in check_tables(date(2028, 1, 1))}
    assert {"too old", "retired", "price package"} <= kinds


def test_every_table_is_checked_or_says_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(table_rules()) <= set(table_files())
    checked = {summary.file for summary in table_summaries()}
    for file in table_files():
        assert (file in checked) != bool(rule_of(file).exempt), file
    monkeypatch.setattr(data_check, "table_files", lambda: ("vendors.yaml",))
    monkeypatch.setattr(data_check, "table_rules", lambda: {"gone.yaml": TableRule()})
    assert ("gone.yaml", "rule") in {(problem.file, problem.kind) for problem in check_tables(AS_OF)}


def test_a_rule_with_a_misspelt_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools import table_entries

    monkeypatch.setattr(table_entries, "load_table", lambda _: {"tables": {"a.yaml": {"oldest_day": 3}}})
    with pytest.raises(InvalidInput, match=r"a\.yaml\.oldest_day"):
        table_entries.table_rules.__wrapped__()


def test_summaries_count_confidence_and_name_the_oldest() -> None:
    for summary in table_summaries():
        assert sum(summary.confidence.values()) == summary.entries > 0
        assert summary.unverified == summary.confidence.get("unverified", 0)
        assert summary.oldest_entry in {entry.name for entry in load_entries(summary.file)}
    json.dumps([summary.confidence for summary in table_summaries()])
