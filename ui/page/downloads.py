"""Serves the report of a session as a file, made when it is asked for and kept nowhere. It renders nothing itself."""

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tools.errors import WeighbridgeError
from tools.report import Report, without_transcript

# A report is read, not run: no script, and nothing from anywhere.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}


def report_route(report_of: Callable[[str], Report]) -> Route:
    """Return the route `/report/SESSION.pdf` and its like.

    With `?look=1` the browser shows HTML and PDF; with `?transcript=off` the conversation is left out.
    """

    def serve(request: Request) -> Response:
        session, suffix = request.path_params["session"], request.path_params["suffix"]
        if suffix not in _TYPES:
            return PlainTextResponse(f"There is .{', .'.join(_TYPES)}.", 404)
        try:
            report = report_of(session)
            if request.query_params.get("transcript") == "off":
                report = without_transcript(report)
            content = _render(report, suffix)
        except WeighbridgeError as error:
            return PlainTextResponse(str(error), 404)
        look = suffix in ("html", "pdf") and "look" in request.query_params
        name = f'{"inline" if look else "attachment"}; filename="{file_name(report.title)}.{suffix}"'
        headers = {"content-disposition": name, "content-security-policy": _POLICY, "cache-control": "no-store"}
        return Response(content, media_type=_TYPES[suffix], headers=headers)

    return Route("/report/{session}.{suffix}", serve, methods=["GET"])


def file_name(title: str) -> str:
    """Return a title as a file name that every system takes."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "weighbridge-report"


def _render(report: Report, suffix: str) -> str | bytes:
    from ui.render import FORMATS

    return FORMATS[f".{suffix}"](report)
