"""The large sentence model's file: joined from pieces, fetched from the hub, refused where its bytes are wrong."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hub_server import Hub
from tiny_model import BODY

from models import encoder_file, hub_download
from models.catalogue import load_catalogue
from models.encoder_file import EncoderEntry, EncoderStore, HubFile, PackageArchive, encoder_entry
from tools.errors import ModelMissing

PIECES = 3


def _archive(body: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("large/model.safetensors", body)
    return made.getvalue()


def _wheels(whole: bytes) -> Callable[[str, Path, Callable[[], None]], None]:
    """Serve an archive in pieces, each in a wheel of its own."""
    step = -(-len(whole) // PIECES)

    def fetch(requirement: str, folder: Path, tick: Callable[[], None]) -> None:
        number = int(requirement.split("==")[0].rsplit("-", 1)[1])
        folder.mkdir(exist_ok=True)
        with zipfile.ZipFile(folder / f"part{number}.whl", "w") as wheel:
            wheel.writestr(f"part_{number:03}/input/large.zip.{number:03}", whole[(number - 1) * step : number * step])

    return fetch


@pytest.fixture
def entry() -> EncoderEntry:
    source = PackageArchive(
        "package_archive", "large-part-{n:03}", "1.0", PIECES, "part_{n:03}/input/large.zip.{n:03}",
        len(_archive(BODY)), "large/model.safetensors",
    )  # fmt: skip
    found = replace(encoder_entry(), size_bytes=len(BODY), sha256=hashlib.sha256(BODY).hexdigest(), sources=(source,))
    assert isinstance(found, EncoderEntry)
    return found


def test_the_packaged_entry_names_a_hub_and_the_pieces() -> None:
    kinds = [source.kind for source in encoder_entry().sources]
    assert kinds == ["huggingface", "package_archive"]
    pieces = encoder_entry().sources[1]
    assert isinstance(pieces, PackageArchive)
    assert pieces.package.format(n=1).endswith("-001")


def test_pieces_become_the_file_and_nothing_else_stays(tmp_path: Path, entry: EncoderEntry) -> None:
    store = EncoderStore(tmp_path / "encoder", entry=entry, fetch_wheel=_wheels(_archive(BODY)))
    assert store.path() is None
    assert store.pull().read_bytes() == BODY
    assert store.path() == store.pull()
    assert [path.suffix for path in store.root.iterdir() if path.suffix != ".lock"] == [".safetensors"]


def test_the_hub_is_asked_first(
    tmp_path: Path, entry: EncoderEntry, hub: Hub, hub_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = replace(load_catalogue(), hub=hub_address)
    monkeypatch.setattr(encoder_file, "load_catalogue", lambda: catalogue)
    from_hub = replace(entry, sources=(HubFile("huggingface", "nobody/large", "model.safetensors", "main"),))
    assert EncoderStore(tmp_path / "encoder", entry=from_hub).pull().read_bytes() == BODY
    assert len(hub.ranges) == 1


@pytest.mark.parametrize(
    ("whole", "reason"),
    [(_archive(BODY[:-1] + b"!"), "expected [0-9a-f]{64}; it was deleted"), (b"no archive", "cannot be read")],
)
def test_wrong_bytes_are_deleted_and_said(tmp_path: Path, entry: EncoderEntry, whole: bytes, reason: str) -> None:
    store = EncoderStore(tmp_path / "encoder", entry=entry, fetch_wheel=_wheels(whole))
    with pytest.raises(ModelMissing, match=reason):
        store.pull()
    assert store.path() is None
    assert [path.suffix for path in store.root.iterdir() if path.suffix != ".lock"] == []


def test_no_source_at_all_says_what_to_do(tmp_path: Path, entry: EncoderEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_download.download, "__defaults__", (lambda seconds: None,))
    monkeypatch.setattr(encoder_file, "load_catalogue", lambda: replace(load_catalogue(), hub="http://127.0.0.1:9"))
    away = replace(entry, sources=(HubFile("huggingface", "nobody/large", "model.safetensors", "main"),))
    with pytest.raises(ModelMissing, match="weighbridge models encoder"):
        EncoderStore(tmp_path / "encoder", entry=away).pull()
