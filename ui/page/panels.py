"""The panels beside the interview: conversations, models, settings. It lays them out and connects them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui.page import models_panel, models_panel_handlers, session_tools, settings_panel
from ui.page.models_panel import ModelsWidgets
from ui.page.models_panel_handlers import ModelsHandlers
from ui.page.models_panel_jobs import Jobs
from ui.page.models_panel_switch import Desk, ModelSwitch
from ui.page.session_tools import SessionHandlers
from ui.page.settings_panel import SettingsHandlers

if TYPE_CHECKING:
    from ui.page.wiring import Handlers


@dataclass(frozen=True, slots=True)
class Panels:
    """The widgets of all panels; `sessions` is always there, the others only where there is something to change."""

    sessions: Any
    models: ModelsWidgets | None
    settings: Any


def lay_out(desk: Desk | None) -> Panels:
    """Create the panels, inside the Blocks that are open."""
    with gr.Column(elem_id="panels"):
        sessions = session_tools.lay_out()
        models = models_panel.lay_out() if desk else None
        settings = settings_panel.lay_out() if desk else None
    return Panels(sessions, models, settings)


def wire(page: Any, handlers: "Handlers", panels: Panels, desk: Desk | None) -> None:
    """Connect the panels, inside the Blocks that are open."""
    session_tools.wire(handlers, SessionHandlers(handlers, panels.sessions), panels.sessions)
    if desk is None or panels.models is None:
        return
    jobs, switch = Jobs(), ModelSwitch(handlers.loader, handlers.turns, desk)
    choosing = ModelsHandlers(handlers, panels.models, desk, jobs, switch)
    models_panel_handlers.wire(page, handlers, choosing, panels.models)
    job = panels.models.job
    changing = SettingsHandlers(handlers, panels.settings, job, desk, jobs, switch)
    settings_panel.wire(page, handlers, changing, panels.settings, job)
