"""The card of the user's own documents, and what its buttons do. It reads no file; `ui/page/uploads.py` takes them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from agent.adviser import Adviser
from agent.wording import fact_words
from knowledge.documents.kinds import SUFFIXES
from tools.errors import WeighbridgeError
from tools.facts import check_value, spec_of
from ui.page import screen
from ui.page.cards import card

if TYPE_CHECKING:
    from ui.page.wiring import Handlers

Update = dict[Any, Any]


def documents_card(adviser: Adviser, session: str, workload: str, note: str = "") -> str:
    """Return the documents, what they state and nobody has answered yet, and the button to add more."""
    shelf = adviser.shelf
    if shelf is None:
        return ""
    offers = [
        {
            "id": offer.id,
            "place": offer.place,
            "quote": offer.quote,
            "fact": fact_words(offer.fact, check_value(spec_of(offer.fact), offer.value)),
        }
        for offer in adviser.offers(session, workload)
    ]
    documents = [{"id": one.id, "name": one.name, "pages": one.pages} for one in shelf.documents()]
    return card("documents", documents=documents, offers=offers, note=note, suffixes=",".join(SUFFIXES))


class DocumentHandlers:
    """Shows what was added, removes documents, and notes or leaves what they state."""

    def __init__(self, handlers: "Handlers") -> None:
        self._handlers = handlers

    def act(self, session: str, shown: str, event: gr.EventData) -> Iterator[Update]:
        """Do what was clicked."""
        adviser = self._handlers.adviser
        match event.action:
            case "added":
                yield self._card(session, shown, event.value)
            case "remove":
                yield self._removed(session, shown, event.value)
            case "accept" | "dismiss":
                accept, offer = event.action == "accept", event.value
                yield from self._handlers.take(
                    session, "", lambda emit, _: adviser.answer_offer(session, shown, offer, accept, emit)
                )

    def _removed(self, session: str, shown: str, document: str) -> Update:
        shelf = self._handlers.adviser.shelf
        if shelf is None:
            return {}
        try:
            name = shelf.remove(document).name
        except WeighbridgeError as error:
            return screen.problem(self._handlers.widgets, str(error))
        return self._card(session, shown, f"Removed {name}, with everything that was read from it.")

    def _card(self, session: str, shown: str, note: str) -> Update:
        return {self._handlers.widgets.documents: documents_card(self._handlers.adviser, session, shown, note)}
