"""Reads facts that own documents state, to be offered with quote and place. It stores none and asks nobody."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from agent.context import Reads
from agent.documents.offer import Offer
from agent.documents.statements import patterns, statements
from knowledge.documents.library import OwnDocument
from knowledge.documents.part import Part
from tools.errors import InvalidInput
from tools.facts import FactValue, check_value, plain_value, spec_of

# A sentence takes the reader up to a second; a policy states what matters in fewer than these.
MOST_STATEMENTS = 60
# The reader was made for people who describe a workload; in a policy only its surer readings are worth a question.
LEAST_CONFIDENCE = 0.85

Progress = Callable[[int, int], None]


class Library(Protocol):
    """What is needed of the library of own documents."""

    def documents(self) -> list[OwnDocument]: ...

    def add_content(self, name: str, content: bytes, today: date) -> OwnDocument: ...

    def remove(self, name: str) -> OwnDocument: ...

    def offers(self, document: OwnDocument) -> list[dict[str, Any]] | None: ...

    def keep_offers(self, document: OwnDocument, offers: Sequence[dict[str, Any]]) -> None: ...


class OfferBook:
    """The documents of a library and what they offer."""

    def __init__(self, library: Library, reader: Reads) -> None:
        self._library, self._reader = library, reader

    def current(self) -> list[Offer]:
        """Return what is offered now; a document that was not read yet offers nothing."""
        kept = (self._library.offers(document) or [] for document in self._library.documents())
        return [Offer(**plain) for offers in kept for plain in offers]

    def documents(self) -> list[OwnDocument]:
        """Return the documents by name."""
        return self._library.documents()

    def add(self, name: str, content: bytes, today: date) -> tuple[OwnDocument, list[Offer]]:
        """Take in a file that is in memory and read it for facts."""
        document = self._library.add_content(name, content, today)
        return document, self.read(document)

    def remove(self, name: str) -> OwnDocument:
        """Forget a document and what it offered."""
        return self._library.remove(name)

    def read(self, document: OwnDocument, progress: Progress | None = None) -> list[Offer]:
        """Read a document for facts and keep what it offers beside it."""
        offers = read_offers(document, self._reader, progress)
        self._library.keep_offers(document, [offer.to_json() for offer in offers])
        return offers


def read_offers(document: OwnDocument, reader: Reads, progress: Progress | None = None) -> list[Offer]:
    """Return the facts that the sentences of a document state, each value of a fact once."""
    found: dict[str, Offer] = {}
    pairs = list(_statements(document))
    for done, (part, statement) in enumerate(pairs, start=1):
        for key, value in stated_facts(statement, reader):
            digest = hashlib.sha256(f"{document.id} {key} {value!r}".encode()).hexdigest()[:12]
            offer = Offer(digest, key, plain_value(value), statement, document.place(part))
            found.setdefault(offer.id, offer)
        if progress is not None:
            progress(done, len(pairs))
    return list(found.values())


def stated_facts(statement: str, reader: Reads) -> Iterator[tuple[str, FactValue]]:
    """Yield the facts of one sentence that a policy may state and whose words it has."""
    table = patterns()
    banned = table.subject.search(statement) and table.named.search(statement) and table.forbids.search(statement)
    if banned:
        yield "chinese_models", "forbidden"
    for fact in reader.read(statement, None).facts:
        words = table.facts.get(fact.key)
        if words is None or not words.search(statement) or fact.confidence < LEAST_CONFIDENCE:
            continue
        if banned and fact.key == "chinese_models":
            continue
        try:
            yield fact.key, check_value(spec_of(fact.key), fact.value)
        except InvalidInput:
            continue


def _statements(document: OwnDocument) -> list[tuple[Part, str]]:
    pairs = ((part, statement) for part in document.parts for statement in statements(part.text))
    return [pair for _, pair in zip(range(MOST_STATEMENTS), pairs, strict=False)]
