"""Serves a page inside the test process, on a free port."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.page.loading import Opened
    from ui.page.server import Server


@contextmanager
def serving(build: "Callable[[], Opened]", *, escalation: bool = False) -> "Iterator[Server]":
    """Serve a page on a free port."""
    from ui.page.blocks import build_page
    from ui.page.loading import Loader
    from ui.page.server import serve
    from ui.page.wiring import Handlers

    loader = Loader(build)
    loader.start()
    handlers = Handlers(loader, escalation)
    running = serve(build_page(handlers, escalation=escalation), free_port(), handlers.report, handlers.shelf)
    try:
        yield running
    finally:
        running.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
