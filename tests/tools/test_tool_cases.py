"""Runs the YAML cases of the deterministic tools: a sentence, arguments, what must come back."""

import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.errors import InvalidInput
from tools.registry import run_tool

CASES = Path(__file__).parents[1] / "cases"
FILES = ("api_cost", "sizing", "architectures", "throughput", "licence", "availability")
AS_OF = date(2026, 11, 22)
KEYS = {"that", "tool", "as_of", "input", "expected", "within", "mentions", "error"}


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{name}: {case['that']}")
        for name in FILES
        for case in yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS, "a misspelt key would test nothing"
    assert ("expected" in case) != ("error" in case)
    on = case.get("as_of", AS_OF)
    if "error" in case:
        with pytest.raises(InvalidInput) as caught:
            run_tool(case["tool"], case["input"], on)
        assert re.search(case["error"], str(caught.value)), str(caught.value)
        return
    result = run_tool(case["tool"], case["input"], on)
    if case["tool"] == "license":
        result["clause"] = result["rules"][0]["clause"]
        assert all(rule["clause"] and rule["text"] and rule["source"] for rule in result["rules"])
    for key, expected in case["expected"].items():
        _same(key, result[key], expected, case.get("within", 1e-12))
    if "mentions" in case:
        assert any(case["mentions"] in rule["text"] for rule in result["rules"])


def _same(key: str, got: Any, expected: Any, within: float) -> None:
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        assert math.isclose(got, expected, rel_tol=0, abs_tol=within * abs(expected)), f"{key}: {got}, not {expected}"
    else:
        assert got == expected, key
