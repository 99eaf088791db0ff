"""A vendor that the guidance does not name is asked about as what it is."""

import pytest

from knowledge.names import with_known_names
from knowledge.retrieve import Retriever


@pytest.mark.parametrize(
    ("query", "known", "said"),
    [
        ("are we locked in with deepinfra?", set(), "are we locked in with our host?"),
        ("Can Novita AI see our data", set(), "Can our host see our data"),
        ("is Groq fast?", {"groq"}, "is Groq fast?"),
        ("is openai-compatible enough?", set(), "is openai-compatible enough?"),
    ],
)
def test_names_that_nobody_knows(query: str, known: set[str], said: str) -> None:
    assert with_known_names(query, known.__contains__) == said


def test_a_host_of_an_unknown_name_is_found_under_lock_in(retriever: Retriever) -> None:
    assert retriever.search("are we locked in with deepinfra?")[0].source == "guidance/lock-in-and-fall-back.md"
