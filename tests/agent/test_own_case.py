"""Which questions are about the user's own case, and so are answered from the results."""

import pytest

from agent.nodes.why import asks_about_verdict


@pytest.mark.parametrize(
    "question",
    [
        "so what should we use?",
        "what do you recommend so far?",
        "can you just tell me what to do?",
        "which model would you pick?",
        "whats the bottom line",
        "how much will it cost?",
        "what does self-hosting cost us then?",
        "how sure are you?",
    ],
)
def test_the_users_own_case(question: str) -> None:
    assert asks_about_verdict(question)


@pytest.mark.parametrize(
    "question", ["what should we do about GDPR?", "what is a token?", "what does it take?", "which licences are free?"]
)
def test_the_world(question: str) -> None:
    assert not asks_about_verdict(question)
