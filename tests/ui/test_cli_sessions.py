"""`weighbridge sessions`: list, rename, delete, and a conversation carried from one folder to another."""

import json
from pathlib import Path

import pytest

from tests.ui.conftest import Weigh

SAID = "We want a chatbot for our customers that handles 5,000 requests per day."

pytestmark = pytest.mark.usefixtures("home_with_index")


@pytest.fixture
def talked(weigh: Weigh) -> str:
    assert weigh("chat", "--json", "--session", "mine", stdin=f"{SAID}\n").exit_code == 0
    return "mine"


def test_a_session_is_listed_renamed_and_deleted(weigh: Weigh, talked: str) -> None:
    assert weigh("sessions", "rename", talked, "Customer chat").exit_code == 0
    listed = json.loads(weigh("sessions", "--json").stdout)
    assert [(info["id"], info["title"]) for info in listed] == [(talked, "Customer chat")]
    assert weigh("sessions", "delete", "Customer chat", stdin="n\n").exit_code == 1
    assert len(json.loads(weigh("sessions", "--json").stdout)) == 1
    assert weigh("sessions", "delete", "Customer chat", "--yes").exit_code == 0
    assert json.loads(weigh("sessions", "--json").stdout) == []


def test_an_exported_session_is_imported_with_its_facts(weigh: Weigh, talked: str, tmp_path: Path) -> None:
    target = tmp_path / "mine.json"
    assert weigh("sessions", "export", talked, "--to", str(target)).exit_code == 0
    result = weigh("sessions", "import", str(target))
    assert result.exit_code == 0, result.stderr
    new = next(info["id"] for info in json.loads(weigh("sessions", "--json").stdout) if info["id"] != talked)
    assert new in result.stderr
    again = tmp_path / "again.json"
    assert weigh("sessions", "export", new, "--to", str(again)).exit_code == 0
    first, second = (json.loads(path.read_text("utf-8")) for path in (target, again))
    assert second["workloads"][0]["facts"] == first["workloads"][0]["facts"]
    assert second["workloads"][0]["facts"]["requests_per_day"]["value"] == 5000


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"{", "not JSON"), (b"{}", "format"), (b"\xff\xfe{\x00}\x00", "UTF-16"), (b"[]", "the file")],
)
def test_a_file_that_is_no_session_is_refused(weigh: Weigh, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    result = weigh("sessions", "import", str(path))
    assert result.exit_code == 2
    assert "broken.json" in result.stderr
    assert said in result.stderr


def test_a_session_that_is_not_there_is_named(weigh: Weigh, talked: str) -> None:
    result = weigh("sessions", "export", "theirs", "--to", "x.json")
    assert result.exit_code == 2
    assert "theirs" in result.stderr
