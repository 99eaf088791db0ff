"""`weighbridge mcp`: the tools and the guidance for other programs, over the Model Context Protocol."""

import sys
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import click

from tools.errors import InvalidInput
from ui.cli import settings_of

if TYPE_CHECKING:
    from agent.context import Searches

_PORT = 7861


@click.command("mcp")
@click.option("--http", "over_http", is_flag=True, help="Serve HTTP on 127.0.0.1 instead of standard input and output.")
@click.option("--port", type=click.IntRange(1, 65535), help=f"With --http: the port (default {_PORT}).")
@click.option("--own-documents", is_flag=True, help="Let `search` answer from your own documents too.")
@click.pass_context
def mcp_command(ctx: click.Context, over_http: bool, port: int | None, own_documents: bool) -> None:
    """Offer the tools, the facts and the guidance to an assistant, over the Model Context Protocol."""
    if port is not None and not over_http:
        raise InvalidInput("--port: standard input and output have no port; add --http")
    from ui.mcp.calls import calls
    from ui.mcp.server import build_server
    from ui.mcp.transports import serve_http, serve_stdio

    settings = settings_of(ctx)
    # What an assistant reads may go on to its provider, so the user's documents are offered only where that is said.
    shown = replace(settings, own_documents=settings.own_documents and own_documents)

    @cache
    def retriever() -> "Searches":
        from ui.settings import build_embedder, build_retriever

        return build_retriever(shown, build_embedder())

    server = build_server(calls(retriever), settings.today)
    if over_http:
        serve_http(server, port or _PORT, lambda url: click.echo(f"MCP is at {url} (Ctrl-C ends it)", err=True))
        return
    if sys.stdin.isatty():
        click.echo(
            "Waiting for an assistant on standard input; docs/mcp.md says how to add one. Ctrl-C ends.", err=True
        )
    serve_stdio(server)
