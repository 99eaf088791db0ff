"""Builds the page: widgets, handlers and what triggers them. It starts no server and opens no adviser."""

from typing import Any

import gradio as gr

from ui.page import panels
from ui.page.catch_up import CatchUp
from ui.page.documents import DocumentHandlers
from ui.page.layout import lay_out
from ui.page.models_panel_switch import Desk
from ui.page.second_opinion import SecondOpinionHandlers
from ui.page.wiring import Handlers

# Handlers answer the page alone; none is offered to other programs.
_QUIET = {"show_progress": "hidden", "api_visibility": "private"}
# The name of a session lives in the address, so that a reload, a bookmark and a second tab each keep theirs.
_REMEMBERED = """(nothing) => new URLSearchParams(location.search).get('session')
  || localStorage.getItem('weighbridge-session') || ''"""
_REMEMBER = """(session) => {
  if (!session) return [];
  localStorage.setItem('weighbridge-session', session);
  const address = new URL(location.href), before = address.searchParams.get('session');
  if (before === session) return [];
  address.searchParams.set('session', session);
  history[before ? 'pushState' : 'replaceState'](null, '', address);
  return [];
}"""
_CONFIRM = """(session) => confirm('Delete this conversation and everything in it?') ? session : ''"""


def build_page(handlers: Handlers, *, escalation: bool, desk: Desk | None = None) -> gr.Blocks:
    """Return the page; the adviser behind the handlers may still be loading. Without a desk nothing can be set."""
    with gr.Blocks(title="Weighbridge", analytics_enabled=False, fill_width=True) as page:
        handlers.widgets, panel = lay_out(escalation)
        beside = panels.lay_out(desk)
        _wire(page, handlers)
        panels.wire(page, handlers, beside, desk)
        if panel is not None:
            _wire_second_opinion(handlers, SecondOpinionHandlers(handlers, panel))
    page.queue(default_concurrency_limit=None, api_open=False)
    return page


def _wire(page: gr.Blocks, handlers: Handlers) -> None:
    w = handlers.widgets
    session, shown = w.session, w.shown
    turns = [
        page.load(handlers.open, session, w.all(), js=_REMEMBERED, **_QUIET),
        w.text.submit(handlers.send, [w.text, session], w.all(), **_QUIET),
        w.send.click(handlers.send, [w.text, session], w.all(), **_QUIET),
        w.resend.click(handlers.resend, session, w.all(), **_QUIET),
        w.examples.click(handlers.reply, session, w.all(), **_QUIET),
        w.replies.click(handlers.reply, session, w.all(), **_QUIET),
        w.facts.click(handlers.edit, [session, shown], w.all(), **_QUIET),
        w.assumptions.click(handlers.assume, session, w.all(), **_QUIET),
        w.documents.click(DocumentHandlers(handlers).act, [session, shown], w.all(), **_QUIET),
        w.portfolio.click(handlers.show, session, w.all(), **_QUIET),
        w.board.click(handlers.show, session, w.all(), **_QUIET),
        w.sessions.input(handlers.choose, w.sessions, w.all(), **_QUIET),
        w.new.click(handlers.new, session, w.all(), **_QUIET),
        w.catch_up.click(CatchUp(handlers).show, session, w.all(), **_QUIET),
        w.delete.click(handlers.delete, session, w.all(), js=_CONFIRM, **_QUIET),
    ]
    for turn in turns:
        after_turn(turn, handlers)
    w.stop.click(handlers.stop, session, None, queue=False, **_QUIET)
    session.change(None, session, None, js=_REMEMBER, **_QUIET)


def _wire_second_opinion(handlers: Handlers, opinions: SecondOpinionHandlers) -> None:
    panel, session = opinions.widgets, handlers.widgets.session
    panel.prepare.click(opinions.prepare, [session, panel.question], panel.all(), **_QUIET)
    sent = panel.agree.click(opinions.agree, [session, panel.digest], [*panel.all(), *handlers.widgets.all()], **_QUIET)
    after_turn(sent, handlers)
    panel.refuse.click(opinions.refuse, None, panel.all(), **_QUIET)


def after_turn(turn: Any, handlers: Handlers) -> None:
    """Search what would change the verdict after a turn, then draw; while one runs, only the last wish is kept."""
    w = handlers.widgets
    asked, last = [w.session, w.shown], {"trigger_mode": "always_last", **_QUIET}
    turn.then(handlers.search_flips, asked, w.changes, **last)
    turn.then(handlers.draw, asked, [w.chart, w.what_if], **last)
