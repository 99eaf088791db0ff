"""A server on 127.0.0.1 that speaks the Messages API: streamed events, errors, and the ways a network breaks."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Step = Callable[["_Handler"], None]


@dataclass
class Loopback:
    """What to answer, one step per request (the last repeats), and everything that arrived."""

    steps: list[Step] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)
    disconnected: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Loopback

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        number = len(self.state.requests)
        self.state.requests.append(json.loads(self.rfile.read(length)))
        self.state.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.state.paths.append(self.path)
        self.state.steps[min(number, len(self.state.steps) - 1)](self)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""

    def start(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.close_connection = True

    def event(self, name: str, data: object) -> None:
        self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()


def start_message(handler: _Handler, cached: int = 0) -> None:
    """Send everything that comes before the first word."""
    usage = {"input_tokens": 90, "output_tokens": 1, "cache_read_input_tokens": cached}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-5-5", "content": []}
    handler.event("message_start", {"type": "message_start", "message": {**message, "usage": usage}})
    thinking = {"type": "thinking", "thinking": "", "signature": ""}
    handler.event("content_block_start", {"type": "content_block_start", "index": 0, "content_block": thinking})
    hidden = {"type": "thinking_delta", "thinking": "never shown"}
    handler.event("content_block_delta", {"type": "content_block_delta", "index": 0, "delta": hidden})
    handler.event("content_block_stop", {"type": "content_block_stop", "index": 0})
    handler.event("ping", {"type": "ping"})
    text = {"type": "text", "text": ""}
    handler.event("content_block_start", {"type": "content_block_start", "index": 1, "content_block": text})


def words(handler: _Handler, text: str) -> None:
    """Send one piece of the answer."""
    delta = {"type": "text_delta", "text": text}
    handler.event("content_block_delta", {"type": "content_block_delta", "index": 1, "delta": delta})


def end_message(handler: _Handler, stop_reason: str) -> None:
    """Close the answer as the API does."""
    handler.event("content_block_stop", {"type": "content_block_stop", "index": 1})
    delta = {"stop_reason": stop_reason, "stop_sequence": None}
    handler.event("message_delta", {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 42}})
    handler.event("message_stop", {"type": "message_stop"})


def answer(*pieces: str, stop_reason: str = "end_turn", cached: int = 0) -> Step:
    """Stream these pieces as a whole answer."""

    def step(handler: _Handler) -> None:
        handler.start()
        start_message(handler, cached)
        for piece in pieces:
            words(handler, piece)
        end_message(handler, stop_reason)

    return step


def error(status: int, kind: str, message: str = "as told", **headers: str) -> Step:
    """Answer with an error as the API does."""

    def step(handler: _Handler) -> None:
        handler.start(status, "application/json", request_id="req_7", **headers)
        body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_7"}
        handler.wfile.write(json.dumps(body).encode())

    return step


def error_in_stream(kind: str) -> Step:
    """Begin an answer and break it off with an error event."""

    def step(handler: _Handler) -> None:
        handler.start()
        start_message(handler)
        words(handler, "I would ")
        handler.event("error", {"type": "error", "error": {"type": kind, "message": "as told"}})

    return step


def malformed(data: bytes) -> Step:
    """Answer 200 with these bytes in the stream's place."""

    def step(handler: _Handler) -> None:
        handler.start()
        handler.wfile.write(data)

    return step


def cut_short(handler: _Handler) -> None:
    """End the stream in good order, but in the middle of the answer."""
    handler.start()
    start_message(handler)
    words(handler, "I would ")


def dropped(handler: _Handler) -> None:
    """Promise more bytes than come, as a broken connection does."""
    handler.start(content_length="100000")
    start_message(handler)
    words(handler, "I would ")


def silent(handler: _Handler) -> None:
    """Take the request and say nothing until released."""
    handler.state.released.wait(20)
    handler.close_connection = True


def slow(handler: _Handler) -> None:
    """Send words for as long as anybody listens."""
    handler.start()
    start_message(handler)
    try:
        while not handler.state.released.wait(0.02):
            words(handler, "slow ")
    except (BrokenPipeError, ConnectionResetError):
        handler.state.disconnected.set()


def redirect(url: str) -> Step:
    """Send the request on to another address, body and all."""
    return lambda handler: handler.start(307, "text/plain", location=f"{url}/v1/messages")


@contextmanager
def serve(*steps: Step) -> Iterator[Loopback]:
    """Run the server for the length of a `with`."""
    state = Loopback(list(steps))
    handler = type("_Bound", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
