"""A hub on loopback that speaks Range and can break in the ways a real one does."""

import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Hub:
    """What is served and how it misbehaves; `ranges` keeps the Range header of every request."""

    body: bytes
    etag: str = '"v1"'
    cut_after: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    honours_range: bool = True
    seconds_a_piece: float = 0.0
    ranges: list[str | None] = field(default_factory=list)

    def start(self) -> ThreadingHTTPServer:
        """Serve on a free port until the server is shut down."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        Thread(target=server.serve_forever, daemon=True).start()
        return server


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            hub.ranges.append(self.headers["Range"])
            if hub.statuses:
                self.send_error(hub.statuses.pop(0))
                return
            start = self._start()
            if start >= len(hub.body):
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(hub.body) - start))
            self.send_header("ETag", hub.etag)
            self.end_headers()
            piece = hub.body[start:]
            if hub.cut_after:
                self.wfile.write(piece[: hub.cut_after.pop(0)])
                self.close_connection = True
            else:
                self._write(piece)

        def _write(self, body: bytes) -> None:
            """Send the rest, in a hundred pieces with pauses where the hub is slow."""
            step = -(-len(body) // 100) if hub.seconds_a_piece and body else len(body) or 1
            for start in range(0, len(body), step):
                time.sleep(hub.seconds_a_piece)
                try:
                    self.wfile.write(body[start : start + step])
                except ConnectionError:  # the reader has gone
                    self.close_connection = True
                    return

        def _start(self) -> int:
            asked = self.headers["Range"]
            fresh = self.headers["If-Range"] in (None, hub.etag)
            return int(asked[len("bytes=") : -1]) if asked and fresh and hub.honours_range else 0

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test output clean."""

    return Handler
