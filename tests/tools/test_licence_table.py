"""The licence table itself: every entry says where it comes from, and every checkpoint has its own licence."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from tools.catalogue.licence_names import bases, find_terms, further_checkpoints, terms_of
from tools.catalogue.licences import Licence, Threshold, licence_of, licences
from tools.catalogue.open_models import open_models
from tools.catalogue.vendor_terms import vendor_of, vendor_terms
from tools.errors import UnknownName
from tools.facts import fact_dictionary
from tools.licence import judge_model

EVERY = list(licences().values())
NAMES = [licence.id for licence in EVERY]


def _clauses(licence: Licence) -> Iterator[str]:
    for group in (licence.thresholds, licence.territories, licence.redistribution, licence.fields, licence.termination):
        yield from (entry.clause for entry in group)
    single = (
        licence.attribution, licence.derivative_naming, licence.outputs, licence.acceptable_use,
        licence.patents, licence.governing_law, licence.exemption,
    )  # fmt: skip
    yield from (entry.clause for entry in single if entry is not None)
    if licence.commercial_use == "forbidden":
        yield licence.commercial_clause


@pytest.mark.parametrize("licence", EVERY, ids=NAMES)
def test_every_rule_has_a_clause_or_says_that_it_was_not_read(licence: Licence) -> None:
    assert all(clause.strip() for clause in _clauses(licence))


@pytest.mark.parametrize("licence", [entry for entry in EVERY if entry.read == "full"], ids=lambda entry: entry.id)
def test_where_the_text_was_read_every_rule_that_decides_names_its_clause(licence: Licence) -> None:
    deciding = [*licence.thresholds, *licence.fields, *([licence.outputs] if licence.outputs else [])]
    assert not [rule for rule in deciding if rule.clause == "not read" and rule.effect != "review"]
    assert not [territory for territory in licence.territories if territory.clause == "not read"]
    assert licence.commercial_use != "forbidden" or licence.commercial_clause != "not read"


@pytest.mark.parametrize("licence", EVERY, ids=NAMES)
def test_every_licence_has_a_source_and_a_date(licence: Licence) -> None:
    assert licence.source.strip()
    assert date(2026, 1, 1) <= licence.checked <= date(2026, 11, 22)
    if licence.read == "none":
        assert licence.confidence in ("secondary", "unverified")


def test_values_are_those_of_the_fact_dictionary() -> None:
    facts = fact_dictionary()
    for licence in EVERY:
        for field in licence.fields:
            assert set(field.data_classes) <= set(facts["data_class"].values)
            assert set(field.review_in) <= set(facts["company_region"].values)
        for territory in licence.territories:
            assert set(territory.regions) <= set(facts["company_region"].values)


def test_a_threshold_is_checked_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="needs a value"):
        Threshold(kind="monthly_users", effect="duty", text="t", clause="c")
    with pytest.raises(ValueError, match="at_release"):
        Threshold(kind="monthly_users", value=1.0, effect="duty", text="t", clause="c", test_date=date(2024, 1, 1))


MAP = yaml.safe_load((Path(__file__).parents[1] / "cases" / "licence_map.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", MAP, ids=[entry["fits"] for entry in MAP])
def test_each_checkpoint_has_its_own_licence(entry: dict[str, str]) -> None:
    fitting = [model for model in open_models().values() if re.search(entry["fits"], model.id)]
    assert fitting, "a line that fits no checkpoint tests nothing"
    assert {model.license_id for model in fitting} == {entry["licence"]}


def test_further_checkpoints_fit_the_same_table_and_name_known_licences() -> None:
    seen: set[str] = set()
    for group in further_checkpoints():
        assert {group.licence, *group.also} <= set(licences())
        assert set(group.multimodal) <= set(group.names)
        assert not seen & set(group.names)
        seen |= set(group.names)
        for name in group.names:
            assert find_terms(name).licences[0].id == group.licence, name


def test_derived_checkpoints_carry_the_licence_of_their_base() -> None:
    assert set(bases()) <= set(open_models())
    for model in open_models().values():
        made_by_others = re.search(r"Llama-?3[._](\d)", model.id) and model.lineage != "meta"
        if made_by_others or "Distill-Llama" in model.id:
            terms = terms_of(model)
            assert terms is not None
            assert any(licence.id.startswith("llama3") for licence in terms.licences), model.id


def test_every_licence_id_and_name_resolves_to_itself() -> None:
    for licence in EVERY:
        for name in (licence.id, licence.name, licence.name.upper()):
            assert find_terms(name).licences == (licence,)


def test_every_known_checkpoint_resolves_by_its_full_and_its_short_name() -> None:
    for model in open_models().values():
        for name in (model.id, model.name):
            if model.license_id is None:
                with pytest.raises(UnknownName, match="not recorded"):
                    find_terms(name)
            else:
                assert find_terms(name).model == model


def test_a_checkpoint_without_a_licence_is_not_judged() -> None:
    nameless = [model for model in open_models().values() if model.license_id is None]
    assert nameless
    assert all(judge_model(model, {}) is None and terms_of(model) is None for model in nameless)
    assert all(licence_of(model) is None for model in nameless)


def test_vendors_are_told_by_the_first_word_of_a_model() -> None:
    assert {terms.id for terms in vendor_terms().values()} >= {"openai", "anthropic", "google", "xai"}
    found = {name: vendor_of(name) for name in ("gpt-4o", "Claude 3 Opus", "Gemini 2.5 Pro", "grok 4", "llama", "")}
    ids = {name: terms.id if terms else None for name, terms in found.items()}
    known = {"gpt-4o": "openai", "Claude 3 Opus": "anthropic", "Gemini 2.5 Pro": "google", "grok 4": "xai"}
    assert ids == known | {"llama": None, "": None}
