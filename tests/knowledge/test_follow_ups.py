"""Follow-ups find their articles with the earlier question's subject, and fewer without it."""

from pathlib import Path

import yaml

from agent.follow_up import standing_alone
from knowledge.retrieve import Retriever

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "knowledge_followups.yaml").read_text(encoding="utf-8"))


def _found(retriever: Retriever, question: str, articles: list[str]) -> bool:
    return any(Path(passage.source).stem in articles for passage in retriever.search(question, 3))


def test_the_earlier_subject_helps(retriever: Retriever) -> None:
    cases = CASES["follow_ups"]
    alone = sum(_found(retriever, case["ask"], case["articles"]) for case in cases)
    joined = sum(_found(retriever, standing_alone(case["ask"], case["after"]), case["articles"]) for case in cases)
    assert joined >= 0.9 * len(cases)
    assert joined > alone
