"""Laws of the recognisers: offsets, scaling, periods, ranges, and silence where nothing is said."""

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.recognise import candidates, merge, recognise
from agent.recognise.values import lower, upper
from agent.recognise.words import table
from tools.facts import Range, check_value, fact_dictionary, spec_of

PIECES = [
    "about", "40k", "1,250,000", "tickets", "a day", "per month", "tokens", "not", "between", "300",
    "and", "400", "%", "$", "€1.2k", "half", "a third", "three nines", "nobody", "platform team",
    "leave our servers", "the EU", "we", "?", ".", ",", "if", "is", "peak", "4x", "H100", "two",
    "six weeks", "ms", "İ", "１２", "½", "-", "–", "to", "up to", "budget", "no", "Chinese models",
    "GDPR", "kWh", "\n", "million", "hundred", "dozen", "couple of", "grows", "users", "engineers",
]  # fmt: skip
MESSAGES = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)
SILENT = st.lists(
    st.sampled_from(["lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "elit", "tempor", "magna", "aliqua"]),
    max_size=30,
).map(" ".join)


@given(st.one_of(MESSAGES, st.text(max_size=200)), st.sampled_from([None, *fact_dictionary()]))
@settings(deadline=None, max_examples=300)
def test_any_text_is_read_and_every_quote_is_in_it(text: str, asked: str | None) -> None:
    for quantity in recognise(text):
        assert text[quantity.start : quantity.end] == quantity.quote
        assert lower(quantity.value) <= upper(quantity.value)
    for candidate in candidates(text, asked):
        assert text[candidate.start : candidate.end] == candidate.quote
        assert candidate.quote
        assert check_value(spec_of(candidate.key), candidate.value) is not None


@given(MESSAGES)
@settings(deadline=None)
def test_quantities_are_in_order_and_do_not_overlap(text: str) -> None:
    found = recognise(text)
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(MESSAGES)
@settings(deadline=None)
def test_merging_leaves_one_candidate_per_fact_and_merging_again_changes_nothing(text: str) -> None:
    merged = merge(candidates(text))
    assert len({candidate.key for candidate in merged}) == len(merged)
    assert merge(merged) == merged


@given(st.integers(min_value=0, max_value=10**14))
@settings(deadline=None)
def test_a_grouped_integer_is_itself(number: int) -> None:
    (quantity,) = recognise(f"{number:,} tickets")
    assert quantity.value == number


@given(
    st.integers(min_value=1, max_value=999),
    st.sampled_from(
        [
            ("k", 1e3),
            ("K", 1e3),
            ("M", 1e6),
            (" million", 1e6),
            ("bn", 1e9),
            (" thousand", 1e3),
            (" hundred thousand", 1e5),
        ]
    ),
)
@settings(deadline=None)
def test_a_suffix_multiplies(number: int, suffix: tuple[str, float]) -> None:
    (quantity,) = recognise(f"{number}{suffix[0]} tickets")
    assert quantity.value == number * suffix[1]


@given(
    st.integers(min_value=1, max_value=10**6),
    st.integers(min_value=1, max_value=10),  # more a second would pass the dictionary's maximum
    st.sampled_from(["second", "hour", "day", "week", "month", "year"]),
)
@settings(deadline=None)
def test_a_rate_converts_linearly(number: int, times: int, period: str) -> None:
    (one,) = candidates(f"{number} requests per {period}")
    (many,) = candidates(f"{number * times} requests per {period}")
    assert isinstance(one.value, float)
    assert isinstance(many.value, float)
    assert abs(many.value - one.value * times) <= 1e-9 * many.value


@given(st.integers(min_value=1, max_value=10**6), st.integers(min_value=1, max_value=10**6))
@settings(deadline=None)
def test_a_range_keeps_its_ends_in_order(first: int, second: int) -> None:
    low, high = sorted((first, second + first))
    (quantity,) = recognise(f"between {low} and {high} tickets")
    assert quantity.value == Range(low, high)


@given(SILENT)
@settings(deadline=None)
def test_text_without_numbers_or_known_words_states_nothing(text: str) -> None:
    assert candidates(text) == []


def test_five_thousand_characters_of_the_same_are_read() -> None:
    for piece in (
        "1,",
        "a ",
        "and a half ",
        "1 ",
        "not ",
        "we have no ",
        "between 1 and ",
        "a day ",
        "data must stay in the ",
    ):
        candidates((piece * 5000)[:5000])


def test_every_lexicon_entry_names_a_fact_and_one_of_its_values() -> None:
    for key, entries in table("lexicon.yaml")["facts"].items():
        spec = spec_of(key)
        for entry in entries:
            assert set(entry) <= {"value", "say", "unless", "when", "denied", "certain", "confidence"}
            for value in (entry["value"], entry.get("denied", "drop")):
                assert value in ("drop", "region") or isinstance(value, bool) or value in spec.values
            assert all(re.search(r"\w", pattern) for pattern in entry["say"])


def test_every_short_answer_gives_a_value_of_its_fact() -> None:
    answers = table("answers.yaml")
    for key, values in answers["facts"].items():
        for value, phrases in values.items():
            meant = phrases if value in ("yes", "no") else value
            assert check_value(spec_of(key), [meant] if spec_of(key).type == "set" else meant) is not None
