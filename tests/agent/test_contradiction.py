"""When two statements about one fact can both hold, and what a reply of yes or no looks like."""

import pytest

from agent.contradiction import merged, yes_or_no
from tools.facts import FactValue, Range, spec_of

CASES: list[tuple[str, FactValue, FactValue, str, FactValue | None]] = [
    ("requests_per_day", 40000.0, 40000.0, "40k", 40000.0),
    ("requests_per_day", 40000.0, 50000.0, "50k", None),
    ("requests_per_day", Range(30000.0, 50000.0), 40000.0, "40k", 40000.0),
    ("requests_per_day", Range(30000.0, 50000.0), 60000.0, "60k", None),
    ("requests_per_day", Range(30000.0, 50000.0), Range(35000.0, 45000.0), "35 to 45k", Range(35000.0, 45000.0)),
    ("requests_per_day", 40000.0, Range(30000.0, 50000.0), "30 to 50k", 40000.0),
    ("external_api", "allowed", "forbidden", "it must not leave", None),
    ("data_class", ("pii",), ("health",), "health data", None),
    ("data_class", ("pii",), ("health",), "there is also health data", ("pii", "health")),
    ("data_class", ("pii",), ("pii", "health"), "personal and health data", ("pii", "health")),
    ("regulations", ("none",), ("gdpr",), "also GDPR", None),
    ("air_gapped", False, True, "no internet", None),
]


@pytest.mark.parametrize(("key", "old", "new", "message", "expected"), CASES)
def test_merged(key: str, old: FactValue, new: FactValue, message: str, expected: FactValue | None) -> None:
    assert merged(spec_of(key), old, new, message) == expected


@pytest.mark.parametrize("message", ["yes", "Yes, please", "yep", "correct", "the new one", "OK do that"])
def test_yes(message: str) -> None:
    assert yes_or_no(message) is True


@pytest.mark.parametrize("message", ["no", "No, the old one", "keep it", "the first", "nope", "leave it as it is"])
def test_no(message: str) -> None:
    assert yes_or_no(message) is False


@pytest.mark.parametrize("message", ["about 40k", "is Llama open source?", "nobody knows", "yesterday it was 5"])
def test_neither(message: str) -> None:
    assert yes_or_no(message) is None
