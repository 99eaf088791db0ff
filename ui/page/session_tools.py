"""The panel of conversations: find, open, rename, export, import and delete them. It reads no message."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from agent.sessions import SessionInfo
from tools.errors import WeighbridgeError
from ui.page.cards import card
from ui.page.layout import clickable
from ui.page.panel_script import IMPORT_SCRIPT, PANEL_SCRIPT

if TYPE_CHECKING:
    from ui.page.wiring import Handlers

Update = dict[Any, Any]

_QUIET = {"show_progress": "hidden", "api_visibility": "private"}


def lay_out() -> Any:
    """Create the widget, inside the Blocks that are open."""
    return clickable(card("sessions", drawn=False, count=0), "session-tools", PANEL_SCRIPT + IMPORT_SCRIPT)


def sessions_card(sessions: Iterable[SessionInfo], here: str, note: str = "", *, failed: bool = False) -> str:
    """Return the conversations, the newest first; `here` is the one on the page."""
    rows = [_row(info, here) for info in sessions]
    return card("sessions", drawn=True, count=len(rows), rows=rows, note=note, failed=failed)


def _row(info: SessionInfo, here: str) -> dict[str, Any]:
    title, when = info.title or "New conversation", info.updated_at[:16].replace("T", " ")
    workloads = ", ".join(name for name in info.workloads if name != title)
    return {
        "id": info.id,
        "title": title,
        "typed": info.title,
        "when": f"{when} UTC",
        "workloads": workloads,
        "words": f"{title} {workloads} {when}".lower(),
        "here": info.id == here,
    }


class SessionHandlers:
    """Does what the buttons say."""

    def __init__(self, handlers: "Handlers", widget: Any) -> None:
        self._handlers, self._widget = handlers, widget

    def act(self, session: str, event: gr.EventData) -> Iterator[Update]:
        """Do what was clicked, and show the list as it is then."""
        try:
            match event.action:
                case "open":
                    yield from self._go(event.value)
                case "rename":
                    yield from self._rename(session, event.fact, event.value)
                case "delete":
                    yield from self._delete(session, event.value)
                case "imported":
                    yield from self._handlers.open(session)
                    yield self._shown(session, event.value)
                case _:
                    yield self._shown(session)
        except WeighbridgeError as error:
            yield self._shown(session, str(error), failed=True)

    def _go(self, wanted: str) -> Iterator[Update]:
        yield from self._handlers.choose(wanted)
        yield self._shown(wanted)

    def _rename(self, session: str, renamed: str, title: str) -> Iterator[Update]:
        if not title.strip():
            yield self._shown(session, "A title needs at least one letter; the old one stays.", failed=True)
            return
        if self._handlers.turns.running(renamed) is not None:
            yield self._shown(session, "I am still answering in it. Rename it when the answer is there.", failed=True)
            return
        self._handlers.adviser.rename(renamed, title)
        yield from self._handlers.open(session)
        yield self._shown(session, f"It is called “{title.strip()}” now.")

    def _delete(self, session: str, deleted: str) -> Iterator[Update]:
        adviser = self._handlers.adviser
        if self._handlers.turns.running(deleted) is not None:
            yield self._shown(session, "I am still answering in it. Press Stop there first.", failed=True)
            return
        title = next((info.title for info in adviser.sessions() if info.id == deleted), "")
        gone = f"“{title or 'New conversation'}” is deleted."
        if deleted == session:
            update = self._handlers.delete(session)
            yield update
            yield self._shown(str(update[self._handlers.widgets.session]), gone)
            return
        adviser.delete(deleted)
        yield from self._handlers.open(session)
        yield self._shown(session, gone)

    def _shown(self, session: str, note: str = "", *, failed: bool = False) -> Update:
        opened = self._handlers.opened()
        if opened is None:
            return {}
        return {self._widget: sessions_card(opened.adviser.sessions(), session, note, failed=failed)}


def wire(handlers: "Handlers", acting: SessionHandlers, widget: Any) -> None:
    """Connect the widget, inside the Blocks that are open."""
    shown = [*handlers.widgets.all(), widget]
    widget.click(acting.act, handlers.widgets.session, shown, **_QUIET)
