"""What to write instead of a value with a unit, and that whatever is proposed fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.facts import check_value, fact_dictionary
from tools.file_yaml import scalar_of
from tools.located import Leaf, located
from tools.unit_hints import hint_for

NUMBERS = [key for key, spec in fact_dictionary().items() if spec.type == "number"]


def _hint(key: str, text: str) -> str:
    return hint_for(fact_dictionary()[key], Leaf(text, 1, text))


@pytest.mark.parametrize(
    ("key", "text", "hint"),
    [
        ("first_token_seconds", "5 s", "write 5"),
        ("first_token_seconds", "2 min", "write 120"),
        ("requests_per_day", "3 requests per second", "write 259200"),
        ("requests_per_day", "40,000 requests/day", "write 40000"),
        ("requests_per_day", "500/hour", "write 12000"),
        ("requests_per_day", "1.5M", "write 1500000"),
        ("requests_per_day", "2 million a month", "write 65703"),  # 2e6 / 30.44
        ("requests_per_day", "1'000'000", "write 1000000"),
        ("requests_per_day", "5k to 10k", "write [5000, 10000]"),
        ("weeks_to_launch", "6-8 weeks", "write [6, 8]"),
        ("electricity_price", "15 cents per kWh", "write 0.15"),
        ("engineer_cost", "$150,000/yr", "write 150000"),
        ("annual_revenue", "2 billion dollars", "write 2000000000"),
        ("cached_share", "90 %", "write 0.9"),
        ("tokens_per_second", "600 tokens per minute", "write 10"),
        ("monthly_growth", "60% a year", "write 0.0399441"),  # 1.6 ** (1 / 12) - 1
        ("peak_factor", "3x", "write 3"),
        ("platform_engineers", "2 FTE", "write 2"),
        ("input_tokens", "1.200,50", "write 1200.5"),
        # What is not this fact's unit, or another currency, is not turned into it.
        ("requests_per_day", "40k tokens per day", ""),
        ("input_tokens", "two pages", ""),
        ("monthly_budget", "€5,000", ""),
        ("input_tokens", "$5", ""),
        ("peak_factor", "90%", ""),
        ("tokens_per_month", "1e400", ""),
        ("requests_per_day", "10 rps", ""),
    ],
)
def test_a_unit_is_converted_or_left_alone(key: str, text: str, hint: str) -> None:
    assert _hint(key, text) == hint


@given(
    st.sampled_from(NUMBERS),
    st.from_regex(r"(about )?[$€]?[0-9][0-9.,]{0,6} ?(k|m|%|million|bn)?( ?(-|to|\.\.) ?[0-9]{1,4})?", fullmatch=True),
    st.sampled_from(
        ["", " per day", "/month", " a year", " s", " tokens", " weeks", " dollars", " per second", " users"]
    ),
)
def test_what_is_proposed_fits(key: str, figure: str, rest: str) -> None:
    hint = _hint(key, figure + rest).removeprefix("write ").removesuffix(" without quotes")
    for written in hint.split(" or ") if hint else []:
        parts = [scalar_of(part.strip()) for part in written.strip("[]").split(",")]
        check_value(fact_dictionary()[key], parts if written.startswith("[") else parts[0])


@given(
    st.sampled_from(list(fact_dictionary())), st.text(max_size=20) | st.floats() | st.lists(st.integers(), max_size=3)
)
def test_any_value_gets_a_hint_or_none(key: str, value: object) -> None:
    assert isinstance(hint_for(fact_dictionary()[key], located(value)), str)
