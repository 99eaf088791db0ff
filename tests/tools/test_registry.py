"""The registry lists every tool with a schema, answers in plain JSON, and names what is wrong."""

import json
from datetime import date

import pytest

from tools.errors import InvalidInput, UnknownName
from tools.registry import list_tools, run_tool

AS_OF = date(2026, 11, 22)
NEEDED = {
    "api_cost": {"model": "gpt-6-luna", "input_tokens": 1000, "output_tokens": 10},
    "kv_cache": {"model": "llama 3.1 8b", "tokens": 10},
    "serving_memory": {"parameters_b": 7, "bits_per_weight": 4, "tokens": 10, "concurrency": 1},
    "throughput": {"model": "phi-4", "gpu": "L40S", "count": 1, "precision": "fp8", "input_len": 10, "output_len": 5},
    "break_even": {"api_usd_per_million": 10, "fixed_usd_per_month": 5000},
    "license": {"model": "phi-4"},
    "availability": {"uptimes": [0.99]},
}


def test_the_tools_of_the_contract_are_there_with_described_arguments() -> None:
    listed = {tool["name"]: tool for tool in list_tools()}
    assert set(NEEDED) <= set(listed)
    for tool in listed.values():
        assert tool["description"].endswith(".")
        for name, schema in tool["input_schema"]["properties"].items():
            assert schema.get("description"), f"{tool['name']}.{name}"
    json.dumps(list_tools(), allow_nan=False)


@pytest.mark.parametrize("name", list(NEEDED))
def test_answers_are_plain_json(name: str) -> None:
    json.dumps(run_tool(name, NEEDED[name], AS_OF), allow_nan=False)


def test_break_even_is_fixed_cost_over_the_price() -> None:
    assert run_tool("break_even", NEEDED["break_even"], AS_OF)["tokens_per_month"] == 500_000_000


def test_break_even_beyond_the_capacity_is_never() -> None:
    arguments = {**NEEDED["break_even"], "capacity_tokens_per_month": 499_999_999}
    answer = run_tool("break_even", arguments, AS_OF)
    assert answer["tokens_per_month"] is None
    assert "never" in answer["reason"]


def test_an_unknown_tool_lists_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="api_cost"):
        run_tool("api_costs", {}, AS_OF)


def test_arguments_must_be_an_object() -> None:
    with pytest.raises(InvalidInput, match="expected an object"):
        run_tool("api_cost", [], AS_OF)  # type: ignore[arg-type]
