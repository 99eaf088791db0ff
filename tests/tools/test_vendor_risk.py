"""Vendor history and risk, by cases that a buyer can check against the vendors' pages, and the laws of the score."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.catalogue.vendor_history import notices, price_events, risk_scale
from tools.catalogue.vendors import vendors
from tools.data_files import parse_yaml
from tools.errors import InvalidInput
from tools.vendor_risk import (
    concentration,
    is_independent,
    largest_price_rise,
    models_withdrawn,
    notice_record,
    outage_hours,
    risk_parts,
    substitutes,
    vendor_named,
    vendor_risk_score,
)

TODAY = date(2026, 11, 22)
CASES = parse_yaml((Path(__file__).parents[1] / "cases/vendor_risk.yaml").read_text(encoding="utf-8"), "vendor_risk")


def _cases(section: str) -> Any:
    return pytest.mark.parametrize("case", CASES[section], ids=[case["that"] for case in CASES[section]])


@_cases("notices")
def test_notices(case: dict[str, Any]) -> None:
    record = notice_record(case["vendor"], case["as_of"])
    if case.get("unknown"):
        assert record is None
        return
    assert record is not None
    assert vendors()[case["vendor"]].notice_days == case.get("promised", vendors()[case["vendor"]].notice_days)
    for key in ("median_days", "shortest_days", "models"):
        assert getattr(record, key) == case.get(key, getattr(record, key)), key
    assert record.source


@_cases("price_rises")
def test_price_rises(case: dict[str, Any]) -> None:
    rise = largest_price_rise(case["vendor"], case["as_of"])
    assert rise == (None if case["rise"] is None else pytest.approx(case["rise"], abs=1e-6))


@_cases("order")
def test_order(case: dict[str, Any]) -> None:
    assert vendor_risk_score(vendors()[case["safer"]], TODAY) < vendor_risk_score(vendors()[case["riskier"]], TODAY)


@_cases("concentration")
def test_concentration(case: dict[str, Any]) -> None:
    found = concentration(case["amounts"])
    assert found.hhi == pytest.approx(case["hhi"])
    assert found.equal_vendors == pytest.approx(case.get("equal_vendors", found.equal_vendors))
    assert found.largest == case.get("largest", found.largest)


def test_models_withdrawn_are_counted_in_the_window_only() -> None:
    now, before = models_withdrawn("openai", TODAY), models_withdrawn("openai", date(2026, 1, 1))
    assert now is not None
    assert before is not None
    assert now > before
    assert models_withdrawn("openai", date(2030, 1, 1)) == 0
    assert models_withdrawn("scaleway", TODAY) is None


def test_outages_not_recorded_are_unknown() -> None:
    assert outage_hours("openai", TODAY) == 18
    assert outage_hours("groq", TODAY) is None
    assert outage_hours("openai", date(2024, 12, 1)) is None


@pytest.mark.parametrize("vendor", vendors().values(), ids=vendors())
def test_every_vendor_has_a_score_made_of_its_parts(vendor: Any) -> None:
    parts = risk_parts(vendor, TODAY)
    score = vendor_risk_score(vendor, TODAY)
    assert 0 <= min(part.score for part in parts) <= score <= max(part.score for part in parts) <= 1
    for part in parts:
        assert part.figure is not None or part.score == risk_scale().unknown


@given(st.floats(0.9, 1), st.floats(0.9, 1))
def test_a_better_uptime_is_never_riskier(one: float, other: float) -> None:
    vendor = vendors()["google"]
    low, high = (vendor_risk_score(replace(vendor, uptime=u), TODAY) for u in sorted((one, other)))
    assert high <= low


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_more_notice_is_never_riskier(one: int, other: int) -> None:
    vendor = vendors()["google"]
    short, long = (vendor_risk_score(replace(vendor, notice_days=d), TODAY) for d in sorted((one, other)))
    assert long <= short


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0, 1e9), min_size=1, max_size=8))
def test_concentration_lies_between_equal_shares_and_one(amounts: dict[str, float]) -> None:
    if not sum(amounts.values()) > 0:
        with pytest.raises(InvalidInput):
            concentration(amounts)
        return
    found = concentration(amounts)
    assert 1 / len(amounts) - 1e-9 <= found.hhi <= 1 + 1e-9
    assert sum(found.shares.values()) == pytest.approx(1)
    assert found.shares[found.largest] == max(found.shares.values())


@pytest.mark.parametrize("amounts", [{}, {"a": -1.0, "b": 2.0}, {"a": 0.0}, {"a": float("nan")}])
def test_impossible_amounts_are_refused(amounts: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match="shares"):
        concentration(amounts)


def test_open_weights_have_many_sellers_and_can_be_kept() -> None:
    open_model = substitutes("openai/gpt-oss-120b")
    assert open_model.open_weights
    assert len(open_model.sellers) >= 3
    assert not substitutes("gpt-6-astra").open_weights


def test_a_stand_in_is_of_another_lineage_and_another_provider() -> None:
    assert is_independent(("openai", "OpenAI"), ("anthropic", "Anthropic"))
    assert not is_independent(("openai", "Amazon Bedrock"), ("anthropic", "Amazon Bedrock"))
    assert not is_independent(("openai", "OpenAI"), ("openai", "Amazon Bedrock"))


def test_history_names_vendors_that_we_know() -> None:
    known = set(vendors())
    assert {notice.vendor for notice in notices()} <= known
    assert {event.vendor for event in price_events()} <= known
    assert vendor_named("OpenAI") is vendors()["openai"]
    assert vendor_named("own servers") is None
