"""Regulations against vendors, by cases that a compliance officer can read, and what must hold for every vendor."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tools.catalogue.regimes import ai_act_dates, regimes
from tools.catalogue.vendors import vendors
from tools.compliance import (
    conditions,
    from_memory,
    high_risk_dates,
    high_risk_duties,
    regime_gaps,
    safeguards_on_record,
)
from tools.data_files import parse_yaml
from tools.facts import fact_dictionary

CASES = parse_yaml((Path(__file__).parents[1] / "cases/compliance.yaml").read_text(encoding="utf-8"), "compliance.yaml")


@pytest.mark.parametrize("case", CASES, ids=[case["that"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    vendor = vendors()[case["vendor"]] if case["vendor"] else None
    assert regime_gaps(vendor) & set(case["regulations"]) == set(case["gaps"])
    told = " ".join(conditions(vendor, case["regulations"]))
    for words in case.get("mentions", []):
        assert words in told


def test_every_value_of_the_fact_but_none_is_explained() -> None:
    assert set(regimes()) == set(fact_dictionary()["regulations"].values) - {"none"}
    assert all(regime.source and regime.yours for regime in regimes().values())


@pytest.mark.parametrize("vendor", vendors().values(), ids=vendors())
def test_records_are_consistent(vendor: Any) -> None:
    known = set(fact_dictionary()["regulations"].values) | {"residency"}
    assert set(vendor.conditions) <= known
    assert set(vendor.elsewhere) <= known
    for regime in vendor.elsewhere:
        assert vendor.meets(regime) is not True, "what only another offering meets is not met by this one"
    for regime in ("hipaa", "gdpr", "pci_dss", "fedramp", "itar"):
        if vendor.meets(regime) is True:
            assert vendor.conditions.get(regime), f"{regime} is on record without what must be signed"
    for key in vendor.unverified:
        field, _, part = key.partition(".")
        value = getattr(vendor, field)
        assert part in value if part else value not in (None, ()), f"{key} is marked from memory and is not there"


def test_safeguards_are_an_agreement_or_a_report() -> None:
    assert safeguards_on_record(vendors()["openai"])
    assert safeguards_on_record(vendors()["together"])
    assert not safeguards_on_record(vendors()["deepseek"])
    assert not safeguards_on_record(None)


def test_what_is_from_memory_is_said() -> None:
    assert from_memory(vendors()["databricks"], ["gdpr", "soc2", "hipaa"]) == ("gdpr", "soc2")
    assert from_memory(vendors()["scaleway"], ["gdpr"]) == ()
    assert "(from memory)" in conditions(vendors()["databricks"], ["gdpr"])[0]


def test_residency_has_conditions_of_its_own() -> None:
    assert "data zone" in conditions(vendors()["azure-openai"], ["residency"])[0]
    assert conditions(None, ["residency"]) == ()


def test_high_risk_duties_apply_from_the_amended_dates() -> None:
    before = high_risk_dates(date(2026, 11, 22))
    assert [entry.since for entry in before] == [date(2027, 12, 2), date(2028, 8, 2)]
    assert high_risk_dates(date(2028, 1, 1))[0].since == date(2028, 8, 2)
    text = " ".join(high_risk_duties())
    assert all(word in text for word in ("documentation", "logs", "oversee"))
    assert [entry.since for entry in ai_act_dates()] == sorted(entry.since for entry in ai_act_dates())
