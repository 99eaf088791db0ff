"""The measures of the guidance's evaluation."""

from knowledge.passages import Passage
from tests.evaluation.knowledge import Found, load_questions, measure


def passage(name: str) -> Passage:
    return Passage(name, name, "Text.", 0.5, f"guidance/{name}.md", ("basics",))


def test_recall_counts_articles_and_refusals_count_empty_answers() -> None:
    cases = {
        "answerable": [{"ask": "a", "articles": ["one"]}, {"ask": "b", "articles": ["two"]}],
        "unanswerable": ["c", "d"],
    }
    found = measure(lambda text: [] if text == "c" else [passage("one"), passage("two")], cases)
    assert found.ranks == [0, 1]
    assert (found.recall(1), found.recall(3), found.mrr()) == ("0.500", "1.000", "0.750")
    assert found.refused == [True, False]


def test_a_question_without_its_article_counts_as_missed() -> None:
    assert Found([None, 3], [True], 1.0).row()[:4] == ["0.000", "0.000", "0.500", "0.125"]


def test_the_sets_are_large_enough() -> None:
    for name, least in (("development", 120), ("held out", 80)):
        assert len(load_questions(name)["answerable"]) >= least
