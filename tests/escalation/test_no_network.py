"""Proof that nothing needs the network: what runs in a namespace without one, and that the proof can fail."""

import os
import socket
import subprocess
import sys

import pytest
from namespace import require_namespaces, run_isolated

from ui.environment import quieten

# TEST-NET-1 (RFC 5737): routed nowhere, so that the test bothers nobody even where isolation fails.
OUTSIDE = "192.0.2.1"


def test_inside_the_namespace_the_outside_is_unreachable_and_the_attempt_is_seen() -> None:
    require_namespaces()
    run = run_isolated(f"""
import socket
try:
    socket.create_connection(("{OUTSIDE}", 443), timeout=5)
except OSError as error:
    print(type(error).__name__, error.errno)
try:
    socket.getaddrinfo("example.invalid", 443)
except OSError as error:
    print(type(error).__name__)
""")
    assert run.process.returncode == 0, run.process.stderr
    first, second = run.process.stdout.splitlines()
    assert first == "OSError 101", "expected ENETUNREACH: the namespace has a route out"
    assert second == "gaierror"
    assert {(event, host) for event, host in run.attempts} >= {
        ("socket.connect", OUTSIDE),
        ("socket.getaddrinfo", "example.invalid"),
    }


def test_a_subprocess_cannot_get_out_either() -> None:
    require_namespaces()
    code = f"import socket; socket.create_connection(('{OUTSIDE}', 443), timeout=5)"
    run = run_isolated(f"""
import subprocess, sys
done = subprocess.run([sys.executable, "-c", {code!r}], capture_output=True, text=True)
print(done.stderr.splitlines()[-1])
""")
    assert "Network is unreachable" in run.process.stdout


def test_inside_the_namespace_loopback_works() -> None:
    require_namespaces()
    run = run_isolated("""
import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname(), timeout=5)
peer, _ = server.accept()
client.sendall(b"here")
print(peer.recv(10).decode())
for each in (client, peer, server):
    each.close()
""")
    assert run.process.stdout == "here\n", run.process.stderr
    assert run.attempts == []


def test_what_is_typed_and_set_reaches_the_snippet() -> None:
    require_namespaces()
    run = run_isolated("import os; print(input(), os.environ['COLOUR'])", stdin="hello\n", environ={"COLOUR": "green"})
    assert run.process.stdout == "hello green\n"


def test_a_second_opinion_is_composed_without_any_attempt_to_leave() -> None:
    require_namespaces()
    run = run_isolated("""
import os
from ui.environment import quieten
quieten(os.environ)
from models.claude import ClaudeModel
from models.claude_destination import claude_destination
import agent.escalation.compose, agent.escalation.send
model = ClaudeModel(api_key="sk-test")
assert model.destination == claude_destination()
model.close()
print("ready")
""")
    assert run.process.stdout == "ready\n", run.process.stderr
    assert run.attempts == []


def test_an_agreed_request_is_the_only_attempt_and_fails_clearly_offline() -> None:
    require_namespaces()
    run = run_isolated("""
from models.claude import ClaudeModel
from models.protocol import ChatMessage
from tools.errors import EscalationFailed
model = ClaudeModel(api_key="sk-test", max_retries=0)
try:
    model.complete([ChatMessage("user", "hello")])
except EscalationFailed as error:
    print(error)
""")
    assert "could not be reached" in run.process.stdout, run.process.stderr
    assert {host for _, host in run.attempts} == {"api.anthropic.com"}


def test_switches_that_keep_bytes_in_overrule_the_shell() -> None:
    environ = {
        "HF_HUB_OFFLINE": "0", "LANGSMITH_TRACING_V2": "true", "GRADIO_ANALYTICS_ENABLED": "True",
        "GRADIO_SHARE": "True", "LANGGRAPH_STRICT_MSGPACK": "false", "ANTHROPIC_LOG": "debug",
        "GOMP_SPINCOUNT": "7", "HOME": "/somewhere",
    }  # fmt: skip
    quieten(environ)
    expected = {
        "GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_SHARE": "False", "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1", "LANGSMITH_TRACING": "false", "LANGSMITH_TRACING_V2": "false",
        "LANGCHAIN_TRACING": "false", "LANGCHAIN_TRACING_V2": "false", "ANONYMIZED_TELEMETRY": "False",
        "DO_NOT_TRACK": "1", "LANGGRAPH_STRICT_MSGPACK": "true", "GOMP_SPINCOUNT": "7", "HOME": "/somewhere",
        "ORT_DISABLE_TELEMETRY": "1",
    }  # fmt: skip
    assert environ == expected


@pytest.mark.parametrize("name", ["LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING"])
def test_langsmith_believes_the_switches(name: str) -> None:
    code = (
        "import os; from ui.environment import quieten; quieten(os.environ)\n"
        "from langsmith.utils import tracing_is_enabled; print(tracing_is_enabled())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, name: "true"}, capture_output=True, text=True, check=False
    )
    assert run.stdout == "False\n", run.stderr


def test_the_speed_switch_is_only_a_default() -> None:
    environ: dict[str, str] = {}
    quieten(environ)
    assert environ["GOMP_SPINCOUNT"] == "1000"


def test_this_machine_is_not_in_the_namespace_itself() -> None:
    """Guard the proof: the parent's interfaces are its own, so isolation is the namespace's doing."""
    require_namespaces()
    run = run_isolated("import socket; print([name for _, name in socket.if_nameindex()])")
    assert run.process.stdout == "['lo']\n"
    assert socket.if_nameindex()
