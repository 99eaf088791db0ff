"""Openness classes: cases from YAML, what each class needs, and an answer for every candidate."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.catalogue.licence_names import terms_of
from tools.catalogue.open_models import find_open_model, open_models
from tools.openness import Release, classes, openness_of, releases

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "openness.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["that"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = openness_of(open_models()[case["model"]])
    assert found is not None
    assert (found.class_name, found.osaid, found.confidence) == (case["class"], case["osaid"], case["confidence"])


def test_every_candidate_has_an_answer_with_its_source() -> None:
    for model in open_models().values():
        found = openness_of(model)
        if found is None:
            assert model.license_id is None
            assert not model.candidate
            continue
        assert found.class_name.startswith(("Class ", "not classified: "))
        assert found.basis.strip()
        assert found.source.strip()


def test_the_catalogue_and_the_components_agree_on_open_source() -> None:
    for model in open_models().values():
        found = openness_of(model)
        if found is not None and model.id in releases():
            assert (found.osaid == "open_source") == (model.openness == "open_source"), model.id


def test_entries_name_known_models_and_no_component_twice() -> None:
    for name, release in releases().items():
        assert name in open_models(), name
        listed = [*release.open, *release.restricted, *release.absent]
        assert len(listed) == len(set(listed)), name


def test_classes_need_what_the_framework_lists() -> None:
    needed = {level.name: len(level.needs) for level in classes()}
    assert needed == {"Class III Open Model": 6, "Class II Open Tooling": 4, "Class I Open Science": 4}


def _with(monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]) -> str:
    model = find_open_model("OLMo-2-0325-32B")
    release: Release = replace(releases()[model.id], **change)
    monkeypatch.setattr("tools.openness.releases", lambda: {model.id: release})
    found = openness_of(model)
    assert found is not None
    return found.class_name


def test_each_missing_component_lowers_the_class(monkeypatch: pytest.MonkeyPatch) -> None:
    every = [name for level in classes() for name in level.needs]
    for lost, expected in (
        ("datasets", "Class II Open Tooling"),
        ("training_code", "Class III Open Model"),
        ("data_card", "not classified: open weights with components missing"),
    ):
        kept = tuple(name for name in every if name != lost)
        assert _with(monkeypatch, {"open": kept, "absent": (lost,)}) == expected


def test_a_paper_stands_in_for_the_report_and_not_the_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    every = [name for level in classes() for name in level.needs]
    without_report = tuple(name for name in every if name != "technical_report")
    assert _with(monkeypatch, {"open": without_report, "absent": ()}) == "Class I Open Science"
    without_paper = tuple(name for name in every if name != "research_paper")
    assert _with(monkeypatch, {"open": without_paper, "absent": ()}) == "Class II Open Tooling"


def test_a_component_under_closed_terms_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    every = tuple(name for level in classes() for name in level.needs if name != "model_card")
    found = _with(monkeypatch, {"open": every, "restricted": ("model_card",), "absent": ()})
    assert found == "not classified: open weights with components missing"


def test_a_model_without_a_recorded_licence_has_no_openness() -> None:
    model = replace(find_open_model("phi-4"), license_id=None)
    assert openness_of(model) is None
    assert terms_of(model) is None
