"""Makes the page work: each handler takes what the user did and yields what the widgets show next.

It reads no message and computes nothing; the adviser does.
"""

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from agent.adviser import Adviser
from agent.assessing import Assessor
from agent.documents.offers import OfferBook
from agent.events import VerdictReached
from agent.wording import value_words
from tools.assessment import Flip
from tools.errors import Missing, WeighbridgeError
from tools.facts import check_value, plain_value, spec_of
from tools.report import Report
from ui.page import screen
from ui.page.assumed import changed_assumption
from ui.page.bubbles import Reply, transcript_bubbles, user_bubble
from ui.page.cards import card, changes_card
from ui.page.charts import break_even_card
from ui.page.documents import documents_card
from ui.page.edits import edited_value, known_value
from ui.page.layout import Widgets, header_html
from ui.page.loading import Loader, Opened
from ui.page.turns import Emit, Turn, Turns, Work
from ui.page.what_if import what_if_card

Update = dict[Any, Any]

# How often a page that waits for the language model looks again.
_LOOK_AGAIN_SECONDS = 0.5
# Every handler yields at least once: Gradio takes an event that yields nothing for one that never ends.
_NOTHING_SAID = "There is nothing to send yet. Describe a workload, answer the question, or ask one."


class Handlers:
    """What happens on the page; one object serves all browsers."""

    def __init__(self, loader: Loader, escalation: bool) -> None:
        self._loader = loader
        self._mode = "Asks before sending" if escalation else "Offline"
        self._turns = Turns()
        self._flips: Assessor | None = None
        self.widgets: Widgets

    def open(self, wanted: str) -> Iterator[Update]:
        """Show a session: the one the browser remembers, or a new one; wait until the adviser is there."""
        while (opened := self._loader.wait(_LOOK_AGAIN_SECONDS)) is None:
            yield self.header()
            if self._loader.status().state == "failed":
                yield screen.problem(self.widgets, self._loader.status().text)
                return
        session = wanted or uuid.uuid4().hex
        running = self._turns.running(session)
        if running is not None:
            yield self.header()
            yield from self._follow(session, running)
            return
        try:
            opened.adviser.open(session)
        except WeighbridgeError:  # the browser remembered a name that was never a session's
            session = uuid.uuid4().hex
            opened.adviser.open(session)
        yield {**self.header(), **self._whole(session), **self._warning()}

    def send(self, text: str, session: str) -> Iterator[Update]:
        """Take a message."""
        said = text.strip()
        if not said:
            yield screen.problem(self.widgets, _NOTHING_SAID)
            return
        work: Work = lambda emit, cancel: self.adviser.turn(session, said, emit=emit, cancel=cancel)  # noqa: E731
        yield from self.take(session, said, work)

    def resend(self, session: str, event: gr.EventData) -> Iterator[Update]:
        """Take another wording of an earlier message in its place; what followed it is taken back."""
        line, said = int(event.fact), str(event.value).strip()
        if not said:
            yield screen.problem(self.widgets, _NOTHING_SAID)
            return
        work: Work = lambda emit, cancel: self.adviser.resend(session, line, said, emit=emit, cancel=cancel)  # noqa: E731
        yield from self.take(session, said, work, until=line)

    def reply(self, session: str, event: gr.EventData) -> Iterator[Update]:
        """Take an answer that was clicked; it belongs to the workload of the question."""
        if event.action == "say":
            yield from self.send(event.value, session)
            return
        pending = self.adviser.view(session).pending
        if pending is None or pending.fact is None:  # another tab has answered it
            yield self._whole(session, "That question is answered already; this is where the conversation stands.")
            return
        yield from self._answer(session, pending.workload, pending.fact, event.value)

    def edit(self, session: str, shown: str, event: gr.EventData) -> Iterator[Update]:
        """Set or remove a fact of the workload whose cards are shown."""
        if event.action == "set":
            yield from self._set(session, shown, event)
        else:
            key = event.fact
            yield from self.take(session, "", lambda emit, _: self.adviser.remove_fact(session, shown, key, emit))

    def assume(self, session: str, event: gr.EventData) -> Iterator[Update]:
        """Calculate with the user's own value of an assumption, or with the listed one again."""
        try:
            own = self.adviser.view(session).assumptions
            key, value = changed_assumption(own, event.fact, None if event.action == "reset" else event.value)
        except WeighbridgeError as error:
            yield screen.problem(self.widgets, str(error))
            return
        yield from self.take(session, "", lambda emit, _: self.adviser.set_assumption(session, key, value, emit))

    def show(self, session: str, event: gr.EventData) -> Update:
        """Show the cards of another workload."""
        cards = screen.panels(self.widgets, self.adviser.view(session), event.value)
        return {**cards, self.widgets.documents: documents_card(self.adviser, session, event.value)}

    def search_flips(self, session: str, shown: str) -> Update:
        """Search what would change the verdict; it takes longer than the verdict, so it comes after it."""
        if not session or self._loader.wait(0) is None:
            return {self.widgets.changes: gr.skip()}
        view = self.adviser.view(session)
        flips = self._flips_of(session)
        if shown not in flips:
            return {self.widgets.changes: gr.skip()}
        return {self.widgets.changes: changes_card(view, shown, flips[shown])}

    def draw(self, session: str, shown: str) -> Update:
        """Draw the break-even of the shown workload and set its sliders; neither is worth waiting for in a turn."""
        opened = self._loader.wait(0)
        if not session or opened is None:
            return {self.widgets.chart: gr.skip()}
        view, portfolio = opened.adviser.view(session), opened.adviser.portfolio(session)
        sliders = what_if_card(view, portfolio, shown)
        if not sliders:
            return {self.widgets.chart: "", self.widgets.what_if: ""}
        from tools.curves import cost_curves

        chart = break_even_card(cost_curves(portfolio, shown, opened.today()))
        return {self.widgets.chart: chart, self.widgets.what_if: sliders}

    def stop(self, session: str) -> None:
        """Stop the turn in progress."""
        self._turns.cancel(session)

    def new(self, current: str) -> Update:
        """Begin another conversation; one in which nothing was said is as good as new."""
        if current and not screen.has_spoken(self.adviser.view(current)):
            return self._whole(current)
        session = uuid.uuid4().hex
        self.adviser.open(session)
        return self._whole(session)

    def choose(self, session: str) -> Iterator[Update]:
        """Go on with an earlier conversation."""
        yield from self.open(session)

    def delete(self, session: str) -> Update:
        """Delete the conversation on the page and go to the newest that is left."""
        if not session:  # the browser asked back, and the user kept it
            return screen.problem(self.widgets, "")
        if self._turns.running(session) is not None:
            return screen.problem(self.widgets, "I am still answering. Press Stop first.")
        self.adviser.delete(session)
        left = self.adviser.sessions()
        return self._whole(left[0].id) if left else self.new("")

    def shelf(self) -> OfferBook | None:
        """Return the user's own documents, once the adviser is there."""
        opened = self._loader.wait(0)
        return opened.adviser.shelf if opened is not None else None

    def report(self, session: str) -> Report:
        """Return the report of a session, with what would change each verdict."""
        report = self.adviser.report(session)
        return replace(report, assessment=self._deep_assessor().with_flips(report.portfolio))

    def opened(self) -> Opened | None:
        """Return what was opened; None while the page is getting ready, or where that failed."""
        return self._loader.wait(0)

    @property
    def turns(self) -> Turns:
        """The running turns of all sessions."""
        return self._turns

    @property
    def loader(self) -> Loader:
        """What opened the adviser, and says which model answers."""
        return self._loader

    @property
    def adviser(self) -> Adviser:
        """The adviser, once it is there."""
        opened = self._loader.wait(0)
        if opened is None:
            raise Missing("The adviser is not ready yet; wait a moment and try again.")
        return opened.adviser

    def take(self, session: str, said: str, work: Work, until: int | None = None) -> Iterator[Update]:
        """Run a turn and show it after the conversation so far, or after its first `until` lines."""
        try:
            before = transcript_bubbles(self.adviser.view(session).transcript[:until], None)
            turn = self._turns.start(session, before, said, work)
        except WeighbridgeError as error:
            yield screen.problem(self.widgets, str(error))
            return
        yield from self._follow(session, turn)

    def _answer(self, session: str, workload: str, key: str, picked: str | list[str]) -> Iterator[Update]:
        """Say the clicked answer in words, as a person would; where the words are misread, set what was clicked."""
        spec = spec_of(key)
        try:
            value = check_value(spec, edited_value(spec, picked))
        except WeighbridgeError as error:
            yield screen.problem(self.widgets, str(error))
            return
        words = value_words(spec, value)

        def work(emit: Emit, cancel: threading.Event) -> None:
            self.adviser.turn(session, words, emit=emit, cancel=cancel)
            if not cancel.is_set() and known_value(self.adviser.view(session), workload, key) != value:
                self.adviser.set_fact(session, workload, key, plain_value(value), emit)

        yield from self.take(session, words, work)

    def _set(self, session: str, workload: str, event: gr.EventData) -> Iterator[Update]:
        """Set a fact to exactly what was picked, without having words read."""
        try:
            value = edited_value(spec_of(event.fact), event.value)
        except WeighbridgeError as error:
            yield screen.problem(self.widgets, str(error))
            return
        key = event.fact
        yield from self.take(session, "", lambda emit, _: self.adviser.set_fact(session, workload, key, value, emit))

    def _follow(self, session: str, turn: Turn) -> Iterator[Update]:
        """Show a turn from its first event to its end."""
        before = [*turn.before, *([user_bubble(turn.said)] if turn.said else [])]
        reply = Reply()
        yield {**screen.busy(self.widgets), self.widgets.chat: [*before, *reply.shown()]}
        for events in turn.follow():
            reply.add(events)
            update: Update = {self.widgets.chat: [*before, *reply.shown()]}
            if any(isinstance(event, VerdictReached) for event in events):
                view = self.adviser.view(session)
                update |= screen.panels(self.widgets, view, view.current)
            yield update
        final = self._whole(session, turn.problem)
        if turn.problem:
            final[self.widgets.text] = gr.Textbox(value=turn.said, interactive=True)
        yield final

    def _whole(self, session: str, problem: str = "") -> Update:
        view = self.adviser.view(session)
        whole = screen.whole_screen(self.widgets, view, self.adviser.sessions(), problem)
        return {**whole, self.widgets.documents: documents_card(self.adviser, session, view.current)}

    def header(self) -> Update:
        """Return the bar with mode and model."""
        status = self._loader.status()
        line = "not ready" if status.state == "failed" else status.text
        return {self.widgets.header: header_html(status.state, self._mode, line)}

    def _warning(self) -> Update:
        opened = self._loader.wait(0)
        if opened is None or not opened.warning:
            return {}
        return {self.widgets.notice: card("notice", text=opened.warning, kind="warning")}

    def _flips_of(self, session: str) -> dict[str, tuple[Flip, ...]]:
        assessment = self._deep_assessor().with_flips(self.adviser.report(session).portfolio)
        return {workload.name: workload.flips for workload in assessment.workloads}

    def _deep_assessor(self) -> Assessor:
        """Return what searches flips, on the adviser's own day; it keeps what it found."""
        if self._flips is None:
            opened = self._loader.wait(0)
            assert opened is not None
            self._flips = Assessor(opened.today)
        return self._flips
