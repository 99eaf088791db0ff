"""The facade of the interview of every face: open, talk, look, edit, report. It draws and prints nothing."""

import logging
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from agent.assessing import Assessor
from agent.context import Context, Meter, Reads, Searches
from agent.documents.asking import open_offers
from agent.documents.offer import Offer, Offers
from agent.documents.offers import OfferBook
from agent.escalation.opinion import SecondOpinion
from agent.events import Event, QuestionAsked, Signal, Token, TurnEnd
from agent.graph import build_graph
from agent.rewind import KEPT_POINTS, said_at
from agent.second_opinion import BuildModel, Prepared, SecondOpinions, plain_record
from agent.session_copy import copy_of, read_copy
from agent.sessions import SessionFile, SessionInfo
from agent.state import Interview, new_interview, portfolio_of, workload_index
from agent.view import SessionView, question_of, report_of, title_of, view_of
from knowledge.embedder import TextEmbedder
from models.protocol import ChatModel
from tools.assumptions import check_assumption
from tools.errors import InvalidInput, UnknownName, WeighbridgeError
from tools.facts import Portfolio, check_value, plain_value, spec_of
from tools.report import Report, SentOut

log = logging.getLogger(__name__)

# A longer message is a document; reading it would take minutes on a small machine.
LONGEST_MESSAGE = 20_000
# A turn that killed the process this often is given up.
MOST_ATTEMPTS = 2

Emit = Callable[[Event], None]


