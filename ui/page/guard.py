"""Guards every answer of the page's server: who may ask, and what a browser may do with it. It knows no page."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A page on another site that makes a name point here (DNS rebinding) sends that name; only our own are served.
_HOSTS = ("127.0.0.1", "localhost", "[::1]")
# Of what Gradio offers beside the page nothing is used: no file is uploaded, and no other program calls it.
_CLOSED = (
    "/gradio_api/upload",
    "/gradio_api/info",
    "/gradio_api/openapi.json",
    "/gradio_api/mcp",
    "/openapi.json",
    "/docs",
)

# Gradio's front end builds functions at run time ('unsafe-eval') and styles elements in place.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Refuses foreign hosts and closed paths, and adds headers that keep the browser from asking elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        host = Headers(scope=scope).get("host", "")
        if host.rsplit(":", 1)[0] not in _HOSTS and host not in _HOSTS:
            refusal = PlainTextResponse("Weighbridge answers only as 127.0.0.1 or localhost.", 403)
            await refusal(scope, receive, guarded)
        elif scope["path"].startswith(_CLOSED):
            await PlainTextResponse("Not offered.", 404)(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)
