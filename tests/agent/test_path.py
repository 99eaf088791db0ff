"""The path of a conversation: what is noted, refused, asked, answered and decided, turn by turn."""

from pathlib import Path
from typing import Any

import pytest
from interview_fakes import fake_adviser
from interview_runs import load, run

CONVERSATIONS = load("path.yaml")


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=[c["name"] for c in CONVERSATIONS])
def test_conversation(conversation: dict[str, Any], tmp_path: Path) -> None:
    adviser = fake_adviser(tmp_path)
    run(adviser, conversation)
    adviser.close()
