"""The Model Context Protocol, with the official client: over standard input and output, and over HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import httpx
import jsonschema
import pytest
from mcp import Client, MCPError, StdioServerParameters

from tests.conftest import TODAY
from tests.escalation.namespace import require_namespaces, run_isolated
from tools.facts import fact_dictionary
from tools.portfolio_file import SUFFIXES, portfolio_from_text, portfolio_to_plain
from tools.portfolio_schema import portfolio_schema
from tools.registry import run_tool, tools
from ui.mcp.calls import calls
from ui.mcp.prompts import PROMPTS

ROOT = Path(__file__).parents[2]
COMMAND = ["-m", "ui", "mcp"]
TICKETS: dict[str, Any] = {
    "organization": {"platform_team": "in_place"},
    "workloads": [
        {
            "name": "Label support tickets",
            "facts": {"task": "classification", "requests_per_day": 40000, "external_api": "forbidden"},
        }
    ],
}
_PIPES: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
_ABOUT = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
_HELLO = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": _ABOUT}).encode() + b"\n"


@pytest.fixture
def program(environment: dict[str, str], home_with_index: Path) -> StdioServerParameters:
    """The command as a client's configuration names it."""
    return StdioServerParameters(command=sys.executable, args=COMMAND, env=environment, cwd=ROOT)


@pytest.fixture
def address(environment: dict[str, str], home_with_index: Path) -> Iterator[str]:
    """A server over HTTP, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, *COMMAND, "--http", "--port", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    assert f"http://127.0.0.1:{port}/mcp" in line, line
    yield f"http://127.0.0.1:{port}/mcp"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0, process.stderr.read()
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()


def test_a_client_reads_calls_and_is_told_what_is_wrong(program: StdioServerParameters) -> None:
    _run(_whole_visit, program, "auto")


def test_a_client_of_an_older_protocol_does_the_same(program: StdioServerParameters) -> None:
    _run(_whole_visit, program, "legacy")


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_over_http_it_is_the_same(address: str, mode: str) -> None:
    _run(_whole_visit, address, mode)


def _run(visit: Callable[..., Awaitable[Any]], *words: Any) -> Any:
    """Run it in a thread of its own: Playwright, where it ran before, leaves a loop in this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(anyio.run, visit, *words).result()


async def _whole_visit(server: StdioServerParameters | str, mode: Any) -> None:
    async with Client(server, mode=mode) as client:
        await _lists(client)
        await _calls(client)
        await _is_told(client)
        await _reads(client)


async def _lists(client: Client) -> None:
    listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(listed) == {*tools(), "assess", "facts", "search"}
    for name, tool in tools().items():
        assert listed[name].input_schema == tool.listing()["input_schema"]
    for tool in listed.values():
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint


async def _calls(client: Client) -> None:
    arguments = {"model": "gpt-6-luna", "input_tokens": 1200, "output_tokens": 250, "requests": 90000}
    cost = await client.call_tool("api_cost", arguments)
    assert not cost.is_error
    assert cost.structured_content == run_tool("api_cost", arguments, TODAY)
    assert json.loads(_text(cost)) == cost.structured_content
    decided = (await client.call_tool("assess", {"portfolio": TICKETS})).structured_content
    assert decided["as_of"] == TODAY.isoformat()
    assert decided["workloads"][0]["verdict"]["deployment"] == "self_hosted"
    found = (await client.call_tool("search", {"query": "what do free tiers really cost?"})).structured_content
    assert any("free" in passage["id"] for passage in found["passages"])
    listed = (await client.call_tool("facts", {"scope": "organization"})).structured_content
    assert [fact["key"] for fact in listed["facts"]] == [
        k for k, s in fact_dictionary().items() if s.scope != "workload"
    ]


async def _is_told(client: Client) -> None:
    wrong = await client.call_tool("api_cost", {"model": "gtp-6-luna", "input_tokens": 1})
    assert wrong.is_error
    assert "gpt-6-luna" in _text(wrong)
    misspelt = {"workloads": [{"name": "A", "facts": {"requests_per_dya": 5}}]}
    wrong = await client.call_tool("assess", {"portfolio": misspelt})
    assert wrong.is_error
    assert "requests_per_day" in _text(wrong)
    assert (await client.call_tool("search", {"query": " "})).is_error
    with pytest.raises(MCPError, match="api_cost"):
        await client.call_tool("api_costs", {})
    with pytest.raises(MCPError, match="free-tiers"):
        await client.read_resource("weighbridge://guidance/free-tier")
    with pytest.raises(MCPError, match="description"):
        await client.get_prompt("weigh_workload", {})


async def _reads(client: Client) -> None:
    addresses = {str(one.uri) for one in (await client.list_resources()).resources}
    articles = {path.stem for path in (ROOT / "knowledge" / "guidance").glob("*.md")}
    assert {f"weighbridge://guidance/{name}" for name in articles} < addresses
    article = (await client.read_resource("weighbridge://guidance/free-tiers")).contents[0]
    assert article.mime_type == "text/markdown"
    assert "## Sources" in article.text
    facts = json.loads((await client.read_resource("weighbridge://facts")).contents[0].text)
    assert [fact["key"] for fact in facts] == list(fact_dictionary())
    assert {prompt.name for prompt in (await client.list_prompts()).prompts} == {"weigh_workload", "check_licence"}
    prompt = await client.get_prompt("weigh_workload", {"description": "We label $40 tickets"})
    assert "We label $40 tickets" in prompt.messages[0].content.text


