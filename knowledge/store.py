"""Keeps passages and their vectors in a Chroma collection on disk. It knows no query, ranking or article.

One process writes a folder once; from then on the folder is only read, by as many processes as like.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.embedder import Vectors
from knowledge.passages import Passage

_COLLECTION = "guidance"


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything a collection holds, row by row."""

    passages: tuple[Passage, ...]
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
    # Set before the import: Chroma reads it there, and a setting passed later comes too late for some versions.
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def write(client: Any, passages: Sequence[Passage], vectors: Vectors, about: dict[str, str]) -> None:
    """Write all passages into a new collection; `about` becomes the collection's own metadata."""
    collection = client.create_collection(
        _COLLECTION,
        metadata=about,
        # Without this Chroma would fetch an embedding model of its own at the first use.
        embedding_function=None,
        # A wide search makes the approximate index exact in practice at a few hundred passages.
        configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}},
    )
    collection.add(
        ids=[passage.id for passage in passages],
        embeddings=vectors,
        documents=[passage.text for passage in passages],
        metadatas=[
            {"title": passage.title, "source": passage.source, "topics": list(passage.topics)}
            for passage in passages
        ],
    )


def collection_of(client: Any) -> Any:
    """Return the collection that `write` made."""
    return client.get_collection(_COLLECTION, embedding_function=None)


def read(collection: Any) -> Stored:
    """Read every passage with its vector, in the order of their ids."""
    rows = collection.get(include=["documents", "metadatas", "embeddings"])
    order = sorted(range(len(rows["ids"])), key=lambda row: str(rows["ids"][row]))
    passages = tuple(_passage(rows["ids"][row], rows["documents"][row], rows["metadatas"][row]) for row in order)
    return Stored(passages, np.asarray(rows["embeddings"], dtype=np.float32)[order])


def nearest(collection: Any, vector: Vectors, count: int, topics: tuple[str, ...]) -> list[str]:
    """Return the ids nearest to one vector, nearest first, only of passages with one of the topics, if any."""
    found = collection.query(query_embeddings=vector[None, :], n_results=count, where=_having(topics), include=[])
    return [str(name) for name in found["ids"][0]]


def _having(topics: tuple[str, ...]) -> dict[str, Any] | None:
    conditions: list[dict[str, Any]] = [{"topics": {"$contains": topic}} for topic in topics]
    if len(conditions) > 1:
        return {"$or": conditions}
    return conditions[0] if conditions else None


def _passage(name: str, text: str, metadata: dict[str, Any]) -> Passage:
    return Passage(
        id=name,
        title=str(metadata["title"]),
        text=text,
        score=0.0,
        source=str(metadata["source"]),
        topics=tuple(str(topic) for topic in metadata["topics"]),
    )
