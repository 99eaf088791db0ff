"""How a report writes figures."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tools.assessment import MoneyRange
from ui.render.markdown import escaped, fenced
from ui.render.words import amount_words, assumed_words, money_words, price_words, quantity_words, sentence


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (13472.2, "$13,472"),
        (60.0, "$60.00"),
        (1.6, "$1.60"),
        (0.5659, "$0.566"),
        (0.7, "$0.70"),
        (0.005, "$0.005"),
        (None, "not known"),
    ],
)
def test_price(usd: float | None, text: str) -> None:
    assert price_words(usd) == text


@pytest.mark.parametrize(("usd", "text"), [(12345.4, "$12,345"), (8.666, "$8.67"), (0.0, "$0.00"), (None, "not known")])
def test_amount(usd: float | None, text: str) -> None:
    assert amount_words(usd) == text


@pytest.mark.parametrize(
    ("quantity", "text"),
    [(1386.92, "1,387"), (0.10156, "0.102"), (2.0, "2"), (31.24, "31.2"), (2.5e9, "2.5 billion")],
)
def test_quantity(quantity: float, text: str) -> None:
    assert quantity_words(quantity) == text


def test_money() -> None:
    assert money_words(None).expected == "not known"
    assert money_words(MoneyRange(10.0, 20.0, 30.4)).span == "$10 – $30"
    assert money_words(MoneyRange(20.0, 20.0, 20.0)).span == "the same in every case"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("1e+06 to 5e+08, usually 2e+07 (USD per year)", "1 million to 500 million, usually 20 million (USD per year)"),
        ("90000 to 250000", "90,000 to 250,000"),
        ("0.08 to 0.3, usually 0.15", "0.08 to 0.3, usually 0.15"),
        ("general 100%", "general"),
        ("false", "no"),
    ],
)
def test_assumptions(raw: str, text: str) -> None:
    assert assumed_words(raw) == text


@pytest.mark.parametrize(("raw", "text"), [("run it", "Run it."), ("Why?", "Why?"), ("", "")])
def test_sentence(raw: str, text: str) -> None:
    assert sentence(raw) == text


@example("__0__")
@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
def test_escaped_text_is_printed_as_it_was(text: str) -> None:
    """Law: what CommonMark makes of an escaped line is that line, and nothing else."""
    tokens = MarkdownIt("commonmark").parse(f"x {escaped(text)}\n")
    shown = "".join(child.content for token in tokens for child in token.children or [])
    assert shown == f"x {' '.join(text.split())}".rstrip()
    alone = MarkdownIt("commonmark").parse(f"{escaped(text)}\n")
    assert {token.type for token in alone} <= {"paragraph_open", "inline", "paragraph_close"}


@given(st.text(alphabet=st.sampled_from("`a\n ~"), max_size=30))
def test_a_fence_holds_the_text_word_for_word(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(fenced(text))
    assert [token.content for token in tokens] == [f"{text}\n"]
