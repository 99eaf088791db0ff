"""Portfolio files: what is read, what is refused with which words, and that writing and reading agree."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contradictions import MOST_APART, contradictions
from tools.data_files import parse_yaml
from tools.draws import draw_facts
from tools.errors import InvalidInput
from tools.facts import Fact, Range, fact_dictionary
from tools.portfolio_file import portfolio_from_plain, portfolio_from_text, portfolio_notes, portfolio_to_plain
from tools.volume import resolve_volume

CASES = Path(__file__).parents[1] / "cases" / "portfolio_errors.yaml"


def _cases() -> list[Any]:
    return [pytest.param(case, id=case["case"]) for case in parse_yaml(CASES.read_text(encoding="utf-8"), CASES.name)]


@pytest.mark.parametrize("case", _cases())
def test_a_wrong_file_is_told_with_file_line_key_and_expectation(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        portfolio_from_text(case["text"], case["file"])
    lines = str(caught.value).splitlines()
    told = lines[1:] if len(lines) > 1 else lines
    assert len(told) == case["problems"], lines
    assert all(line.startswith(case["file"]) for line in lines)
    for part in case["parts"]:
        assert part in str(caught.value)
    for part in case.get("absent", []):
        assert part not in str(caught.value)


YAML = """
organization: {sector: software, platform_engineers: 2.5, existing_vendors: [openai]}
workloads:
- name: A, with a comma
  facts: {task: agent, requests_per_day: 1e4, output_tokens: [5, 15], air_gapped: no, data_class: [pii, health],
    difficulty: null}
- name: "2"
  facts: {cached_share: .5, monthly_users: 40_000}
