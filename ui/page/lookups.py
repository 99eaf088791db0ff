"""Serves what the page's scripts look up while a person moves a slider or opens a source. It changes nothing."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from tools.errors import WeighbridgeError
from ui.page.loading import Opened
from ui.page.passages import passage_card
from ui.page.what_if import verdict_of, what_if_answer

# What was opened, or None while the page is getting ready.
GetOpened = Callable[[], Opened | None]
_NOT_READY = "Weighbridge is still getting ready. Wait a moment and try again."


def lookup_routes(opened_now: GetOpened) -> list[Route]:
    """Return the routes `GET /whatif/SESSION?workload=…&FACT=…` and `GET /passage/ID`, which answer in HTML."""

    def whatif(request: Request) -> Response:
        opened = opened_now()
        if opened is None:
            return PlainTextResponse(_NOT_READY, 503)
        moved = dict(request.query_params)
        name = moved.pop("workload", "")
        try:
            session = request.path_params["session"]
            portfolio = opened.adviser.portfolio(session)
            today = verdict_of(opened.adviser.view(session), name)
            return _answer(what_if_answer(portfolio, name, moved, today, opened.today()))
        except WeighbridgeError as error:
            return PlainTextResponse(str(error), 422)

    def passage(request: Request) -> Response:
        opened = opened_now()
        if opened is None:
            return PlainTextResponse(_NOT_READY, 503)
        return _answer(passage_card(request.path_params["passage"]))

    return [
        Route("/whatif/{session}", whatif, methods=["GET"]),
        Route("/passage/{passage:path}", passage, methods=["GET"]),
    ]


def _answer(html: str) -> HTMLResponse:
    return HTMLResponse(html, headers={"cache-control": "no-store"})
