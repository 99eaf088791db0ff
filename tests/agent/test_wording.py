"""What is said of facts: short where a conversion left a long fraction, exact where somebody was exact."""

import pytest

from agent.reading.pipeline import Reader
from agent.wording import fact_words
from tools.facts import FactValue, Range


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("requests_per_day", 9000 / 7, "1,290 requests a day"),
        ("requests_per_day", 1234.0, "1,234 requests a day"),
        ("requests_per_day", 1234567.0, "1,234,567 requests a day"),
        ("requests_per_day", Range(65703.02, 98554.53), "65,700 to 98,600 requests a day"),
        ("weeks_to_launch", 10.8333, "10.8 weeks to launch"),
        ("platform_engineers", 2.5, "2.5 engineers to look after models"),
        ("monthly_growth", 0.0594631, "growth of 5.95% a month"),
        ("monthly_growth", 0.035, "growth of 3.5% a month"),
        ("uptime_target", 0.99863014, "uptime of 99.863%"),
        ("uptime_target", 0.9995, "uptime of 99.95%"),
        ("cached_share", 1 / 3, "33.3% of the input repeats"),
    ],
)
def test_facts_in_words(key: str, value: FactValue, words: str) -> None:
    assert fact_words(key, value) == words


def test_the_exact_value_is_kept() -> None:
    read = Reader(None, rules_only=True).read("9,000 orders a week")
    assert [fact.value for fact in read.facts] == [pytest.approx(9000 / 7)]
