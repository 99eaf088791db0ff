"""Sends one agreed request and records it. All that could stop it is checked before the model is called."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from agent.escalation.consent import Consent, ConsentLedger
from agent.escalation.forbidden import Reason
from agent.escalation.opinion import SecondOpinion, foreign_numbers
from agent.escalation.request import OutgoingRequest
from models.claude_destination import OutsideModel
from models.protocol import ChatMessage, Completion, OnToken
from tools.errors import Cancelled, EscalationFailed, EscalationRefused
from tools.report import SentOut

Clock = Callable[[], datetime]
Record = Callable[[SentOut], None]


def refuse_unless_allowed(
    request: OutgoingRequest, consent: Consent | None, *, on: bool, forbidden: Sequence[Reason]
) -> None:
    """Raise EscalationRefused, saying why, unless this exact request may leave."""
    if not on:
        raise EscalationRefused("Nothing was sent: escalation is off. Turn it on with WEIGHBRIDGE_ESCALATION=on.")
    if forbidden:
        reasons = " ".join(reason.text for reason in forbidden)
        raise EscalationRefused(f"Nothing was sent, because of what you told me. {reasons}")
    if consent is None:
        raise EscalationRefused("Nothing was sent: you have not agreed to the text yet.")
    if consent.sha256 != request.sha256:
        raise EscalationRefused(
            "Nothing was sent: the text or its destination has changed since you agreed. Look at it and agree again."
        )


def send(
    request: OutgoingRequest,
    consent: Consent | None,
    build_model: Callable[[], OutsideModel] | None,
    *,
    forbidden: Sequence[Reason],
    ledger: ConsentLedger,
    now: Clock,
    record: Record,
    on_token: OnToken | None = None,
    cancel: threading.Event | None = None,
) -> SecondOpinion:
    """Send an agreed request once and return the second opinion.

    Args:
        build_model: makes the outside model, only after every check has passed; None while escalation is off.
        forbidden: what `forbidden_by` returned for the portfolio as it is now.
        record: gets every request that was sent, also when no answer came.
    """
    refuse_unless_allowed(request, consent, on=build_model is not None, forbidden=forbidden)
    assert consent is not None
    assert build_model is not None
    if cancel is not None and cancel.is_set():
        raise Cancelled("You stopped the second opinion. Nothing was sent.")
    model = build_model()
    try:
        if model.destination != request.destination:
            raise EscalationRefused(
                f"Nothing was sent: you agreed to {request.model} at {request.destination.url}, and the "
                f"settings now say {model.destination.model} at {model.destination.url}. Agree again."
            )
        ledger.spend(consent)
        completion = _ask(request, model, now, record, on_token, cancel)
    finally:
        model.close()
    return SecondOpinion(
        text=completion.text,
        model=request.model,
        sent_text=request.text,
        received_at=now(),
        usage=completion.usage,
        cut_off=completion.finish == "length",
        foreign_numbers=foreign_numbers(completion.text, request.text),
    )


def _ask(
    request: OutgoingRequest,
    model: OutsideModel,
    now: Clock,
    record: Record,
    on_token: OnToken | None,
    cancel: threading.Event | None,
) -> Completion:
    sent_at = now().isoformat(timespec="seconds")
    where = f"{request.destination.company} ({request.destination.url})"
    messages = [ChatMessage("system", request.system), ChatMessage("user", request.text)]
    reply = "(no answer: interrupted)"
    try:
        completion = model.complete(messages, max_tokens=request.max_tokens, on_token=on_token, cancel=cancel)
        reply = completion.text
        if completion.finish == "cancelled":
            reply = f"{reply}\n(stopped by you)".strip()
            raise Cancelled("You stopped the second opinion. What had been sent is in the report.")
        return completion
    except EscalationFailed as error:
        reply = f"(no answer: {error})"
        raise
    finally:  # whatever happened, the text may have left, and that is never forgotten
        record(SentOut(sent_at, where, request.model, f"{request.system}\n\n{request.text}", reply))
