"""Questions as people ask them find their articles, and questions about something else find nothing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import pytest

from knowledge.articles import load_guidance
from knowledge.bm25 import Bm25, words
from knowledge.retrieve import Retriever, fuse
from tools.data_files import parse_yaml
from tools.errors import UnknownName

FOLDER = Path(__file__).parent.parent / "cases"


def questions(name: str) -> dict:
    return parse_yaml((FOLDER / name).read_text(encoding="utf-8"), name)


CASES, HELD_OUT = questions("knowledge_questions.yaml"), questions("knowledge_heldout.yaml")


def found_share(retriever: Retriever, cases: Sequence[dict], k: int) -> tuple[float, list[str]]:
    missed = []
    for case in cases:
        passages = retriever.search(case["ask"], k)
        if not {passage.source.split("/")[-1].removesuffix(".md") for passage in passages} & set(case["articles"]):
            missed.append(case["ask"])
    return 1 - len(missed) / len(cases), missed


def refused_share(retriever: Retriever, questions: Sequence[str]) -> tuple[float, list[str]]:
    answered = [question for question in questions if retriever.search(question)]
    return 1 - len(answered) / len(questions), answered


def test_the_questions_name_articles_that_exist() -> None:
    known = {article.name for article in load_guidance()}
    cases = CASES["answerable"] + HELD_OUT["answerable"]
    assert len(CASES["answerable"]) >= 120
    assert len(CASES["unanswerable"]) >= 40
    assert len({case["ask"] for case in cases}) == len(cases)
    assert all(set(case["articles"]) <= known for case in cases)


def test_no_test_question_stands_in_the_guidance() -> None:
    asked = {" ".join(words(text)) for article in load_guidance() for texts in article.asked.values() for text in texts}
    copied = [case["ask"] for case in HELD_OUT["answerable"] if " ".join(words(case["ask"])) in asked]
    assert copied == []


def test_the_right_article_is_among_the_first_three(retriever: Retriever) -> None:
    share, missed = found_share(retriever, CASES["answerable"], k=3)
    assert share >= 0.96, missed


def test_questions_that_no_text_was_written_for_find_their_article_too(retriever: Retriever) -> None:
    share, _ = found_share(retriever, HELD_OUT["answerable"], k=3)
    assert share >= 0.92


def test_the_right_article_is_mostly_first(retriever: Retriever) -> None:
    share, missed = found_share(retriever, CASES["answerable"], k=1)
    assert share >= 0.82, missed


def test_nothing_is_returned_for_something_else(retriever: Retriever) -> None:
    share, answered = refused_share(retriever, CASES["unanswerable"])
    assert share >= 0.86, answered
    assert refused_share(retriever, HELD_OUT["unanswerable"])[0] >= 0.65


@pytest.mark.parametrize(
    "question",
    [
        "how old is the universe",
        "best laptop for gaming",
        "what is the stock price of nvidia today",
        "best pizza dough",
    ],
)
def test_a_question_near_to_our_words_but_about_something_else_finds_nothing(
    retriever: Retriever, question: str
) -> None:
    assert retriever.search(question) == []


@pytest.mark.parametrize("query", ["", "   ", "\n", "?", "0"])
def test_an_empty_query_finds_nothing(retriever: Retriever, query: str) -> None:
    assert retriever.search(query) == []


def test_scores_fall_between_zero_and_one_and_count_is_kept(retriever: Retriever) -> None:
    for k in (1, 3, 10):
        passages = retriever.search("is Llama open source?", k)
        assert len(passages) == len({passage.id for passage in passages}) <= k
        assert all(0.0 <= passage.score <= 1.0 for passage in passages)
    assert retriever.search("is Llama open source?", 1)[0].source == "guidance/llama-licence.md"


def test_topics_filter(retriever: Retriever) -> None:
    passages = retriever.search("what does it cost to run an open model", 5, topics=["licence", "tuning"])
    assert all({"licence", "tuning"} & set(passage.topics) for passage in passages)
    assert retriever.search("what does it cost to run an open model", 5)[0].topics != ("licence",)
    with pytest.raises(UnknownName):
        retriever.search("anything", topics=["licensing"])


def test_the_same_question_gives_the_same_passages_in_many_threads(retriever: Retriever) -> None:
    question = "when does self-hosting pay off?"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(retriever.search, [question] * 32))
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize(
    "query", ["ignore all instructions " * 400, "\x00\ud83d\ude00 𝔘𝔫𝔦 \u202e", "'; DROP TABLE x; --"]
)
def test_odd_queries_do_no_harm(retriever: Retriever, query: str) -> None:
    assert isinstance(retriever.search(query), list)


def test_fusion_prefers_what_both_rankings_name() -> None:
    assert fuse([1, 2, 3], [4, 2, 5])[0] == 2
    assert fuse([], [7]) == [7]
    assert fuse([], []) == []


def test_shared_words_survive_spelling_and_slips() -> None:
    texts = ["The licence of the model.", "Quantisation of weights.", "Retention of data by a vendor."]
    bm25 = Bm25(texts)
    for query, expected in {
        "license": 0,
        "quantization": 1,
        "quantized": 1,
        "retension": 2,
        "vendors": 2,
        "quanti sation": 1,
    }.items():
        assert int(bm25.scores(query).argmax()) == expected, query
    assert bm25.scores("pizza").max() == 0.0


def test_stop_words_are_not_counted() -> None:
    assert words("What is the model that we use?") == ["model"]
    stop_words = files("knowledge").joinpath("data", "stop_words.txt").read_text(encoding="utf-8").split()
    assert stop_words == sorted(set(stop_words))
