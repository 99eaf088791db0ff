"""Carries the protocol over standard input and output, or over HTTP on this machine alone. It knows no tool."""

import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, cast

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings

from tools.errors import Missing

log = logging.getLogger(__name__)

ADDRESS, PATH = "127.0.0.1", "/mcp"
_CHUNK = 65_536


def serve_stdio(server: Server[Any]) -> None:
    """Serve one client until it closes the input or the process is interrupted."""
    try:
        anyio.run(_over_stdio, server)
    except* BrokenPipeError:
        log.info("the client is gone and took its end with it")


async def _over_stdio(server: Server[Any]) -> None:
    # The SDK reads in a thread that nothing can interrupt: Ctrl-C would wait for one more line.
    lines = None if sys.platform == "win32" else cast(Any, _lines(sys.stdin.fileno()))
    async with anyio.create_task_group() as group, stdio_server(stdin=lines) as (incoming, outgoing):
        group.start_soon(_cancel_on_signal, group.cancel_scope)
        await server.run(incoming, outgoing, server.create_initialization_options())
        group.cancel_scope.cancel()


async def _cancel_on_signal(scope: anyio.CancelScope) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            scope.cancel()
            return


async def _lines(descriptor: int) -> AsyncIterator[str]:
    """Yield the lines of a descriptor as they come."""
    rest = b""
    while True:
        with suppress(PermissionError):  # a file or the null device: always ready, and not to be waited for
            await anyio.wait_readable(descriptor)
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            break
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", errors="replace")
    if rest.strip():
        yield rest.decode("utf-8", errors="replace")


def serve_http(server: Server[Any], port: int, started: Callable[[str], None]) -> None:
    """Serve any number of clients until the process is interrupted; `started` is told the address."""
    import uvicorn

    listener = _listen(port)
    hosts = [f"{name}:{port}" for name in (ADDRESS, "localhost")]
    # A page of another site that points its own name at this machine is refused by both lists.
    security = TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[f"http://{host}" for host in hosts])
    app = server.streamable_http_app(
        streamable_http_path=PATH, stateless_http=True, json_response=True, transport_security=security
    )
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=3)
    started(f"http://{ADDRESS}:{port}{PATH}")
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn ends its work, then passes the signal on
        return
    finally:
        listener.close()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise Missing(
            f"port {port} cannot be used ({error.strerror}). Choose another: weighbridge mcp --http --port {port + 1}"
        ) from error
    return listener
