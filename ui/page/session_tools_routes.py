"""Hands conversations out and takes them in as files: JSON that `weighbridge sessions` reads and writes as well."""

import json
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from agent.adviser import Adviser
from tools.errors import WeighbridgeError
from ui.files import LARGEST_BYTES
from ui.page.downloads import file_name
from ui.page.uploads import is_own

# The adviser, or an error that says that it is not there yet.
GetAdviser = Callable[[], Adviser]


def session_routes(get_adviser: GetAdviser) -> list[Route]:
    """Return the routes `GET /session/SESSION.json` and `POST /sessions?name=…`, whose body is such a file."""

    def export(request: Request) -> Response:
        session = request.path_params["session"]
        try:
            adviser = get_adviser()
            copy = adviser.export(session)
        except WeighbridgeError as error:
            return PlainTextResponse(str(error), 404)
        name = file_name(str(copy["title"]) or "conversation")
        headers = {"content-disposition": f'attachment; filename="{name}.json"', "cache-control": "no-store"}
        text = json.dumps(copy, ensure_ascii=False, indent=2) + "\n"
        return Response(text, media_type="application/json", headers=headers)

    async def take_in(request: Request) -> PlainTextResponse:
        name = request.query_params.get("name", "") or "the file"
        origin = request.headers.get("origin", "")
        if request.headers.get("x-weighbridge") != "sessions" or not is_own(origin, request.headers["host"]):
            return PlainTextResponse("Only this page may import conversations.", 403)
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > LARGEST_BYTES:
                return PlainTextResponse(f"{name}: larger than {LARGEST_BYTES // 1_000_000} MB; nothing was imported.")
        return await run_in_threadpool(_taken, get_adviser, name, bytes(content))

    return [
        Route("/session/{session}.json", export, methods=["GET"]),
        Route("/sessions", take_in, methods=["POST"]),
    ]


def _taken(get_adviser: GetAdviser, name: str, content: bytes) -> PlainTextResponse:
    """Import one file; the page shows what is said, and a browser would log another status as an error."""
    try:
        plain = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return PlainTextResponse(f"{name}: not UTF-8 text; expected a file that was exported here.")
    except json.JSONDecodeError as error:
        return PlainTextResponse(
            f"{name}:{error.lineno}: not JSON: {error.msg}; expected a file that was exported here."
        )
    except RecursionError:
        return PlainTextResponse(f"{name}: nested too deeply; expected a file that was exported here.")
    try:
        info = get_adviser().take_in(plain, name)
    except WeighbridgeError as error:
        return PlainTextResponse(str(error))
    return PlainTextResponse(f"Imported “{info.title or 'New conversation'}” from {name}.")
