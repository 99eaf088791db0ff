"""The user's agreement to one exact text, and the ledger that lets each agreement be used once."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agent.escalation.request import OutgoingRequest
from tools.errors import EscalationRefused


@dataclass(frozen=True, slots=True)
class Consent:
    """The agreement to send the text with this digest, once."""

    sha256: str
    given_at: datetime


def agree(request: OutgoingRequest, now: datetime) -> Consent:
    """Record that the user has seen this request and agreed to it."""
    return Consent(request.sha256, now)


class ConsentLedger:
    """The agreements that have been used; keep its `plain` form with the session, lest one be forgotten."""

    def __init__(self, used: Iterable[tuple[str, str]] = ()) -> None:
        self._used = {(str(digest), str(given_at)) for digest, given_at in used}
        self._lock = threading.Lock()

    def spend(self, consent: Consent) -> None:
        """Use an agreement, or raise EscalationRefused where it was used before."""
        entry = (consent.sha256, consent.given_at.isoformat())
        with self._lock:
            if entry in self._used:
                raise EscalationRefused(
                    "Nothing was sent: this agreement has been used, and each one is for a single request. "
                    "Look at the text and agree again."
                )
            self._used.add(entry)

    def plain(self) -> list[list[str]]:
        """Return the used agreements as JSON can hold them."""
        with self._lock:
            return [list(entry) for entry in sorted(self._used)]
