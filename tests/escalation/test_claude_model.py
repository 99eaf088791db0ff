"""The Claude adapter with the real SDK against a server that speaks its protocol and its errors."""

import asyncio
import logging
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import loopback
import pytest

from models.claude import ClaudeModel
from models.claude_destination import claude_destination, claude_table
from models.protocol import ChatMessage
from tools.errors import EscalationFailed, ExtraMissing, InvalidInput, ModelFailed

MESSAGES = [ChatMessage("system", "Be brief."), ChatMessage("user", "Is 40,000 a day much? – ja\n")]
KEY = "sk-test-not-a-key"


def model_at(server: loopback.Loopback, **options: float) -> ClaudeModel:
    return ClaudeModel(api_key=KEY, base_url=server.url, **{"max_retries": 0, **options})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_the_exact_text_arrives_and_the_answer_streams() -> None:
    heard: list[str] = []
    with loopback.serve(loopback.answer("It is ", "not much.", cached=10)) as server:
        completion = model_at(server).complete(MESSAGES, max_tokens=100, on_token=heard.append)
    assert (completion.text, completion.finish) == ("It is not much.", "stop")
    assert heard == ["It is ", "not much."]
    assert (completion.usage.prompt_tokens, completion.usage.evaluated_tokens) == (100, 90)
    assert completion.usage.output_tokens == 42
    (body,) = server.requests
    assert server.paths == ["/v1/messages"]
    assert body["system"] == "Be brief."
    assert body["messages"] == [{"role": "user", "content": MESSAGES[1].content}]
    assert body["model"] == claude_table().default_model
    assert set(body) == {"system", "messages", "model", "max_tokens", "stream"}


def test_the_model_may_think_without_eating_the_answer() -> None:
    with loopback.serve(loopback.answer("ok")) as server:
        model = model_at(server)
        model.complete(MESSAGES, max_tokens=100)
    assert server.requests[0]["max_tokens"] == 100 + model.destination.thinking_tokens > 1000


def test_nothing_but_the_request_leaves() -> None:
    with loopback.serve(loopback.answer("ok")) as server:
        model_at(server).complete(MESSAGES)
    (headers,) = server.headers
    allowed = {
        "host", "accept", "accept-encoding", "connection", "user-agent", "content-type", "content-length",
        "authorization", "anthropic-version",
    }  # fmt: skip
    assert set(headers) <= allowed
    assert headers["user-agent"] == "weighbridge"
    assert headers["authorization"] == f"Bearer {KEY}"


def test_a_schema_becomes_an_output_format() -> None:
    schema = {"type": "object", "properties": {"agrees": {"type": "boolean"}}, "additionalProperties": False}
    with loopback.serve(loopback.answer('{"agrees": ', "true}")) as server:
        completion = model_at(server).complete(MESSAGES, schema=schema)
    assert completion.text == '{"agrees": true}'
    assert server.requests[0]["output_config"] == {"format": {"type": "json_schema", "schema": schema}}


def test_an_answer_at_the_token_limit_says_so() -> None:
    with loopback.serve(loopback.answer("cut", stop_reason="max_tokens")) as server:
        assert model_at(server).complete(MESSAGES).finish == "length"


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (loopback.error(400, "invalid_request_error", "prompt is too long: 9 > 8"), "too long"),
        (loopback.error(400, "invalid_request_error", "model: no such"), "It said: model: no such"),
        (loopback.error(401, "authentication_error"), "Check ANTHROPIC_API_KEY"),
        (loopback.error(402, "billing_error"), "wants payment first"),
        (loopback.error(403, "permission_error"), "does not permit"),
        (loopback.error(404, "not_found_error"), "WEIGHBRIDGE_CLAUDE_MODEL"),
        (loopback.error(413, "request_too_large"), "too long"),
        (loopback.error(418, "teapot"), "status 418"),
        (loopback.error(429, "rate_limit_error", retry_after="17"), "in 17 seconds"),
        (loopback.error(429, "rate_limit_error"), "in a minute"),
        (loopback.error(500, "api_error"), "failed inside (status 500)"),
        (loopback.error(529, "overloaded_error"), "is overloaded"),
        (loopback.error_in_stream("overloaded_error"), "is overloaded"),
        (loopback.error_in_stream("api_error"), "failed inside"),
        (loopback.cut_short, "ended the answer in the middle"),
        (loopback.dropped, "dropped the connection"),
        (loopback.malformed(b"event: message_start\ndata: {no json\n\n"), "not an answer of the Messages API"),
        (loopback.malformed(b"event: message_start\ndata: 17\n\n"), "not an answer of the Messages API"),
        (loopback.malformed(b'event: message_start\ndata: {"type":"message_start"}\n\n'), "not an answer"),
        (loopback.malformed(b"event: message_start\ndata: \xff\xfe\n\n"), "not an answer of the Messages API"),
        (loopback.malformed(b"<html>hello</html>"), "ended the answer in the middle"),
        (loopback.answer("no", stop_reason="refusal"), "declined to answer"),
    ],
)
def test_each_failure_is_one_clear_sentence_with_the_next_step(step: loopback.Step, says: str) -> None:
    with loopback.serve(step) as server, pytest.raises(EscalationFailed) as failure:
        model_at(server).complete(MESSAGES)
    assert says in str(failure.value)
    assert server.url in str(failure.value)
    assert KEY not in str(failure.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 529])
def test_a_passing_failure_is_tried_again(status: int) -> None:
    steps = [loopback.error(status, "overloaded_error", retry_after_ms="10"), loopback.answer("now")]
    with loopback.serve(*steps) as server:
        assert model_at(server, max_retries=2).complete(MESSAGES).text == "now"
    assert len(server.requests) == 2
    assert server.requests[0] == server.requests[1]


