"""The Claude adapter: one conversation over the Messages API, streamed, by the SDK. It knows no consent.

Whoever calls it has the user's agreement (see `agent.escalation`). It writes no text to any log, sends no
platform details, and follows no redirect.
"""

import asyncio
import json
import threading
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from models.claude_destination import Destination, claude_destination
from models.claude_failures import explain
from models.protocol import Capabilities, ChatMessage, Completion, Finish, OnToken, Schema, Usage
from tools.errors import EscalationFailed, ExtraMissing, InvalidInput, ModelFailed

if TYPE_CHECKING:
    import httpx2
    from anthropic import AsyncAnthropic, AsyncStream
    from anthropic.types import RawMessageStreamEvent

_POLL_SECONDS = 0.05


@dataclass(slots=True)
class _Answer:
    """What has arrived so far."""

    pieces: list[str] = field(default_factory=list)
    stop_reason: str | None = None
    ended: bool = False
    uncached_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0

    def completion(self, finish: Finish) -> Completion:
        prompt = self.uncached_tokens + self.cached_tokens
        return Completion("".join(self.pieces), finish, Usage(prompt, self.uncached_tokens, self.output_tokens))


class ClaudeModel:
    """Claude over the network; a ChatModel that also says where its words go."""

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str | None = None,
        model: str | None = None,
        timeout_seconds: float = 300.0,
        silence_seconds: float = 120.0,
        max_retries: int = 2,
        longest_wait_seconds: float = 20.0,
    ) -> None:
        """Prepare the adapter; nothing is sent and no connection is opened.

        Args:
            timeout_seconds: for one whole request with its retries.
            silence_seconds: between two pieces of the answer.
            longest_wait_seconds: a server that asks for more before a retry is not retried.
        """
        _require_sdk()
        if not api_key.strip():
            raise InvalidInput("the Anthropic key is empty; set ANTHROPIC_API_KEY, or turn escalation off")
        self._destination = claude_destination(base_url, model)
        self._api_key = api_key.strip()
        self._timeout_seconds = timeout_seconds
        self._silence_seconds = silence_seconds
        self._max_retries = max_retries
        self._longest_wait_seconds = longest_wait_seconds
        self._closed = False

    @property
    def destination(self) -> Destination:
        """Return who receives the text."""
        return self._destination

    @property
    def capabilities(self) -> Capabilities:
        """Return what this model can do; `local` is False, so nobody may use it without consent."""
        return Capabilities(self._destination.model, False, self._destination.context_tokens, False, None)

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int = 256,
        schema: Schema | None = None,
        on_token: OnToken | None = None,
        cancel: threading.Event | None = None,
    ) -> Completion:
        """Send the messages and stream the reply; every failure is an EscalationFailed with the next step.

        Raising `cancel` closes the connection at any stage.
        """
        if self._closed:
            raise ModelFailed("the connection to Claude was closed; start the request anew")
        if cancel is not None and cancel.is_set():
            return _Answer().completion("cancelled")
        body = self._body(messages, max_tokens, schema)
        return _run(self._ask(body, on_token, cancel))

    def score(self, messages: Sequence[ChatMessage], options: Sequence[str]) -> list[float]:
        """Raise ModelFailed: the Messages API returns no log-probabilities."""
        raise ModelFailed(f"{self._destination.model} gives no log-probabilities; score with the local model")

    def close(self) -> None:
        """Refuse later calls; connections are closed at the end of each request."""
        self._closed = True

    def _body(self, messages: Sequence[ChatMessage], max_tokens: int, schema: Schema | None) -> dict[str, Any]:
        system = "\n\n".join(message.content for message in messages if message.role == "system")
        body: dict[str, Any] = {
            "model": self._destination.model,
            "max_tokens": max_tokens + self._destination.thinking_tokens,
            "messages": [{"role": m.role, "content": m.content} for m in messages if m.role != "system"],
            "stream": True,
        }
        if system:
            body["system"] = system
        if schema is not None:
            body["output_config"] = {"format": {"type": "json_schema", "schema": dict(schema)}}
        if self._destination.inference_geo:
            body["inference_geo"] = self._destination.inference_geo
        return body

    async def _ask(
        self, body: Mapping[str, Any], on_token: OnToken | None, cancel: threading.Event | None
    ) -> Completion:
        answer = _Answer()
        request = asyncio.ensure_future(self._receive(body, answer, on_token))
        watch = asyncio.ensure_future(_until_set(cancel))
        await asyncio.wait({request, watch}, return_when=asyncio.FIRST_COMPLETED)
        watch.cancel()
        if not request.done():
            request.cancel()
            await asyncio.wait({request})
            return answer.completion("cancelled")
        await request
        return answer.completion(_finish(answer, self._destination.url))

    async def _receive(self, body: Mapping[str, Any], answer: _Answer, on_token: OnToken | None) -> None:
        import anthropic
        import httpx2

        try:
            async with asyncio.timeout(self._timeout_seconds), AsyncExitStack() as stack:
                client = await stack.enter_async_context(self._client())
                stream: AsyncStream[RawMessageStreamEvent] = await client.messages.create(**body)
                await stack.enter_async_context(stream)
                async for event in stream:
                    piece = self._take(event, answer)
                    if piece and on_token is not None:
                        on_token(piece)
        except (
            anthropic.APIError,
            httpx2.TransportError,
            TimeoutError,
            json.JSONDecodeError,
            UnicodeDecodeError,
        ) as error:
            raise explain(error, self._destination.url) from error

    def _take(self, event: "RawMessageStreamEvent", answer: _Answer) -> str:
        try:
            return _note(event, answer)
        except (AttributeError, TypeError) as error:  # the SDK checks no event against its type
            raise explain(error, self._destination.url) from error

    def _client(self) -> "AsyncAnthropic":
        import anthropic
        import httpx2

        hooks: dict[str, list[Any]] = {"request": [_without_platform], "response": [self._refuse_long_waits]}
        return anthropic.AsyncAnthropic(
            api_key=self._api_key,
            base_url=self._destination.url,
            timeout=httpx2.Timeout(self._silence_seconds, connect=min(10.0, self._silence_seconds)),
            max_retries=self._max_retries,
            default_headers={"User-Agent": "weighbridge"},
            open_telemetry=False,
            # A redirect would carry the text to an address that the user has not agreed to.
            http_client=anthropic.DefaultAsyncHttpxClient(follow_redirects=False, event_hooks=hooks),
        )

    async def _refuse_long_waits(self, response: "httpx2.Response") -> None:
        """Stop the SDK from sleeping for as long as a server asks: it obeys hours."""
        asked = response.headers.get("retry-after", "")
        if asked.isdigit() and int(asked) > self._longest_wait_seconds:
            response.headers["x-should-retry"] = "false"


