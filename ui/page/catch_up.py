"""Brings a page up to date when another tab or the terminal has gone on with its conversation."""

from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ui.page import screen
from ui.page.wiring import Handlers

_DELETED = "That conversation was deleted in another window. Here is a new one."


class CatchUp:
    """Tells whether a page is behind, and shows it where its conversation stands."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers

    def show(self, session: str) -> Iterator[dict[Any, Any]]:
        """Show the conversation as it is now; a turn that is running elsewhere is followed to its end."""
        if self.stamp(session):
            yield from self._handlers.open(session)
        else:
            yield {**self._handlers.new(""), **screen.problem(self._handlers.widgets, _DELETED)}

    def stamp(self, session: str) -> str:
        """Return what changes with every turn of a session; empty where there is no such session."""
        stamp = screen.stamp_of(self._handlers.adviser.sessions(), session)
        return f"{stamp} and on" if stamp and self._handlers.turns.running(session) else stamp

    def route(self) -> Route:
        """Return the route `GET /stamp/SESSION`, which the page's script asks."""

        def stamp(request: Request) -> PlainTextResponse:
            if self._handlers.opened() is None:
                return PlainTextResponse("", 503)
            text = self.stamp(request.path_params["session"])
            return PlainTextResponse(text, headers={"cache-control": "no-store"})

        return Route("/stamp/{session}", stamp, methods=["GET"])
