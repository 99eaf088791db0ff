"""Takes the user's own documents from the page: bytes in, one sentence out. No copy is kept beside the library."""

from collections.abc import Callable
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from agent.documents.offers import OfferBook
from knowledge.documents.extract import MOST_BYTES
from tools.errors import WeighbridgeError

Shelf = Callable[[], OfferBook | None]


def no_shelf() -> OfferBook | None:
    """Return what stands in where own documents are left out."""
    return None


def upload_route(shelf: Shelf) -> Route:
    """Return the route `POST /documents?name=…`, whose body is the file.

    The header cannot be set by a form of another site, and a script of another site may not set it either.
    """

    async def take(request: Request) -> PlainTextResponse:
        name = request.query_params.get("name", "")
        origin = request.headers.get("origin", "")
        if request.headers.get("x-weighbridge") != "documents" or not is_own(origin, request.headers["host"]):
            return PlainTextResponse("Only this page may add documents.", 403)
        book = shelf()
        if book is None or not name:
            return PlainTextResponse("Own documents are left out (WEIGHBRIDGE_OWN_DOCUMENTS), or not ready yet.", 404)
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > MOST_BYTES:
                return PlainTextResponse(f"{name}: is larger than {MOST_BYTES // 1_000_000} MB; split it.")
        return await run_in_threadpool(_added, book, name, bytes(content))

    return Route("/documents", take, methods=["POST"])


def is_own(origin: str, host: str) -> bool:
    """Say whether a request comes from a page of ours."""
    return not origin or origin.partition("://")[2] == host


def _added(book: OfferBook, name: str, content: bytes) -> PlainTextResponse:
    try:
        document, offers = book.add(name, content, datetime.now().date())
    except WeighbridgeError as error:
        return PlainTextResponse(str(error))  # the page shows it; a browser would log another status as an error
    held = f" {len(document.held)} sentences that speak to a language model were held back." if document.held else ""
    count = f" {len(offers)} of its sentences can be noted as facts." if offers else ""
    return PlainTextResponse(f"Added {document.name}.{count}{held}")