class Adviser:
    """Holds conversations. Safe to call from several threads: turns of one session wait for each other."""

    def __init__(
        self,
        model: ChatModel | None,
        reader: Reads,
        retriever: Searches | None,
        embedder: TextEmbedder | None,
        store: Path,
        today: Callable[[], date],
        escalation: BuildModel | None = None,
        assessor: Assessor | None = None,
        offers: Offers | None = None,
    ) -> None:
        self._model, self._reader = model, reader
        self._retriever, self._embedder = retriever, embedder
        self._today, self._offers = today, offers
        self._opinions = SecondOpinions(escalation, _now)
        self._assess = assessor or Assessor(today)
        self._file = SessionFile(store)
        self._graph = build_graph(self._file.saver)
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def open(self, session: str) -> list[Event]:
        """Create or resume a session; return its question, after the rest of an interrupted turn."""
        _check_name(session)
        events: list[Event] = []
        with self._locks[session]:
            if not self._file.exists(session):
                self._file.put(SessionInfo(session, "", _now().isoformat(timespec="milliseconds"), ()))
            self._finish(session, events.append)
            state = self._state(session)
        if not any(isinstance(event, QuestionAsked) for event in events):
            question = question_of(state["pending"])
            events += [question] if question else [Signal("done")]
        return events

    def turn(self, session: str, text: str, *, emit: Emit, cancel: threading.Event | None = None) -> None:
        """Take one message of the user and emit everything that follows from it."""
        self._take(session, {"text": _readable(text)}, emit, cancel)

    def resend(self, session: str, line: int, text: str, *, emit: Emit, cancel: threading.Event | None = None) -> None:
        """Take back a message, by its line in the transcript, and all that followed; take `text` in its place."""
        if line not in said_at(self._known_state(session)):
            raise InvalidInput(
                f"message {line} cannot be said differently: only your last {KEPT_POINTS} can. Correct the fact instead"
            )
        self._take(session, {"text": _readable(text), "line": line}, emit, cancel)

    def set_fact(self, session: str, workload: str, key: str, raw_value: object, emit: Emit | None = None) -> None:
        """Store a fact that was edited on a screen; the typed value is its own quote."""
        value = check_value(spec_of(key), raw_value)
        edit = {"workload": workload, "fact": key, "value": plain_value(value), "quote": str(raw_value)}
        self._edit(session, edit, emit)

    def remove_fact(self, session: str, workload: str, key: str, emit: Emit | None = None) -> None:
        """Forget a fact; it is unknown afterwards and may be asked for again."""
        spec_of(key)
        self._edit(session, {"workload": workload, "fact": key, "value": None, "quote": ""}, emit)

    def set_assumption(self, session: str, key: str, value: object, emit: Emit | None = None) -> None:
        """Calculate with the user's own value of an assumption, or with the listed one again where it is None."""
        own = None if value is None else check_assumption(key, value)
        self._take(session, {"assumption": {"key": key, "value": own}}, emit or _nobody, None)

    @property
    def model(self) -> ChatModel | None:
        """The language model in use."""
        return self._model

    def use_model(self, model: ChatModel | None) -> None:
        """Go on with another language model, or with none; the caller closes the old one and lets no turn run."""
        self._model = model
        self._reader.use_model(model)

    @property
    def shelf(self) -> OfferBook | None:
        """The user's own documents; None where they are left out."""
        return self._offers if isinstance(self._offers, OfferBook) else None

    def offers(self, session: str, workload: str) -> list[Offer]:
        """Return what the user's documents state that is neither noted for a workload nor declined."""
        state = self._known_state(session)
        index = workload_index(state, workload)
        there: Interview = {**state, "current": state["current"] if index is None else index}
        return open_offers(there, self._current_offers())

    def answer_offer(self, session: str, workload: str, offer_id: str, accept: bool, emit: Emit | None = None) -> None:
        """Note what a document states, or do not; nothing is noted without this or a yes in the conversation."""
        offers = {offer.id: offer for offer in self._current_offers()}
        if offer_id not in offers:
            raise InvalidInput("the document that says so is no longer there; add it again to note what it says")
        answer = {"offer": offers[offer_id].to_json(), "workload": workload, "accept": accept}
        self._take(session, {"offer": answer}, emit or _nobody, None)

    def rename(self, session: str, title: str) -> None:
        """Give a session a title."""
        self._take(session, {"title": title.strip()}, _nobody, None)

    def view(self, session: str) -> SessionView:
        """Return what a face shows of a session; it does not wait for a turn in progress."""
        state = self._known_state(session)
        return view_of(session, state, self._assess(portfolio_of(state)))

    def portfolio(self, session: str) -> Portfolio:
        """Return what is known in a session, as the tools take it."""
        return portfolio_of(self._known_state(session))

    def report(self, session: str) -> Report:
        """Return the report of a session."""
        state = self._known_state(session)
        portfolio = portfolio_of(state)
        return report_of(state, portfolio, self._assess(portfolio), self._today())

    def prepare_escalation(self, session: str, question: str | None = None) -> Prepared:
        """Return exactly what would be sent for a second opinion, and what forbids it; nothing leaves."""
        state = self._known_state(session)
        portfolio = portfolio_of(state)
        return self._opinions.prepare(session, portfolio, self._assess(portfolio), question)

    def agree_and_send(
        self, session: str, sha256: str, *, emit: Emit | None = None, cancel: threading.Event | None = None
    ) -> SecondOpinion:
        """Send the prepared text, whose digest the user agreed to; record and opinion join the session."""
        on_token = (lambda piece: emit(Token(piece))) if emit else None

        def record(sent: SentOut) -> None:
            self._take(session, {"sent": plain_record(sent)}, _nobody, None)

        portfolio = portfolio_of(self._known_state(session))
        opinion = self._opinions.send(session, portfolio, sha256, record, on_token, cancel)
        said = {"model": opinion.model, "text": opinion.marked_text()}
        self._take(session, {"opinion": said}, emit or _nobody, None)
        return opinion

    def sessions(self) -> list[SessionInfo]:
        """Return all sessions, the newest first."""
        return self._file.list()

    def export(self, session: str) -> dict[str, Any]:
        """Return a copy of a session as plain values, for a file."""
        return copy_of(self._known_state(session))

    def take_in(self, plain: object, source: str) -> SessionInfo:
        """Open a new session with the contents of such a copy; InvalidInput names `source`, key and what was wrong."""
        state, session = read_copy(plain, source), uuid.uuid4().hex[:8]
        with self._locks[session]:
            self._file.put(SessionInfo(session, state["title"], _now().isoformat(timespec="milliseconds"), ()))
            self._run(session, state, _nobody, None, Meter())
            self._settle(session)
        return next(info for info in self._file.list() if info.id == session)

    def delete(self, session: str) -> None:
        """Remove a session and everything said in it."""
        with self._locks[session]:
            self._known_state(session)
            self._file.delete(session)

    def close(self) -> None:
        """Close the sessions' file."""
        self._file.close()

    def _edit(self, session: str, edit: dict[str, Any], emit: Emit | None) -> None:
        names = [entry["name"] for entry in self._known_state(session)["workloads"]]
        if edit["workload"] not in names:
            raise UnknownName.of("workload", edit["workload"], names)
        self._take(session, {"edit": edit}, emit or _nobody, None)

    def _take(self, session: str, inbox: dict[str, Any], emit: Emit, cancel: threading.Event | None) -> None:
        """Run one turn on a message or on something else that a face sends."""
        started = time.monotonic()
        meter = Meter()
        with self._locks[session]:
            if not self._file.exists(session):
                raise UnknownName.of("session", session, [info.id for info in self._file.list()])
            self._finish(session, emit)
            inbox = {**inbox, "id": uuid.uuid4().hex, "at": _now().isoformat(timespec="seconds")}
            self._file.keep_inbox(session, inbox)
            try:
                self._run(session, Command(resume=inbox), emit, cancel, meter)
            except BaseException:
                self._file.roll_back(session)
                raise
            self._settle(session)
        emit(TurnEnd(time.monotonic() - started, meter.prompt_tokens, meter.evaluated_tokens, meter.output_tokens))

    def _finish(self, session: str, emit: Emit) -> None:
        """Bring a session to where it waits for the user: begin it, or finish a turn that was cut off."""
        snapshot = self._graph.get_state(_config(session))
        inbox = self._file.inbox(session)
        taken = inbox is None or snapshot.values.get("inbox", {}).get("id") == inbox["id"]
        if not snapshot.values:
            self._run(session, new_interview(), emit, None, Meter())
        elif snapshot.interrupts and taken:
            return
        elif self._file.attempt(session) > MOST_ATTEMPTS:
            log.warning("session %s: a turn failed %d times and was given up", session, MOST_ATTEMPTS)
            self._give_up(session, emit)
        else:
            resume: Any = Command(resume=inbox) if snapshot.interrupts else None
            try:
                self._run(session, resume, emit, None, Meter())
            except WeighbridgeError as error:
                log.warning("session %s: the interrupted turn could not be finished: %s", session, error)
                self._give_up(session, emit)
        self._settle(session)

    def _give_up(self, session: str, emit: Emit) -> None:
        self._file.roll_back(session)
        self._run(session, None, emit, None, Meter())

    def _run(self, session: str, work: Any, emit: Emit, cancel: threading.Event | None, meter: Meter) -> None:
        context = Context(
            session=session,
            reader=self._reader,
            model=self._model,
            retriever=self._retriever,
            embedder=self._embedder,
            assess=self._assess,
            assess_with_flips=self._assess.with_flips,
            emit=emit,
            cancel=cancel or threading.Event(),
            now=_now,
            meter=meter,
            offers=self._current_offers,
        )
        self._graph.invoke(work, _config(session), context=context, durability="sync")

    def _settle(self, session: str) -> None:
        """Close the books on a turn: list entry, old checkpoints, the message worked on."""
        state = self._state(session)
        self._file.keep_inbox(session, None)
        self._file.prune(session)
        names = tuple(entry["name"] for entry in state["workloads"])
        self._file.put(SessionInfo(session, title_of(state), _now().isoformat(timespec="milliseconds"), names))

    def _current_offers(self) -> list[Offer]:
        return self._offers.current() if self._offers is not None else []

    def _state(self, session: str) -> Interview:
        return cast(Interview, self._graph.get_state(_config(session)).values)

    def _known_state(self, session: str) -> Interview:
        state = self._state(session)
        if not state:
            raise UnknownName.of("session", session, [info.id for info in self._file.list()])
        return state


def _readable(text: str) -> str:
    if len(text) > LONGEST_MESSAGE:
        raise InvalidInput(
            f"the message has {len(text):,} characters; at most {LONGEST_MESSAGE:,} are read, send parts"
        )
    return text


def _check_name(session: str) -> None:
    if not session or len(session) > 100 or not session.isprintable():
        raise InvalidInput(f"session: {session[:100]!r} does not fit; expected 1 to 100 printable characters")


def _config(session: str) -> RunnableConfig:
    return {"configurable": {"thread_id": session}}


def _now() -> datetime:
    return datetime.now(UTC)


def _nobody(event: Event) -> None:
    """Drop an event that no face waits for."""
