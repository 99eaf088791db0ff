"""The table of accelerators and what their hours cost: provenance, ranges, billing modes, egress."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools.catalogue import records
from tools.catalogue.accelerators import Accelerator, accelerators, find_accelerator
from tools.catalogue.egress import Delivery, egress, egress_prices, wire_weights
from tools.catalogue.hourly_prices import FILE, Cloud, Mode, reserved_factors
from tools.data_files import load_table
from tools.errors import InvalidInput, UnknownName

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "accelerators.yaml").read_text(encoding="utf-8"))
CARDS = list(accelerators().values())
CLOUDS: tuple[Cloud, ...] = get_args(Cloud)
MODES: tuple[Mode, ...] = get_args(Mode)
DATE = re.compile(r"20\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@pytest.mark.parametrize("case", CASES, ids=[case["that"] for case in CASES])
def test_price_case(case: dict[str, Any]) -> None:
    assert set(case) <= {"that", "name", "mode", "cloud", "usd"}, "a misspelt key would test nothing"
    usd = find_accelerator(case["name"]).hourly_usd(case["mode"], case.get("cloud"))
    assert usd == (None if case["usd"] is None else pytest.approx(case["usd"], rel=1e-4))


def test_at_least_24_accelerators_can_serve() -> None:
    assert sum(card.candidate or card.owned_candidate for card in CARDS) >= 24


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_every_price_has_a_provider_a_date_and_a_source(card: Accelerator) -> None:
    for point in card.cloud.points if card.cloud else ():
        assert point.usd > 0
        assert point.provider
        assert point.source
        assert DATE.fullmatch(point.as_of), point
        assert point.cloud in card.clouds, point
    if card.purchase:
        assert card.purchase.source
        assert DATE.fullmatch(card.purchase.as_of)
        assert 0 < card.purchase.low <= card.purchase.high


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_the_range_covers_the_on_demand_prices_and_nothing_else_is_mixed_in(card: Accelerator) -> None:
    if card.cloud is None:
        return
    listed = [point.usd for point in card.cloud.points if point.kind == "on_demand"]
    assert all(card.cloud.on_demand_low <= usd <= card.cloud.on_demand_high for usd in listed)
    for cloud in CLOUDS:
        inside = card.hourly_range("on_demand", cloud)
        own = [p.usd for p in card.cloud.points if p.cloud == cloud and p.kind == "on_demand"]
        assert inside == ((min(own), max(own)) if own else None)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_candidate_has_a_dated_list_price_and_is_no_consumer_card(card: Accelerator) -> None:
    if not card.candidate:
        return
    assert card.cloud is not None
    assert any(p.kind == "on_demand" and "from memory" not in p.source for p in card.cloud.points)
    assert "consumer" not in card.form
    assert card.software in ("cuda", "rocm")
    assert card.dense_tflops


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
@pytest.mark.parametrize("cloud", [None, *CLOUDS])
def test_a_longer_commitment_is_never_dearer(card: Accelerator, cloud: Cloud | None) -> None:
    prices = [card.hourly_usd(mode, cloud) for mode in MODES]
    medians = [card.hourly_median(mode, cloud) for mode in MODES]
    for known in (prices, medians):
        assert len({usd is None for usd in known}) == 1, "known in one mode, known in all"
        assert all(a is None or b is None or b <= a for a, b in pairwise(known))
    for mode in MODES:
        ends, usd = card.hourly_range(mode, cloud), card.hourly_usd(mode, cloud)
        assert (ends is None) == (usd is None)
        if ends and usd:
            assert ends[0] * (1 - 1e-9) <= usd <= ends[1] * (1 + 1e-9)
            assert f"{ends[0]:.4g}" in card.hourly_source(mode, cloud)
        else:
            assert "no " in card.hourly_source(mode, cloud)


def test_every_cloud_has_its_commitment_and_egress_prices() -> None:
    assert set(reserved_factors()) == set(egress_prices()) == set(CLOUDS)
    for entry in reserved_factors().values():
        for low, high in (entry.one_year, entry.three_years):
            assert 0 < low <= high <= 1
        assert entry.three_years[1] <= entry.one_year[1]


def test_scale_to_zero_is_known_only_where_it_is_listed() -> None:
    assert find_accelerator("B200").scale_to_zero_usd_per_hour == pytest.approx(6.2496)
    assert find_accelerator("MI300X").scale_to_zero_usd_per_hour is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"rented": False, "clouds": []}, "candidate"),
        ({"bought": False}, "owned_candidate"),
        ({"clouds": []}, "clouds: rented by none"),
        ({"software": "windows"}, "software"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_an_entry_that_contradicts_itself_is_named(
    change: dict[str, Any], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = next(entry for entry in load_table(FILE)["accelerators"] if entry["id"] == "L4")
    monkeypatch.setattr(records, "load_table", lambda name: {"accelerators": [entry | change]})
    with pytest.raises(InvalidInput, match=rf"accelerators\.yaml: L4: .*{problem}"):
        records.load_records(FILE, "accelerators", Accelerator)


def test_egress_fills_its_tiers_after_the_free_allowance() -> None:
    assert egress("aws").usd_per_month(100) == 0
    assert egress("aws").usd_per_month(10_100) == pytest.approx(900)
    assert egress("aws").usd_per_month(60_100) == pytest.approx(900 + 40_000 * 0.085 + 10_000 * 0.07)
    assert egress("gcp").usd_per_month(2_000) == pytest.approx(1_000 * 0.12 + 1_000 * 0.11)


def test_a_cloud_without_prices_is_an_unknown_name() -> None:
    with pytest.raises(UnknownName, match="unknown cloud 'none'"):
        egress("none")


@given(st.sampled_from(CLOUDS), st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_traffic_never_costs_less_and_never_more_than_the_first_price(
    cloud: Cloud, one: float, two: float
) -> None:
    price = egress(cloud)
    less, more = sorted((one, two))
    assert price.usd_per_month(less) <= price.usd_per_month(more) + 1e-9
    assert price.usd_per_month(more) <= more * max(tier.usd_per_gb for tier in price.tiers) + 1e-9
    assert price.source
    assert price.block_storage_source
    assert price.block_storage_usd_per_gb_month > 0
    assert DATE.fullmatch(price.as_of)


def test_a_token_weighs_more_when_it_is_streamed() -> None:
    assert set(wire_weights()) == set(get_args(Delivery))
    plain, streamed = wire_weights()["plain"], wire_weights()["streamed"]
    assert plain.bytes_per_token[1] < streamed.bytes_per_token[0]
    assert streamed.bytes_per_token[0] < streamed.usual_bytes_per_token < streamed.bytes_per_token[1]
