"""`weighbridge app`: the page in the browser, on this machine alone."""

import os
import threading
from typing import TYPE_CHECKING

import click

from tools.errors import ModelMissing
from ui.cli import settings_of
from ui.settings import Settings, build_adviser_with, build_model, build_store, read_said, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from models.protocol import ChatModel
    from tools.report import Report
    from ui.page.loading import Opened
    from ui.page.models_panel_switch import Desk


@click.command("app")
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1 (default 7860, or WEIGHBRIDGE_PORT).")
@click.option("--open/--no-open", "open_browser", default=False, help="Open the page in the browser.")
@click.pass_context
def app_command(ctx: click.Context, port: int | None, open_browser: bool) -> None:
    """Serve the page in the browser (this is what `weighbridge` alone does)."""
    settings = settings_of(ctx)
    _keep_files_private(settings)
    click.echo("Starting the page …", err=True)
    from ui.page.blocks import build_page
    from ui.page.catch_up import CatchUp
    from ui.page.loading import Loader
    from ui.page.lookups import lookup_routes
    from ui.page.server import serve
    from ui.page.session_tools_routes import session_routes
    from ui.page.wiring import Handlers

    desk = desk_of(settings, read_said(ctx.find_root().params["said"]))
    loader = Loader(lambda: open_for_page(settings))
    loader.start()
    handlers = Handlers(loader, settings.escalation)
    page = build_page(handlers, escalation=settings.escalation, desk=desk)
    routes = [*session_routes(lambda: handlers.adviser), *lookup_routes(handlers.opened), CatchUp(handlers).route()]
    server = serve(page, port or settings.port, _reports(handlers.report, desk), handlers.shelf, routes)
    click.echo(f"Weighbridge is at {server.url} (Ctrl-C ends it)", err=True)
    if open_browser:
        click.launch(server.url)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Bye.", err=True)
    finally:
        server.close()
        loader.close()


def desk_of(settings: Settings, said: "Mapping[str, str]") -> "Desk":
    """Return what the panels of the page look at and change; `said` are the settings of the command line."""
    from models.accelerator import describe_accelerator
    from models.machine import look_at_machine
    from ui.page.models_panel_switch import Desk

    return Desk(
        read=lambda: read_settings(os.environ, said),
        store=build_store(settings),
        look=lambda: look_at_machine(settings.gguf_folder, describe_accelerator),
        build=build_model,
        describe=_model_line,
        started=settings,
    )


def _reports(report_of: "Callable[[str], Report]", desk: "Desk") -> "Callable[[str], Report]":
    """Leave the conversation out of reports where the settings of the moment say so."""
    from tools.report import without_transcript

    def report(session: str) -> "Report":
        made = report_of(session)
        return made if desk.read().transcript else without_transcript(made)

    return report


def open_for_page(settings: Settings) -> "Opened":
    """Open the adviser; without a language model it goes on with recognisers and quoted passages, and says so."""
    from ui.page.loading import Opened

    warning = ""
    try:
        model = build_model(settings)
    except ModelMissing as error:
        model = None
        warning = f"{error}. Until then I read with recognisers and examples, and answer in the guidance's own words."
    adviser = build_adviser_with(settings, model, prepared=True)
    return Opened(adviser, settings.today, _model_line(settings, model), warning)


def _model_line(settings: Settings, model: "ChatModel | None") -> str:
    if model is None:
        return "no language model"
    from models.catalogue import DEFAULT_MODEL, gguf_catalogue

    entry = gguf_catalogue().get(settings.model or DEFAULT_MODEL)
    layers = getattr(model, "gpu_layers", 0)
    return f"{entry.title if entry else model.capabilities.name} on {'GPU' if layers else 'CPU'}"


def _keep_files_private(settings: Settings) -> None:
    """Give Gradio a folder of its own that only this user can read; it asks for it when it is imported."""
    folder = settings.home / "page"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