def test_the_page_about_it_names_every_tool_and_prompt() -> None:
    page = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    assert [name for name in [*calls(_no_search), *PROMPTS] if f"`{name}`" not in page] == []


def _no_search() -> Any:
    raise AssertionError("nothing is searched")


def _text(result: Any) -> str:
    return str(result.content[0].text)


def test_the_answer_of_assess_fits_a_context_and_keeps_what_decides(program: StdioServerParameters) -> None:
    async def visit() -> Any:
        async with Client(program) as client:
            return (await client.call_tool("assess", {"portfolio": _example("portfolio.yaml")})).structured_content

    whole = _run(visit)
    assert len(json.dumps(whole)) < 60_000
    for workload in whole["workloads"]:
        won = workload["options"][0]
        assert won["cost_lines"]
        assert [won[key] for key in ("deployment", "model", "provider", "hardware")] == [
            workload["verdict"][key] for key in ("deployment", "model", "provider", "hardware")
        ]
        deployments = [option["deployment"] for option in workload["options"]]
        assert len(deployments) == len(set(deployments)) > 3
        assert all(option["feasible"] or option["blockers"] for option in workload["options"])
        if workload["next_question"]:
            assert workload["next_question"]["question"].endswith("?")


def _example(name: str) -> dict[str, Any]:
    return portfolio_to_plain(portfolio_from_text((ROOT / "examples" / name).read_text(encoding="utf-8"), name))


def test_every_example_fits_the_schema_of_a_portfolio() -> None:
    validator = jsonschema.Draft202012Validator(portfolio_schema())
    names = sorted(
        {path.name for path in (ROOT / "examples").iterdir() if path.suffix in SUFFIXES} - {"with-mistakes.yaml"}
    )
    assert names
    for name in names:
        validator.validate(_example(name))
    assert not validator.is_valid({"workloads": [{"name": "A", "facts": {"task": "cooking"}}]})


def test_a_web_page_of_another_site_is_refused(address: str) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accepted = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    refused = {"Origin": "https://example.org"}
    assert httpx.post(address, json=call, headers=accepted).status_code == 200
    assert httpx.post(address, json=call, headers=accepted | refused).status_code == 403
    assert httpx.post(address, json=call, headers=accepted | {"Host": "example.org"}).status_code == 421


def test_it_answers_without_a_network_and_tries_to_reach_none(
    environment: dict[str, str], home_with_index: Path
) -> None:
    require_namespaces()
    run = run_isolated(_IN_ONE_PROCESS, environ=environment)
    assert run.process.returncode == 0, run.process.stderr
    assert run.process.stdout.split() == ["4", "False"]
    assert run.attempts == []


_IN_ONE_PROCESS = """
from ui.environment import quieten
quieten(os.environ)
import anyio
from mcp import Client
from ui.mcp.calls import calls
from ui.mcp.server import build_server
from ui.settings import build_embedder, build_retriever, read_settings

settings = read_settings(os.environ)
server = build_server(calls(lambda: build_retriever(settings, build_embedder())), settings.today)

async def visit():
    async with Client(server) as client:
        found = await client.call_tool("search", {"query": "what do free tiers cost?", "count": 4})
        portfolio = {"workloads": [{"name": "A", "facts": {"task": "chatbot"}}]}
        decided = await client.call_tool("assess", {"portfolio": portfolio, "flips": False})
        print(len(found.structured_content["passages"]), decided.is_error)

anyio.run(visit)
"""


def test_a_port_in_use_is_a_sentence(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        words = [sys.executable, *COMMAND, "--http", "--port", port]
        done = subprocess.run(words, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 3
    assert f"port {port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_input_and_a_client_that_is_gone_are_no_errors(environment: dict[str, str]) -> None:
    words, inside = [sys.executable, *COMMAND], {**os.environ, **environment}
    done = subprocess.run(words, cwd=ROOT, env=inside, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    with subprocess.Popen(words, cwd=ROOT, env=inside, **_PIPES) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, errors = process.communicate(_HELLO, timeout=20)
    assert (process.returncode, errors) == (0, b"")


@pytest.mark.parametrize("ending", ["closed input", "interrupt", "terminate"])
def test_it_ends_cleanly_and_writes_only_the_protocol(environment: dict[str, str], ending: str) -> None:
    words = [sys.executable, "-m", "ui", "-vv", "mcp"]
    with subprocess.Popen(words, cwd=ROOT, env={**os.environ, **environment}, **_PIPES) as process:
        try:
            _say_hello_and_end(process, ending)
        finally:
            process.kill()


def _say_hello_and_end(process: "subprocess.Popen[bytes]", ending: str) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(_HELLO + b"this is not JSON\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    assert answer["result"]["serverInfo"]["name"] == "weighbridge"
    time.sleep(0.2)
    if ending != "closed input":
        process.send_signal(signal.SIGINT if ending == "interrupt" else signal.SIGTERM)
        process.wait(timeout=10)
    rest, errors = process.communicate(timeout=10)
    assert process.returncode == 0, errors
    assert b"Traceback" not in errors
    for line in rest.splitlines():
        assert json.loads(line)["jsonrpc"] == "2.0"
