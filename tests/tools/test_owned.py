"""The fact owned_gpus in the user's words: cases an expert can read, and laws for any text."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.catalogue.accelerators import accelerators
from tools.errors import InvalidInput
from tools.owned import check_owned, owned_accelerators, read_owned

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "owned.yaml").read_text(encoding="utf-8"))
IDS = sorted(accelerators())


@pytest.mark.parametrize("case", CASES, ids=[case["that"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= {"that", "text", "counts", "unread", "notes"}, "a misspelt key would test nothing"
    owned = read_owned(case["text"])
    assert dict(owned.counts) == case["counts"]
    for kept, expected in ((owned.unread, case.get("unread")), (owned.notes, case.get("notes"))):
        if expected is not None:
            assert len(kept) == len(expected), kept
            assert all(part in text for part, text in zip(expected, kept, strict=True)), kept


@given(
    st.dictionaries(st.sampled_from(IDS), st.integers(1, 999), min_size=1, max_size=4),
    st.sampled_from((", ", " and ", "; ")),
)
def test_every_accelerator_is_read_back_under_its_own_id(counts: dict[str, int], joint: str) -> None:
    owned = read_owned(joint.join(f"{count} x {name}" for name, count in counts.items()))
    assert dict(owned.counts) == counts
    assert owned.unread == ()


@settings(max_examples=300)
@given(st.text(st.sampled_from("0123456789 x,.;-()/ahHlLvV10sgb4°é\n") | st.characters(), max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    owned = read_owned(text)
    assert owned_accelerators(text) == dict(owned.counts)
    assert set(owned.counts) <= set(IDS)
    assert all(count > 0 for count in owned.counts.values())


@pytest.mark.parametrize("text", ["gibberish", "yes", "100", "4 Z999", "a lot of computers"])
def test_a_file_that_names_no_accelerator_is_told_what_was_expected(text: str) -> None:
    with pytest.raises(
        InvalidInput, match=r"owned_gpus: .* expected accelerators with their counts, such as '4 x H100"
    ):
        check_owned(text)


@pytest.mark.parametrize("text", ["none", "", "16 V100", "4 x H100", "H100"])
def test_a_file_may_name_any_accelerator_or_none(text: str) -> None:
    assert check_owned(text) == read_owned(text)
