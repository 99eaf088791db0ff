"""Maps the tools, texts and prompts to the Model Context Protocol. It computes nothing and opens no stream."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from importlib.metadata import version
from typing import Any

import anyio
import anyio.to_thread
import mcp_types as types
from mcp import MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server

from tools.errors import WeighbridgeError
from tools.registry import Tool
from ui.mcp.prompts import PROMPTS, fill
from ui.mcp.resources import read_text, texts

log = logging.getLogger(__name__)

_INSTRUCTIONS = (
    "Weighbridge decides where AI workloads should run: proprietary API, hosted open model or own servers. Every "
    "number comes from these tools and carries its source; compute none yourself. Begin with the facts that the user "
    "stated, call `assess`, then ask the user its next_question and assess again. `search` answers side questions."
)
_AT_ONCE = 4  # a large portfolio takes hundreds of megabytes while it is computed
_Context = ServerRequestContext[Any]
_Page = types.PaginatedRequestParams | None


def build_server(tools: Mapping[str, Tool], today: Callable[[], date]) -> Server[Any]:
    """Return the protocol's server over these tools; every answer is computed on the date that `today` says."""

    at_once = anyio.CapacityLimiter(_AT_ONCE)

    async def list_tools(_: _Context, __: _Page) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_listed(tool) for tool in tools.values()])

    async def call_tool(_: _Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        if asked.name not in tools:
            raise MCPError(types.INVALID_PARAMS, f"unknown tool {asked.name!r}. There are: {', '.join(tools)}")
        work = partial(_answer, tools[asked.name], asked.arguments or {}, today)
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=at_once)

    server: Server[Any] = Server(
        "weighbridge",
        version=version("weighbridge"),
        title="Weighbridge",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=_list_resources,
        on_read_resource=_read_resource,
        on_list_prompts=_list_prompts,
        on_get_prompt=_get_prompt,
    )
    server.middleware.clear()  # the SDK's own traces each message; nothing here is traced
    return server


def _listed(tool: Tool) -> types.Tool:
    listing = tool.listing()
    return types.Tool(
        name=tool.name,
        description=tool.description,
        input_schema=listing["input_schema"],
        annotations=types.ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )


def _answer(tool: Tool, arguments: Mapping[str, Any], today: Callable[[], date]) -> types.CallToolResult:
    """Run one tool; what goes wrong is an answer that the model can read and act on."""
    try:
        plain = tool.answer(arguments, today())
    except WeighbridgeError as error:
        return types.CallToolResult(content=[types.TextContent(text=str(error))], is_error=True)
    except Exception as error:  # the edge of this door, as the command line has one; it logs
        log.exception("tool %s failed", tool.name)
        text = f"unexpected error in {tool.name}: {type(error).__name__}: {error}. This is a defect, please report it."
        return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False)
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=plain)


async def _list_resources(_: _Context, __: _Page) -> types.ListResourcesResult:
    shown = [
        types.Resource(
            uri=one.uri,
            name=one.name,
            title=one.title,
            description=one.about,
            mime_type=one.mime_type,
            size=len(one.text.encode()),
        )
        for one in texts().values()
    ]
    return types.ListResourcesResult(resources=shown)


async def _read_resource(_: _Context, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
    try:
        found = read_text(str(asked.uri))
    except WeighbridgeError as error:
        raise MCPError(types.INVALID_PARAMS, str(error)) from None
    shown = types.TextResourceContents(uri=found.uri, mime_type=found.mime_type, text=found.text)
    return types.ReadResourceResult(contents=[shown])


async def _list_prompts(_: _Context, __: _Page) -> types.ListPromptsResult:
    shown = [
        types.Prompt(
            name=one.name,
            title=one.title,
            description=one.about,
            arguments=[
                types.PromptArgument(name=key, description=about, required=True) for key, about in one.arguments.items()
            ],
        )
        for one in PROMPTS.values()
    ]
    return types.ListPromptsResult(prompts=shown)


async def _get_prompt(_: _Context, asked: types.GetPromptRequestParams) -> types.GetPromptResult:
    try:
        text = fill(asked.name, asked.arguments or {})
    except WeighbridgeError as error:
        raise MCPError(types.INVALID_PARAMS, str(error)) from None
    message = types.PromptMessage(role="user", content=types.TextContent(text=text))
    return types.GetPromptResult(description=PROMPTS[asked.name].about, messages=[message])
