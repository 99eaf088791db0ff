"""Turns what the Anthropic SDK raises into one clear sentence with the next step. It sends nothing."""

import json
from typing import TYPE_CHECKING

from tools.errors import EscalationFailed, WeighbridgeError

if TYPE_CHECKING:
    import anthropic

# The `type` of an error body; inside a stream it is all there is, because the response's status was 200.
_TYPES = {
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
_NEXT_STEPS = {
    400: "did not accept the request. Check WEIGHBRIDGE_CLAUDE_MODEL, or update the anthropic package.",
    401: "did not accept the key. Check ANTHROPIC_API_KEY; keys are made in the provider's console.",
    402: "wants payment first. Add credit or a payment method in the provider's console, then ask again.",
    403: "does not permit this to the key. Use a key of a workspace that may use the model.",
    404: "does not know this model or address. Check WEIGHBRIDGE_CLAUDE_MODEL and ANTHROPIC_BASE_URL.",
    413: "found the request too long. Ask about one workload instead of all.",
    529: "is overloaded. Nothing is wrong here; ask again in a few minutes.",
}


def explain(error: BaseException, url: str) -> WeighbridgeError:
    """Return the EscalationFailed that tells the user what happened and what to do."""
    import anthropic
    import httpx2

    if isinstance(error, anthropic.APITimeoutError | httpx2.TimeoutException | TimeoutError):
        return EscalationFailed(f"{url} did not answer in time. Ask again, or do without the second opinion.")
    if isinstance(error, anthropic.APIStatusError):
        return EscalationFailed(_status_sentence(error, url))
    if isinstance(error, anthropic.APIConnectionError):
        return EscalationFailed(
            f"{url} could not be reached{_because(error)}. Check the network and ANTHROPIC_BASE_URL, then ask again."
        )
    if isinstance(error, httpx2.TransportError):
        return EscalationFailed(f"{url} dropped the connection in the middle of the answer. Ask again.")
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | AttributeError | TypeError | anthropic.APIError):
        return EscalationFailed(
            f"{url} sent something that is not an answer of the Messages API. Check ANTHROPIC_BASE_URL; "
            "if it is right, update the anthropic package."
        )
    raise error


def _because(error: BaseException) -> str:
    cause = error.__cause__
    return f" ({cause})" if cause is not None and str(cause) else ""


def _status_sentence(error: "anthropic.APIStatusError", url: str) -> str:
    status = error.status_code if error.status_code >= 300 else _TYPES.get(error.type or "", 500)
    reference = f" (request {error.request_id})" if error.request_id else ""
    if status < 400:
        return (
            f"{url} wants to pass the text on to another address, and it was not sent there. Check ANTHROPIC_BASE_URL."
        )
    if status == 429:
        return f"{url} limits how often this key may ask. {_wait(error)}{reference}"
    if status == 400 and _is_too_long(error):
        status = 413
    if status not in _NEXT_STEPS and status >= 500:
        return f"{url} failed inside (status {status}). Ask again in a few minutes.{reference}"
    said = f" It said: {_shortened(error.api_message)}" if status in (400, 403, 404) and error.api_message else ""
    return f"{url} {_NEXT_STEPS.get(status, f'refused the request (status {status}).')}{said}{reference}"


def _is_too_long(error: "anthropic.APIStatusError") -> bool:
    said = (error.api_message or "").lower()
    return "too long" in said or ("context" in said and "exceed" in said)


def _wait(error: "anthropic.APIStatusError") -> str:
    seconds = error.response.headers.get("retry-after", "")
    return f"Ask again in {seconds} seconds." if seconds.isdigit() else "Ask again in a minute."


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:199]}…"
