"""Prepares a second opinion for a session, and sends it once when the user agrees to the exact text.

`agent/escalation` says what may leave and sends it; this holds what was shown and not yet agreed to.
"""

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from agent.escalation.compose import compose_request
from agent.escalation.consent import Consent, ConsentLedger
from agent.escalation.forbidden import Reason, forbidden_by
from agent.escalation.opinion import SecondOpinion
from agent.escalation.request import OutgoingRequest
from agent.escalation.send import send
from models.claude_destination import OutsideModel
from models.protocol import OnToken
from tools.assessment import Assessment, assessment_to_json
from tools.errors import EscalationRefused
from tools.facts import Portfolio
from tools.report import SentOut

BuildModel = Callable[[], OutsideModel]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request as the user is shown it; with a reason in `forbidden` it cannot be sent."""

    request: OutgoingRequest
    forbidden: tuple[Reason, ...]


class SecondOpinions:
    """The requests that were shown and wait for an agreement; each is sent at most once."""

    def __init__(self, build_model: BuildModel | None, now: Callable[[], datetime]) -> None:
        self._build_model, self._now = build_model, now
        self._ledger = ConsentLedger()
        self._shown: dict[str, OutgoingRequest] = {}
        self._lock = threading.Lock()

    def prepare(self, session: str, portfolio: Portfolio, assessment: Assessment, question: str | None) -> Prepared:
        """Compose the request; nothing leaves."""
        if self._build_model is None:
            raise EscalationRefused("Escalation is off. Turn it on with WEIGHBRIDGE_ESCALATION=on.")
        model = self._build_model()
        try:
            destination = model.destination
        finally:
            model.close()
        request = compose_request(assessment_to_json(assessment), portfolio, question, destination=destination)
        with self._lock:
            self._shown[session] = request
        return Prepared(request, tuple(forbidden_by(portfolio, destination)))

    def send(
        self,
        session: str,
        portfolio: Portfolio,
        sha256: str,
        record: Callable[[SentOut], None],
        on_token: OnToken | None = None,
        cancel: threading.Event | None = None,
    ) -> SecondOpinion:
        """Send the request that was shown, if it is the one agreed to and no fact forbids it by now."""
        with self._lock:
            request = self._shown.pop(session, None)
        if request is None:
            raise EscalationRefused("Nothing was sent: there is no text that you have been shown. Prepare one first.")
        return send(
            request,
            Consent(sha256, self._now()),
            self._build_model,
            forbidden=forbidden_by(portfolio, request.destination),
            ledger=self._ledger,
            now=self._now,
            record=record,
            on_token=on_token,
            cancel=cancel,
        )


def plain_record(sent: SentOut) -> dict[str, Any]:
    """Return a record as the state keeps it."""
    return asdict(sent)
