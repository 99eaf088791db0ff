"""Adds markup to the page as it is sent: Gradio draws nothing until its scripts run. It knows no theme and no box."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEAD = b"<head>"
_BODY = re.compile(rb"<body[^>]*>")


class FirstPaint:
    """Adds markup to the start of head and body of `/`, and leaves everything else alone."""

    def __init__(self, app: ASGIApp, head: str, body: str) -> None:
        self._app, self._head, self._body = app, head.encode(), body.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        started: list[Message] = []
        body = bytearray()

        async def added(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            whole = bytes(body).replace(_HEAD, _HEAD + self._head, 1)
            whole = _BODY.sub(lambda found: found[0] + self._body, whole, count=1)
            MutableHeaders(scope=started[0])["content-length"] = str(len(whole))
            await send(started[0])
            await send({"type": "http.response.body", "body": whole})

        await self._app(scope, receive, added)
