"""Which questions are about the user's own case, and so are answered from the results."""

import pytest

from agent.nodes.why import asks_about_option, asks_about_verdict


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
        "what's your confidence",
        "how many gpus is that",
        "what's the cheapest thing that works?",
        "ok what would you do",
        "why not openai",
    ],
)
def test_the_users_own_case(question: str) -> None:
    assert asks_about_verdict(question)


@pytest.mark.parametrize(
    "question", ["what should we do about GDPR?", "what is a token?", "what does it take?", "which licences are free?"]
)
def test_the_world(question: str) -> None:
    assert not asks_about_verdict(question)


@pytest.mark.parametrize(
    ("question", "about_option"),
    [
        ("what about claude on bedrock?", True),
        ("compare with deepseek", True),
        ("is it legal to use openai for this", True),
        ("can we use Llama commercially?", False),
        ("how do I compare two models?", False),
    ],
)
def test_another_option(question: str, about_option: bool) -> None:
    assert asks_about_option(question) == about_option
