"""Finds a session by what a person calls it, and makes its full report. It opens no file itself."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    from agent.adviser import Adviser
    from agent.sessions import SessionInfo
    from tools.report import Report

LAST = "last"


def find_session(sessions: "Sequence[SessionInfo]", said: str) -> "SessionInfo":
    """Return the session with this id, this title, or the newest one for `last`."""
    if not sessions:
        raise InvalidInput("SESSION: there are no sessions yet. Begin one: weighbridge chat")
    if said == LAST:
        return sessions[0]
    by_id = [info for info in sessions if info.id == said]
    named = by_id or [info for info in sessions if info.title.casefold() == said.strip().casefold()]
    if len(named) > 1:
        ids = ", ".join(info.id for info in named)
        raise InvalidInput(f"SESSION: {len(named)} sessions are called {said!r}; name one by its id: {ids}")
    if not named:
        known = [name for info in sessions for name in (info.id, info.title) if name]
        raise UnknownName.of("session", said, known)
    return named[0]


def full_report(adviser: "Adviser", session: str) -> "Report":
    """Return the report of a session with what would change each verdict, which turns leave out to stay quick."""
    from tools.assess import assess

    report = adviser.report(session)
    return replace(report, assessment=assess(report.portfolio, report.as_of, with_flips=True))
