"""Makes the panel of the second opinion work. It composes no request and knows no provider."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from tools.errors import WeighbridgeError
from ui.page.cards import card
from ui.page.layout import SecondOpinionWidgets
from ui.page.wiring import Handlers

Update = dict[Any, Any]


class SecondOpinionHandlers:
    """Shows the exact text, sends it when the user agrees, and forgets it when not."""

    def __init__(self, handlers: Handlers, widgets: SecondOpinionWidgets) -> None:
        self._handlers = handlers
        self.widgets = widgets

    def prepare(self, session: str, question: str) -> Update:
        """Show what would be sent; nothing leaves."""
        try:
            prepared = self._handlers.adviser.prepare_escalation(session, question.strip() or None)
        except WeighbridgeError as error:
            return {**self._closed(), self.widgets.result: card("notice", text=str(error), kind="problem")}
        reasons = " ".join(reason.text for reason in prepared.forbidden)
        blocked = f"This will not be sent. {reasons}" if reasons else ""
        return {
            self.widgets.exact: gr.Textbox(value=prepared.request.shown(), visible=True),
            self.widgets.digest: prepared.request.sha256,
            self.widgets.agree: gr.Button(visible=not blocked),
            self.widgets.refuse: gr.Button(visible=True),
            self.widgets.result: card("notice", text=blocked, kind="warning"),
        }

    def agree(self, session: str, digest: str) -> Iterator[Update]:
        """Send the text that was shown, once; the opinion joins the conversation."""
        yield self._closed()
        adviser = self._handlers.adviser
        yield from self._handlers.take(
            session, "", lambda emit, cancel: adviser.agree_and_send(session, digest, emit=emit, cancel=cancel)
        )

    def refuse(self) -> Update:
        """Put the text away."""
        said = card("notice", text="Nothing was sent.", kind="info")
        return {**self._closed(), self.widgets.result: said}

    def _closed(self) -> Update:
        return {
            self.widgets.exact: gr.Textbox(value="", visible=False),
            self.widgets.digest: "",
            self.widgets.agree: gr.Button(visible=False),
            self.widgets.refuse: gr.Button(visible=False),
            self.widgets.result: "",
        }