assumptions: {target_utilisation: 0.6}
"""
CSV = """sep=;
name;organization.sector;organization.platform_engineers;organization.existing_vendors;task;requests_per_day;\
output_tokens;air_gapped;data_class;cached_share;monthly_users;assumptions.target_utilisation;;
A, with a comma;software;2.5;openai;agent;1e4;5..15;FALSE;pii;;;0.6;;
\"2\";;;;;;;;;.5;40_000;;;
"""


def test_the_three_formats_say_the_same() -> None:
    from_yaml = portfolio_from_text(YAML, "a.yml")
    from_json = portfolio_from_text(json.dumps(portfolio_to_plain(from_yaml), indent="\t"), "a.JSON")
    from_csv = portfolio_from_text(CSV.replace(";pii;", ';"pii;health";'), "a.csv")
    assert from_yaml == from_json == from_csv
    facts = from_yaml.workloads[0].facts
    assert facts["output_tokens"].value == Range(5, 15)
    assert facts["air_gapped"].value is False
    assert "difficulty" not in facts
    assert from_yaml.workloads[1].name == "2"
    assert from_yaml.assumptions == {"target_utilisation": 0.6}


def test_merged_tables_and_aliases_are_followed() -> None:
    first = "- name: A\n  facts: &a {task: agent, difficulty: routine}"
    text = f"workloads:\n{first}\n- name: B\n  facts: {{<<: *a, task: chatbot}}"
    second = portfolio_from_text(text, "a.yaml").workloads[1].facts
    assert (second["task"].value, second["difficulty"].value) == ("chatbot", "routine")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "[" * 50_000),
        ("a.yaml", "- " * 50_000),
        ("a.yaml", "{a: " * 50_000),
        ("a.json", "[" * 50_000),
        ("a.json", "[" * 300 + "]" * 300),
    ],
)
def test_deep_nesting_is_an_error_and_no_crash(name: str, text: str) -> None:
    with pytest.raises(InvalidInput, match="nested deeper"):
        portfolio_from_text(text, name)


def test_aliases_that_multiply_are_stopped() -> None:
    levels = "".join(f"k{i}: &k{i} [{', '.join([f'*k{i - 1}'] * 10)}]\n" for i in range(1, 12))
    with pytest.raises(InvalidInput, match="more than 1,000,000 values"):
        portfolio_from_text(f"k0: &k0 [{', '.join('1' * 10)}]\n{levels}", "a.yaml")


def test_many_problems_are_told_up_to_fifty() -> None:
    facts = "".join(f"- name: W{i}\n  facts: {{task: x}}\n" for i in range(80))
    with pytest.raises(InvalidInput) as caught:
        portfolio_from_text(f"workloads:\n{facts}", "a.yaml")
    lines = str(caught.value).splitlines()
    assert lines[0] == "a.yaml: 80 problems"
    assert lines[-1] == "a.yaml: and 30 more problems"
    assert len(lines) == 52


@pytest.mark.parametrize("raw", [None, [], {}, {"workloads": {}}, {"workloads": [{"name": "A", "facts": [1]}]}, "text"])
def test_plain_data_is_checked_as_strictly(raw: object) -> None:
    with pytest.raises(InvalidInput, match=r"^page: .*expected"):
        portfolio_from_plain(raw, "page")


def test_an_air_gap_beside_allowed_apis_is_a_note_and_no_error() -> None:
    text = "workloads: [{name: A, facts: {air_gapped: true, external_api: allowed}}]"
    (note,) = portfolio_notes(portfolio_from_text(text, "a.yaml"))
    assert note.startswith("A: air_gapped is true")
    assert "external_api is allowed" in note


_VOLUME = {"requests_per_day": 10_000.0, "input_tokens": 900.0, "output_tokens": 100.0}


@given(st.floats(0.2, 5.0))
def test_contradictory_volumes_are_those_of_the_computation(ratio: float) -> None:
    """The file is refused exactly where the computation would set the stated tokens aside."""
    values = {**_VOLUME, "tokens_per_month": ratio * 10_000 * 30.44 * 1000}
    facts = {key: Fact(key, value) for key, value in values.items()}
    refused = bool(contradictions(facts))
    assert refused == bool(resolve_volume(draw_facts(facts, 8, 0)).contradiction)
    if abs(ratio - 1) < 0.3:
        assert not refused
    assert refused == (max(ratio, 1 / ratio) > MOST_APART) or abs(max(ratio, 1 / ratio) - MOST_APART) < 1e-9


def test_ranges_contradict_only_where_nothing_in_them_agrees() -> None:
    facts = {key: Fact(key, value) for key, value in _VOLUME.items()}
    stated = {**facts, "tokens_per_month": Fact("tokens_per_month", Range(1e6, 3.1e8))}
    assert not contradictions(stated)
    assert contradictions({**stated, "tokens_per_month": Fact("tokens_per_month", Range(1e6, 1e8))})


def _values() -> st.SearchStrategy[dict[str, Any]]:
    def value(key: str) -> st.SearchStrategy[Any]:
        spec = fact_dictionary()[key]
        match spec.type:
            case "number":
                low, high = spec.minimum or 0.0, min(spec.maximum or 1e9, 1e9)
                number = st.floats(low, high)
                return number | st.tuples(number, number).map(lambda pair: sorted(pair))
            case "choice":
                return st.sampled_from(spec.values)
            case "set":
                names = [name for name in spec.values if name != "none"]
                return st.lists(st.sampled_from(names), min_size=1, unique=True)
            case "flag":
                return st.booleans()
        return st.text("ab ;,\"'", min_size=1).filter(lambda text: text.strip() != "")

    volume = {"requests_per_day", "tokens_per_month", "context_tokens"}
    keys = [key for key, spec in fact_dictionary().items() if spec.scope == "workload" and key not in volume]
    return st.fixed_dictionaries({}, optional={key: value(key) for key in keys})


@given(_values(), st.text(min_size=1).filter(lambda name: name.strip() != ""))
def test_what_is_written_reads_back(facts: dict[str, Any], name: str) -> None:
    portfolio = portfolio_from_plain({"workloads": [{"name": name, "facts": facts}]}, "here")
    assert portfolio_from_plain(portfolio_to_plain(portfolio), "there") == portfolio


@given(
    st.text(alphabet="ab:-[]{}&*#!|>'\"%@,\n\t \\01.e\x00\x85\ufeff", max_size=60),
    st.sampled_from(["yaml", "json", "csv"]),
)
def test_any_text_is_read_or_refused_in_words(text: str, ending: str) -> None:
    told = ""
    try:
        portfolio_from_text(text, f"a.{ending}")
    except InvalidInput as error:
        told = str(error)
    assert told == "" or told.startswith(f"a.{ending}:")


def test_a_table_of_endless_rows_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput, match="more than 100,000 rows"):
        portfolio_from_text("name\n" + "a\n" * 200_000, "a.csv")
