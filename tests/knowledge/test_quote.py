"""A quote is a piece of the passage, character by character."""

import pytest

from knowledge.articles import load_guidance
from knowledge.embedder import Embedder
from knowledge.passages import Passage, split_articles
from knowledge.quote import best_sentences, sentences
from knowledge.retrieve import Retriever

PASSAGES = [entry.passage for entry in split_articles(load_guidance())]


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage.id)
def test_sentences_are_exact_pieces_in_order(passage: Passage) -> None:
    at = 0
    for piece in sentences(passage.text):
        at = passage.text.index(piece, at) + len(piece)
    kept = sum(len(piece.split()) for piece in sentences(passage.text))
    assert kept >= 0.9 * len(passage.text.replace("- ", "").split())


def test_abbreviations_numbers_and_short_starts_do_not_split() -> None:
    text = "No. It costs 4.5 USD, e.g. For one model at Meta Platforms Inc. A second sentence follows here."
    assert sentences(text) == [
        "No. It costs 4.5 USD, e.g. For one model at Meta Platforms Inc. A second sentence follows here."
    ]
    assert sentences("The first one ends here. The second one ends there!") == [
        "The first one ends here.",
        "The second one ends there!",
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("is Llama open source?", "No. Llama is an open-weight model"),
        ("what is a GGUF", "GGUF is a file format for language models"),
        ("what is a token", "A token is the piece of text"),
        ("how much notice does anthropic give before a shutdown", "Anthropic gives at least 60 days."),
        ("what is LoRA", "An adapter such as LoRA"),
    ],
)
def test_the_best_sentences_hold_the_answer(
    retriever: Retriever, embedder: Embedder, question: str, expected: str
) -> None:
    passage = retriever.search(question, 1)[0]
    quoted = best_sentences(question, passage, embedder, 2)
    assert len(quoted) <= 2
    assert all(sentence in passage.text for sentence in quoted)
    assert any(sentence.startswith(expected) for sentence in quoted), quoted


def test_nothing_is_quoted_from_nothing(embedder: Embedder) -> None:
    empty = Passage("x", "X", "Short.", 0.0, "guidance/x.md", ("basics",))
    assert best_sentences("anything", empty, embedder) == []
    assert best_sentences("anything", PASSAGES[0], embedder, 0) == []


def test_what_points_back_is_quoted_only_behind_what_it_points_to(embedder: Embedder) -> None:
    text = (
        "Red boats carry grain over the northern lake. Blue vessels bring letters from the islands. "
        "Their crews paint the hulls every spring. Crews of the red boats paint hulls in autumn."
    )
    quoted = best_sentences(
        "when do crews paint the hulls of boats",
        Passage("x", "X", text, 0.0, "guidance/x.md", ("basics",)),
        embedder,
        2,
    )
    assert "Crews of the red boats paint hulls in autumn." in quoted
    assert "Their crews paint the hulls every spring." not in quoted, "whose crews would be left open"
