"""The catalogues load strictly, resolve loose names, and refer to each other without gaps."""

from datetime import date
from typing import Any

import pytest

from tools.catalogue import records
from tools.catalogue.accelerators import accelerators, find_accelerator
from tools.catalogue.licences import licences
from tools.catalogue.open_models import OpenModel, find_open_model, open_models
from tools.catalogue.proprietary import hosted_offers, proprietary_models
from tools.catalogue.records import by_id, load_records
from tools.catalogue.retirements import announced_retirements, retirement_of
from tools.catalogue.vendors import vendors
from tools.data_check import check_tables, table_summaries
from tools.errors import InvalidInput, UnknownName
from tools.facts import fact_dictionary

AS_OF = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("llama 3.3 70b", "meta-llama/Llama-3.3-70B-Instruct"),
        ("Llama-3.3-70B-Instruct", "meta-llama/Llama-3.3-70B-Instruct"),
        ("gpt-oss-120b", "openai/gpt-oss-120b"),
        ("Qwen3-32B-FP8", "Qwen/Qwen3-32B"),
        ("deepseek v3", "deepseek-ai/DeepSeek-V3"),
        ("llama4 scout", "meta-llama/Llama-4-Scout-17B-16E-Instruct"),
        ("mistral7b", "mistralai/Mistral-7B-Instruct-v0.3"),
        ("phi 4", "microsoft/phi-4"),
    ],
)
def test_loose_model_names(name: str, identity: str) -> None:
    assert find_open_model(name).id == identity


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("H100", "H100-SXM-80GB"),
        ("h100 pcie", "H100-PCIe-80GB"),
        ("A100 80GB", "A100-SXM-80GB"),
        ("a100-40gb", "A100-SXM-40GB"),
        ("rtx 4090", "RTX-4090-24GB"),
        ("NVIDIA L4", "L4"),
        ("L40S", "L40S"),
        ("RTX PRO 6000", "RTX-PRO-6000-Blackwell-96GB"),
        ("RTX 6000 Ada", "RTX-6000-Ada-48GB"),
    ],
)
def test_loose_accelerator_names(name: str, identity: str) -> None:
    assert find_accelerator(name).id == identity


def test_an_ambiguous_name_is_not_guessed() -> None:
    with pytest.raises(UnknownName, match="may mean"):
        find_open_model("qwen")


@pytest.mark.parametrize("identity", list(open_models()))
def test_every_checkpoint_is_found_by_its_own_names(identity: str) -> None:
    assert find_open_model(identity).id == identity
    assert find_open_model(identity.rsplit("/", 1)[-1]).id == identity


def test_the_tables_have_no_problem_today() -> None:
    assert check_tables(AS_OF) == []


def test_old_tables_are_reported() -> None:
    kinds = {problem.kind for problem in check_tables(date(2028, 1, 1))}
    assert {"too old", "retired", "price package"} <= kinds


def test_summaries_count_what_is_unverified() -> None:
    licence_table = next(table for table in table_summaries() if table.file == "licences.yaml")
    assert licence_table.entries == len(licences()) >= 56
    assert licence_table.unverified == sum(x.confidence == "unverified" for x in licences().values())


def test_no_retired_model_is_offered() -> None:
    announced = announced_retirements()
    for model in proprietary_models().values():
        assert not model.retired(AS_OF)
        assert announced.get((model.vendor, model.id), date.max) > AS_OF


def test_a_retirement_is_found_by_the_provider_of_the_price_list() -> None:
    assert retirement_of("openai", "gpt-5") == date(2026, 12, 11)
    assert retirement_of("aws", "meta.llama3-3-70b-instruct-v1:0") == date(2027, 3, 30)
    assert retirement_of("openai", "gpt-6-luna") is None


def test_values_are_those_of_the_fact_dictionary() -> None:
    facts = fact_dictionary()
    regions = set(facts["residency"].values)
    for vendor in vendors().values():
        assert set(vendor.regions) | {vendor.jurisdiction} <= regions
        assert set(vendor.regimes) <= set(facts["regulations"].values)
    for offer in hosted_offers():
        assert set(offer.regions) <= regions
    for licence in licences().values():
        for territory in licence.territories:
            assert set(territory.regions) <= regions
        for field in licence.fields:
            assert set(field.sectors) <= set(facts["sector"].values)
            assert set(field.regulations) <= set(facts["regulations"].values)


def test_unknown_compliance_is_none_not_no() -> None:
    assert vendors()["together"].meets("hipaa") is None
    assert vendors()["google"].meets("hipaa") is True


def test_reserved_and_owned_prices_are_ranges_that_rise() -> None:
    for card in accelerators().values():
        if card.cloud is not None:
            assert 0 < card.cloud.on_demand_low <= card.cloud.on_demand_high
        if card.purchase is not None:
            assert 0 < card.purchase.low <= card.purchase.high


def test_experts_add_up_to_all_parameters() -> None:
    model = find_open_model("gpt-oss-120b")
    shared, expert = model.expert_split_b()
    assert shared + expert * (model.experts or 0) == pytest.approx(model.params_total_b)
    assert shared + expert * (model.experts_per_token or 0) == pytest.approx(model.params_active_b)


def _table(entry: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "load_table", lambda name: {"models": [entry]})


def test_an_unknown_key_names_file_entry_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    _table({"id": "x/y", "colour": "blue"}, monkeypatch)
    with pytest.raises(InvalidInput, match=r"open_models\.yaml: x/y: colour"):
        load_records("open_models.yaml", "models", OpenModel)


def test_a_table_that_is_no_list_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "load_table", lambda name: {"models": 5})
    with pytest.raises(InvalidInput, match=r"open_models\.yaml: models: expected a list"):
        load_records("open_models.yaml", "models", OpenModel)


def test_an_id_given_twice_is_an_error() -> None:
    model = find_open_model("phi-4")
    with pytest.raises(InvalidInput, match="twice"):
        by_id("open_models.yaml", [model, model])
