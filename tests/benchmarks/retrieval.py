"""A whole query of the guidance, embedding included, beside the embedding alone, plain Chroma and plain BM25."""

from collections.abc import Iterator

from knowledge.embedder import Embedder
from tests.benchmarks.timing import Comparison, Measured, compare
from tests.evaluation.knowledge import OURS, load_questions, measure, searches

ROUNDS = 120


def run() -> Iterator[Comparison | Measured]:
    """Ask the development questions in turns, then say what each way of searching finds."""
    embedder = Embedder()
    cases = load_questions("development")
    questions = [case["ask"] for case in cases["answerable"]]
    with searches(embedder) as ways:
        for name in ("embedding alone", "plain Chroma", "plain BM25"):
            texts = iter(questions * 4)
            other = ways.get(name, lambda text: embedder.embed([text]))
            yield compare(
                "guidance, one query",
                ("ours", lambda texts=texts: ways[OURS](next(texts))),
                (name, lambda texts=texts, other=other: other(next(texts))),
                rounds=ROUNDS,
            )
        for name, search in ways.items():
            found = measure(search, cases)
            yield Measured(
                f"guidance, {name}",
                f"recall@3 {found.recall(3)}, MRR {found.mrr()} on {len(questions)} questions, "
                f"median {found.milliseconds:.1f} ms",
            )
