"""A whole query of the guidance index against the embedding of its text alone, on the same questions."""

import os
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.timing import Comparison, compare
from tools.data_files import parse_yaml

QUESTIONS = Path(__file__).parents[1] / "cases/knowledge_questions.yaml"


def run() -> Iterator[Comparison]:
    """Ask all questions of the development set, embedding included, of the built index."""
    from ui.settings import build_embedder, build_retriever, read_settings

    settings, embedder = read_settings(os.environ), build_embedder()
    retriever = build_retriever(settings, embedder)
    entries = parse_yaml(QUESTIONS.read_text(encoding="utf-8"), QUESTIONS.name)
    questions = [entry["ask"] for entry in entries["answerable"]]
    texts = iter(questions * 20)
    yield compare(
        "retrieval, one query",
        ("hybrid search", lambda: retriever.search(next(texts), 3)),
        ("embedding alone", lambda: embedder.embed([next(texts)])),
        rounds=120,
    )
