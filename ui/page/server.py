"""Serves the page on this machine alone, with everything shut that it does not need. It knows no adviser."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.routing import Route

from tools.errors import Missing
from tools.report import Report
from ui.page.downloads import report_route
from ui.page.first_paint import FirstPaint
from ui.page.guard import Guard
from ui.page.uploads import Shelf, no_shelf, upload_route

ADDRESS = "127.0.0.1"
_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_SCRIPTS = ("names", "announce", "keep", "tools", "lost")
_MONO = ("ui-monospace", "SF Mono", "Cascadia Mono", "Menlo", "Consolas", "monospace")


@dataclass(frozen=True, slots=True)
class Server:
    """A page that is being served."""

    url: str
    close: Callable[[], None]


def serve(
    page: gr.Blocks,
    port: int,
    report_of: Callable[[str], Report],
    shelf: Shelf = no_shelf,
    routes: Sequence[Route] = (),
) -> Server:
    """Start to serve; return once the page can be loaded."""
    _check_free(port)
    _, url, _ = page.launch(
        server_name=ADDRESS,
        server_port=port,
        share=False,
        inbrowser=False,
        prevent_thread_lock=True,
        quiet=True,
        show_error=False,
        enable_monitoring=False,
        allowed_paths=[],
        max_file_size="1kb",
        footer_links=[],
        run_history=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        strict_cors=True,
        theme=_theme(),
        head=_head(),
        js=_scripts(),
        app_kwargs={
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
            "middleware": [Middleware(Guard), Middleware(FirstPaint, **_first())],
            "routes": [report_route(report_of), upload_route(shelf), *routes],
        },
    )
    return Server(url, lambda: page.close(verbose=False))


def _check_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise Missing(
                f"port {port} cannot be used ({error.strerror}). Choose another: weighbridge app --port {port + 1}"
            ) from error


def _theme() -> Any:
    """Return a plain theme with the system's own fonts: a font from elsewhere would be a request to elsewhere."""
    font = gr.themes.utils.fonts.Font
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_md,
        font=[font(name) for name in _SANS],
        font_mono=[font(name) for name in _MONO],
    )


def _scripts() -> str:
    """Return what runs once the page is there; each script has names of its own."""
    folder = files("ui.page").joinpath("static")
    parts = (folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    return "() => {\n" + "".join(f"{{\n{part}}}\n" for part in parts) + "}"


def _first() -> dict[str, str]:
    """Return what is there before Gradio: the theme, and a box to write in."""
    folder = files("ui.page").joinpath("static")
    theme = folder.joinpath("theme.js").read_text(encoding="utf-8")
    return {"head": f"<script>{theme}</script>", "body": folder.joinpath("shell.html").read_text(encoding="utf-8")}


def _head() -> str:
    folder = files("ui.page").joinpath("static")
    style = "".join(
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "panels.css", "insight.css")
    )
    icon = files("ui.page").joinpath("static", "icon.svg").read_text(encoding="utf-8")
    return (
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="data:image/svg+xml,{_in_address(icon)}">'
        f"<style>{style}</style>"
    )


def _in_address(text: str) -> str:
    from urllib.parse import quote

    return quote(text.strip(), safe=" /=:;,'")