def test_a_wrong_key_is_not_tried_again() -> None:
    with loopback.serve(loopback.error(401, "authentication_error")) as server, pytest.raises(EscalationFailed):
        model_at(server, max_retries=2).complete(MESSAGES)
    assert len(server.requests) == 1


def test_a_server_that_asks_to_wait_for_an_hour_is_not_waited_for() -> None:
    step = loopback.error(429, "rate_limit_error", retry_after="3600")
    started = time.monotonic()
    with loopback.serve(step) as server, pytest.raises(EscalationFailed, match="in 3600 seconds"):
        model_at(server, max_retries=2).complete(MESSAGES)
    assert time.monotonic() - started < 10
    assert len(server.requests) == 1


def test_nobody_there_is_a_connection_failure() -> None:
    with loopback.serve(loopback.answer("x")) as server:
        pass
    with pytest.raises(EscalationFailed, match=r"could not be reached.*Check the network"):
        model_at(server).complete(MESSAGES)


@pytest.mark.parametrize("limits", [{"silence_seconds": 0.3}, {"timeout_seconds": 0.3}])
def test_a_silent_server_is_a_timeout(limits: dict[str, float]) -> None:
    with loopback.serve(loopback.silent) as server, pytest.raises(EscalationFailed, match="in time"):
        model_at(server, **limits).complete(MESSAGES)


def test_a_redirect_takes_the_text_nowhere() -> None:
    with (
        loopback.serve(loopback.answer("stolen")) as other,
        loopback.serve(loopback.redirect(other.url)) as server,
        pytest.raises(EscalationFailed, match="another address"),
    ):
        model_at(server).complete(MESSAGES)
    assert other.requests == []


def test_cancel_closes_the_stream() -> None:
    cancel = threading.Event()
    heard: list[str] = []

    def listen(piece: str) -> None:
        heard.append(piece)
        if len(heard) == 3:
            cancel.set()

    with loopback.serve(loopback.slow) as server:
        completion = model_at(server).complete(MESSAGES, on_token=listen, cancel=cancel)
        assert server.disconnected.wait(5), "the connection stayed open"
    assert completion.finish == "cancelled"
    assert completion.text.startswith("slow slow slow ")
    assert completion.text == "".join(heard)


def test_cancel_works_before_the_first_word() -> None:
    cancel = threading.Event()
    with loopback.serve(loopback.silent) as server:
        threading.Timer(0.2, cancel.set).start()
        started = time.monotonic()
        assert model_at(server).complete(MESSAGES, cancel=cancel).finish == "cancelled"
    assert time.monotonic() - started < 5


def test_a_request_cancelled_before_it_begins_is_not_sent() -> None:
    cancel = threading.Event()
    cancel.set()
    with loopback.serve(loopback.answer("x")) as server:
        assert model_at(server).complete(MESSAGES, cancel=cancel).finish == "cancelled"
    assert server.requests == []


def test_no_log_holds_the_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with loopback.serve(loopback.answer("a secret reply")) as server:
        model_at(server).complete(MESSAGES)
    assert "40,000" not in caplog.text
    assert "secret" not in caplog.text


def test_scores_are_refused_and_capabilities_say_so() -> None:
    model = ClaudeModel(api_key=KEY)
    assert not model.capabilities.local
    assert not model.capabilities.can_score
    assert model.capabilities.context_tokens == claude_table().models["claude-opus-5-5"].context_tokens
    with pytest.raises(ModelFailed, match="log-probabilities"):
        model.score(MESSAGES, ["yes"])


def test_a_closed_adapter_and_an_empty_key_say_so() -> None:
    with pytest.raises(InvalidInput, match="ANTHROPIC_API_KEY"):
        ClaudeModel(api_key=" ")
    model = ClaudeModel(api_key=KEY)
    model.close()
    with pytest.raises(ModelFailed, match="closed"):
        model.complete(MESSAGES)


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anthropic", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'weighbridge\[claude\]'") as failure:
        ClaudeModel(api_key=KEY)
    assert failure.value.exit_code == 3


def test_importing_the_adapter_imports_no_sdk() -> None:
    code = "import models.claude, agent.escalation.send, sys; sys.exit('anthropic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_a_key_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-other")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "other")
    with loopback.serve(loopback.answer("ok")) as server:
        model_at(server).complete(MESSAGES)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert "x-api-key" not in server.headers[0]


def test_the_publishers_own_address_pins_the_region() -> None:
    destination = claude_destination()
    assert destination.inference_geo == "us"
    assert destination.regions == ("us",)
    body = ClaudeModel(api_key=KEY)._body(MESSAGES, 10, None)
    assert body["inference_geo"] == "us"
    assert claude_destination("https://gateway.example").regions == ()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://gateway.example", "unencrypted"),
        ("gateway.example", "expected an address"),
        ("https://me:word@gateway.example", "password"),
    ],
)
def test_an_unsafe_address_is_refused(url: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        claude_destination(url)


def test_a_thread_with_an_event_loop_gets_its_answer_too() -> None:
    async def ask(server: loopback.Loopback) -> str:
        return model_at(server).complete(MESSAGES).text

    # In a thread of its own: Playwright, where it ran before, leaves a loop in this one.
    with loopback.serve(loopback.answer("ok")) as server, ThreadPoolExecutor(max_workers=1) as pool:
        assert pool.submit(lambda: asyncio.run(ask(server))).result() == "ok"