def _require_sdk() -> None:
    try:
        import anthropic  # noqa: F401  # three to six seconds, which is why it is not at the top
    except ImportError:
        raise ExtraMissing(
            "asking Claude needs the optional part `claude`. Install it with: "
            "pip install 'weighbridge[claude]' (in a checkout: pip install -e '.[claude]')"
        ) from None


async def _until_set(cancel: threading.Event | None) -> None:
    while cancel is None or not cancel.is_set():
        await asyncio.sleep(_POLL_SECONDS if cancel is not None else 3600)


async def _without_platform(request: "httpx2.Request") -> None:
    """Take out the SDK's headers that describe this machine: only what the user agreed to leaves."""
    for name in [name for name in request.headers if name.lower().startswith("x-stainless-")]:
        del request.headers[name]


def _note(event: "RawMessageStreamEvent", answer: _Answer) -> str:
    """Note one event of the stream and return the text it brought; thinking and unknown events bring none."""
    if event.type == "message_start":
        usage = event.message.usage
        answer.uncached_tokens = usage.input_tokens + (usage.cache_creation_input_tokens or 0)
        answer.cached_tokens = usage.cache_read_input_tokens or 0
    elif event.type == "content_block_delta" and event.delta.type == "text_delta":
        answer.pieces.append(event.delta.text)
        return event.delta.text
    elif event.type == "message_delta":
        answer.stop_reason = event.delta.stop_reason
        answer.output_tokens = event.usage.output_tokens
    elif event.type == "message_stop":
        answer.ended = True
    return ""


def _finish(answer: _Answer, url: str) -> Literal["stop", "length"]:
    if not answer.ended:
        raise EscalationFailed(f"{url} ended the answer in the middle. Ask again.")
    if answer.stop_reason == "refusal":
        raise EscalationFailed(f"{url} declined to answer this text. Reword the question, or do without.")
    return "length" if answer.stop_reason in ("max_tokens", "model_context_window_exceeded") else "stop"


def _run(request: Coroutine[Any, Any, Completion]) -> Completion:
    """Run a request to its end, in a thread of its own where the caller's thread already runs an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(request)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, request).result()
