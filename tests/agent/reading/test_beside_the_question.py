"""What is said of something else is no answer to the question, and is read for what it is."""

import pytest

from agent.reading.pipeline import Reader
from agent.reading.reading import Intent


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("nothing sensitive", "customization", {}),
        ("no idea about budget, as cheap as possible", "customization", {}),
        ("nobody here knows GPUs", "first_token_seconds", {"platform_team": "none"}),
        ("it must feel instant", "residency", {"interaction": "interactive"}),
        ("our budget is 5k a month", "customization", {"monthly_budget": 5000.0}),
        ("deadline for each is two days so no rush", "existing_vendors", {}),
        ("tuning is too expensive, prompts will do", "customization", {"customization": "prompting"}),
    ],
)
def test_facts(reader: Reader, text: str, asked: str, expected: dict[str, object]) -> None:
    assert {fact.key: fact.value for fact in reader.read(text, asked).facts} == expected


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what happens if a vendor shuts down the model", "question"),
        ("what happens when the model is retired?", "question"),
        ("what happens if we get ten times the traffic?", "what_if"),
        ("why not openai", "why"),
        ("Nothing classified. Can't go to a cloud vendor I think.", "answer"),
        ("thanks", "other"),
    ],
)
def test_intents(reader: Reader, text: str, intent: Intent) -> None:
    assert reader.read(text, "external_api").intent == intent


@pytest.mark.parametrize(
    ("text", "value"), [("ok and what if it doubles next year", 1800.0), ("what if the price doubles", None)]
)
def test_what_doubles(reader: Reader, text: str, value: float | None) -> None:
    supposed = {fact.key: fact.value for fact in reader.read(text, None, known={"requests_per_day": 900.0}).supposed}
    assert supposed.get("requests_per_day") == value
