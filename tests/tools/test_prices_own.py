"""The own price table: loaded strictly, by date, and only where the price package is silent."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from genai_prices.data_snapshot import get_snapshot

from tools.api_cost import api_cost
from tools.catalogue import own_prices as table
from tools.catalogue import records
from tools.catalogue.own_prices import own_price, own_prices
from tools.errors import InvalidInput, UnknownName
from tools.token_prices import PriceRef, find_price, price_list, token_rates

AS_OF = date(2026, 11, 22)
ENTRY = {
    "provider_id": "host",
    "model": "Maker/Model-1",
    "tiers": [{"input": "1", "output": "2"}],
    "source": "a page",
    "checked": "2026-11-22",
    "confidence": "secondary",
}


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(*given: dict[str, Any]) -> None:
        monkeypatch.setattr(records, "load_table", lambda name: {"prices": list(given)})
        own_prices.cache_clear()

    yield use
    own_prices.cache_clear()


def test_every_own_price_is_reachable_by_name_and_carries_its_source() -> None:
    for (provider_id, _), found in own_prices().items():
        ref = find_price(f"{provider_id}/{found[0].model}")
        assert ref == PriceRef(provider_id, found[0].model)
        standard = [record for record in found if record.processing == "standard"]
        if standard:
            prices = price_list(ref, AS_OF)
            assert prices.tiers[0].input > 0
            assert f"tools/data/{table.FILE}: " in prices.source
            assert token_rates(provider_id, found[0].model, AS_OF).source == prices.source


def test_the_package_goes_first() -> None:
    listed = {(provider.id, model.id.lower()) for provider in get_snapshot().providers for model in provider.models}
    for key, found in own_prices().items():
        if any(record.processing == "standard" for record in found):
            assert key not in listed, f"{key} is priced by genai-prices too: take it out of {table.FILE}"


def test_the_youngest_price_of_the_day_holds(entries: Any) -> None:
    dearer = {**ENTRY, "since": date(2027, 1, 1), "tiers": [{"input": "3", "output": "4"}]}
    entries(dearer, ENTRY)
    before, after = (own_price("host", "maker/model-1", day, "standard") for day in (AS_OF, date(2027, 1, 1)))
    assert before is not None
    assert after is not None
    assert (before.tiers[0].input, after.tiers[0].input) == (Decimal(1), Decimal(3))


def test_no_price_holds_before_its_day_nor_for_another_processing(entries: Any) -> None:
    entries({**ENTRY, "since": date(2027, 1, 1)})
    assert own_price("host", "Maker/Model-1", AS_OF, "standard") is None
    assert own_price("host", "Maker/Model-1", date(2027, 1, 1), "batch") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tiers": []}, "expected tiers rising from 0"),
        ({"tiers": [{"above_tokens": 5, "input": "1"}]}, "expected tiers rising from 0"),
        ({"tiers": [{"input": "1"}, {"above_tokens": 9, "input": "2"}, {"above_tokens": 9, "input": "3"}]}, "rising"),
        ({"tiers": [{"input": "1", "outptu": "2"}]}, "outptu"),
        ({"confidence": "sure"}, "confidence"),
        ({"processing": "turbo"}, "processing"),
    ],
)
def test_a_wrong_record_names_the_file(entries: Any, change: dict[str, Any], message: str) -> None:
    entries({**ENTRY, **change})
    with pytest.raises(InvalidInput, match=rf"own_prices\.yaml: .*{message}"):
        own_prices()


def test_a_price_given_twice_is_an_error(entries: Any) -> None:
    entries(ENTRY, ENTRY)
    with pytest.raises(InvalidInput, match="given twice"):
        own_prices()


def test_cached_tokens_cost_what_others_cost_where_no_cache_price_is_listed() -> None:
    whole = api_cost("deepinfra/openai/gpt-oss-120b", 1_000_000, on=AS_OF).usd
    assert api_cost("deepinfra/openai/gpt-oss-120b", 1_000_000, cache_read_tokens=1_000_000, on=AS_OF).usd == whole


def test_a_name_that_several_hosts_sell_is_not_guessed() -> None:
    with pytest.raises(UnknownName, match=r"say which: .*deepinfra/meta-models/Muse-Glimmer-30B"):
        find_price("meta-models/Muse-Glimmer-30B")


def test_batch_and_flex_are_never_dearer_than_the_list_price_and_priority_never_cheaper() -> None:
    compared = 0
    for (provider_id, _), found in own_prices().items():
        for record in (record for record in found if record.processing != "standard"):
            on = max(AS_OF, record.since or AS_OF)
            ref = PriceRef(provider_id, record.model)
            listed, other = price_list(ref, on).tiers[0], price_list(ref, on, processing=record.processing).tiers[0]
            pairs = [(listed.input, other.input), (listed.output or Decimal(0), other.output or Decimal(0))]
            for usual, changed in pairs:
                dearer = record.processing == "priority"
                assert changed >= usual if dearer else changed <= usual, (ref, record.processing)
                compared += 1
    assert compared > 100


def test_long_requests_have_no_flex_price_where_only_the_list_price_has_their_tier() -> None:
    assert api_cost("gemini-3.1-pro-preview", 200_000, on=AS_OF, processing="flex").usd == Decimal("0.2")
    with pytest.raises(InvalidInput, match=r"no flex price is listed .* above 200,000 input tokens"):
        api_cost("gemini-3.1-pro-preview", 200_001, on=AS_OF, processing="flex")
