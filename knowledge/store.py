"""Keeps passages and their vectors in a Chroma collection on disk. It knows no query, ranking or article.

One process writes a folder once; from then on the folder is only read, by as many processes as like.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.embedder import Vectors
from knowledge.passages import Entry, Passage

_COLLECTION = "guidance"


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything a collection holds: vector `row` belongs to entry `owners[row]` and stands for `texts[row]`.

    The first row of each entry stands for the passage itself; `firsts` are those rows, one per entry.
    """

    entries: tuple[Entry, ...]
    owners: NDArray[np.intp]
    firsts: NDArray[np.intp]
    texts: tuple[str, ...]
    vectors: Vectors


@contextmanager
def opened(folder: Path) -> Iterator[Any]:
    """Open a Chroma client on a folder, and close its files afterwards."""
    client = open_client(folder)
    try:
        yield client
    finally:
        client.close()


def open_client(folder: Path) -> Any:
    """Open a Chroma client that reports to nobody."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def write(client: Any, entries: Sequence[Entry], vectors: Vectors, about: dict[str, str]) -> None:
    """Write all entries into a new collection that `about` describes, a row for each of their texts."""
    collection = client.create_collection(
        _COLLECTION,
        metadata=about,
        # Without this Chroma would fetch an embedding model of its own at the first use.
        embedding_function=None,
        # A wide search makes the approximate index exact in practice at some thousand rows.
        configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}},
    )
    rows = [row for entry in entries for row in _rows(entry)]
    largest = client.get_max_batch_size()
    for start in range(0, len(rows), largest):
        batch = rows[start : start + largest]
        collection.add(
            ids=[name for name, _, _ in batch],
            embeddings=vectors[start : start + largest],
            documents=[text for _, text, _ in batch],
            metadatas=[metadata for _, _, metadata in batch],
        )


def _rows(entry: Entry) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield id, document and metadata of each row; row 0 is the passage, the others ways of asking for it."""
    passage = entry.passage
    common = {"passage": passage.id, "topics": list(passage.topics)}
    described = {**common, "row": 0, "title": passage.title, "source": passage.source}
    yield f"{passage.id}#0", passage.text, described
    for row, asked in enumerate(entry.asked, start=1):
        yield f"{passage.id}#{row}", asked, {**common, "row": row}


def collection_of(client: Any) -> Any:
    """Return the collection that `write` made."""
    return client.get_collection(_COLLECTION, embedding_function=None)


def read(collection: Any) -> Stored:
    """Read every entry with its vectors, in the order of the passages' ids."""
    found = collection.get(include=["documents", "metadatas", "embeddings"])
    metadatas = found["metadatas"]
    order = sorted(range(len(metadatas)), key=lambda at: (metadatas[at]["passage"], metadatas[at]["row"]))
    groups = [list(group) for _, group in groupby(order, key=lambda at: str(metadatas[at]["passage"]))]
    entries = tuple(_entry(group, found["documents"], metadatas) for group in groups)
    sizes = np.array([len(group) for group in groups], dtype=np.intp)
    return Stored(
        entries=entries,
        owners=np.repeat(np.arange(len(groups)), sizes),
        firsts=np.cumsum(sizes) - sizes,
        texts=tuple(text for entry in entries for text in entry.texts()),
        vectors=np.asarray(found["embeddings"], dtype=np.float32)[order],
    )


def nearest(collection: Any, vector: Vectors, count: int, topics: tuple[str, ...]) -> list[str]:
    """Return the ids of the passages nearest to one vector, nearest first; with topics, only theirs."""
    where = _having(topics)
    found = collection.query(query_embeddings=vector[None, :], n_results=count, where=where, include=[])
    return list(dict.fromkeys(str(name).rsplit("#", 1)[0] for name in found["ids"][0]))


def _having(topics: tuple[str, ...]) -> dict[str, Any] | None:
    conditions: list[dict[str, Any]] = [{"topics": {"$contains": topic}} for topic in topics]
    if len(conditions) > 1:
        return {"$or": conditions}
    return conditions[0] if conditions else None


def _entry(group: Sequence[int], documents: Sequence[str], metadatas: Sequence[dict[str, Any]]) -> Entry:
    first = metadatas[group[0]]
    passage = Passage(
        id=str(first["passage"]),
        title=str(first["title"]),
        text=documents[group[0]],
        score=0.0,
        source=str(first["source"]),
        topics=tuple(str(topic) for topic in first["topics"]),
    )
    return Entry(passage, tuple(documents[at] for at in group[1:]))
