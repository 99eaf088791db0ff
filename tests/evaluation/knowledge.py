"""Evaluates the guidance: which articles a question finds, what is refused, whether answers keep to their passages.

It knows no interview, and needs no language model: without a writer, an answer is made of quoted sentences.
"""

import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.answer import answer_question
from agent.grounding import held_up
from knowledge import store
from knowledge.articles import load_guidance
from knowledge.bm25 import Bm25
from knowledge.embedder import Embedder
from knowledge.index import build_index
from knowledge.passages import Entry, Passage, split_articles
from knowledge.retrieve import Retriever
from tests.evaluation.tables import Table, share
from tools.data_files import parse_yaml

CASES = Path(__file__).parents[1] / "cases"
SETS = {"development": "knowledge_questions.yaml", "held out": "knowledge_heldout.yaml"}
DEEPEST = 5
OURS = "Weighbridge"

Search = Callable[[str], Sequence[Passage]]


@dataclass(frozen=True, slots=True)
class Found:
    """How one way of searching did on one set."""

    ranks: Sequence[int | None]
    refused: Sequence[bool]
    milliseconds: float

    def recall(self, k: int) -> str:
        """Return the share of questions whose article is among the first `k` passages."""
        return share(sum(rank is not None and rank < k for rank in self.ranks), len(self.ranks))

    def mrr(self) -> str:
        """Return the mean reciprocal rank of the first right passage."""
        return share(sum(1 / (rank + 1) for rank in self.ranks if rank is not None), len(self.ranks))

    def row(self) -> list[str]:
        """Return the cells of a table."""
        recalls = [self.recall(k) for k in (1, 3, DEEPEST)]
        return [*recalls, self.mrr(), share(sum(self.refused), len(self.refused)), f"{self.milliseconds:.1f}"]


def load_questions(name: str) -> Mapping[str, Any]:
    """Read one set of questions."""
    cases: Mapping[str, Any] = parse_yaml((CASES / SETS[name]).read_text(encoding="utf-8"), SETS[name])
    return cases


@contextmanager
def searches(embedder: Embedder) -> Iterator[Mapping[str, Search]]:
    """Yield the ways of searching to compare; the plain ones have the passages alone and refuse nothing."""
    passages = {entry.passage.id: entry.passage for entry in split_articles(load_guidance())}
    texts = [f"{passage.title}\n{passage.text}" for passage in passages.values()]
    words, in_order = Bm25(texts), list(passages.values())
    with tempfile.TemporaryDirectory() as folder, store.opened(Path(folder) / "plain") as client:
        store.write(client, [Entry(passage, ()) for passage in in_order], embedder.embed(texts), {"embedder": "plain"})
        collection = store.collection_of(client)
        build_index(Path(folder) / "ours", embedder)
        ours = Retriever(Path(folder) / "ours", embedder)

        def dense(text: str) -> list[Passage]:
            return [passages[name] for name in store.nearest(collection, embedder.embed([text])[0], DEEPEST, ())]

        def sparse(text: str) -> list[Passage]:
            return [in_order[int(at)] for at in np.argsort(-words.scores(text), kind="stable")[:DEEPEST]]

        try:
            yield {"plain Chroma": dense, "plain BM25": sparse, OURS: lambda text: ours.search(text, DEEPEST)}
        finally:
            ours.close()


def measure(search: Search, cases: Mapping[str, Any], limit: int | None = None) -> Found:
    """Ask every question of a set."""
    ranks, seconds = [], []
    for case in cases["answerable"][:limit]:
        started = time.perf_counter()
        names = [Path(passage.source).stem for passage in search(case["ask"])]
        seconds.append(time.perf_counter() - started)
        ranks.append(next((at for at, name in enumerate(names) if name in case["articles"]), None))
    refused = [not search(question) for question in cases["unanswerable"][:limit]]
    return Found(ranks, refused, statistics.median(seconds) * 1000)


def retrieval_table(found: Mapping[tuple[str, str], Found]) -> Table:
    """Return a row for each set and way of searching."""
    columns = ["set", "search", "questions", "recall@1", "@3", "@5", "MRR", "refused", "ms median"]
    rows = [[name, way, str(len(one.ranks)), *one.row()] for (name, way), one in found.items()]
    return Table("Guidance: the right article among the first passages", columns, rows)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the sentences of the answers rest on."""

    sentences: int
    verbatim: int
    supported: int
    figures: int
    false_figures: int


def faithfulness(search: Search, embedder: Embedder, cases: Mapping[str, Any], limit: int | None = None) -> Kept:
    """Answer every question that finds something and hold each sentence against the passage that it cites."""
    sentences = verbatim = supported = figures = false = 0
    for case in cases["answerable"][:limit]:
        passages = list(search(case["ask"]))[:3]
        if not passages:
            continue
        texts = {passage.id: passage.text for passage in passages}
        answered = answer_question(case["ask"], passages, embedder, None)
        pieces = [piece.strip() for piece in re.split(r"\s*\[\d+\]\s*", answered.text) if piece.strip()]
        for piece, citation in zip(pieces, answered.citations, strict=True):
            source = texts[citation.id]
            sentences += 1
            verbatim += piece in source and citation.quote in source
            supported += piece in source or held_up(piece, [source], "")
            numbers = re.findall(r"\d+(?:[.,]\d+)*", piece)
            figures += len(numbers)
            false += sum(number not in source for number in numbers)
    return Kept(sentences, verbatim, supported, figures, false)


def answers_table(kept: Mapping[str, Kept]) -> Table:
    """Return a row for each set."""
    columns = ["set", "sentences", "verbatim", "supported", "figures", "not in the passage"]
    rows = [
        [name, str(one.sentences), share(one.verbatim, one.sentences), share(one.supported, one.sentences),
         str(one.figures), str(one.false_figures)]
        for name, one in kept.items()
    ]  # fmt: skip
    return Table("Guidance: what the answers rest on, without a language model", columns, rows)
