"""Serves a page inside the test process, on a free port."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.page.loading import Opened
    from ui.page.models_panel_switch import Desk
    from ui.page.server import Server


@contextmanager
def serving(
    build: "Callable[[], Opened]", *, escalation: bool = False, desk: "Desk | None" = None
) -> "Iterator[Server]":
    """Serve a page on a free port; with a desk it has the panels of models and settings."""
    from ui.page.blocks import build_page
    from ui.page.catch_up import CatchUp
    from ui.page.loading import Loader
    from ui.page.lookups import lookup_routes
    from ui.page.server import serve
    from ui.page.session_tools_routes import session_routes
    from ui.page.wiring import Handlers

    loader = Loader(build)
    loader.start()
    handlers = Handlers(loader, escalation)
    page = build_page(handlers, escalation=escalation, desk=desk)
    routes = [*session_routes(lambda: handlers.adviser), *lookup_routes(handlers.opened), CatchUp(handlers).route()]
    running = serve(page, free_port(), handlers.report, handlers.shelf, routes)
    try:
        yield running
    finally:
        running.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
