"""Asks Weighbridge over the Model Context Protocol: the client starts the server and ends it."""

import os
import sys

import anyio
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

# sys.executable stands for the path of the `weighbridge` command, with ["mcp"] alone as its words.
SERVER = StdioServerParameters(command=sys.executable, args=["-m", "ui", "mcp"], env=dict(os.environ))
TICKETS = {
    "organization": {"platform_team": "in_place"},
    "workloads": [
        {"name": "Label support tickets", "facts": {"task": "classification", "requests_per_day": 40000}},
    ],
}


async def main() -> None:
    async with Client(SERVER) as client:
        answer = await client.call_tool("assess", {"portfolio": TICKETS})
        workload = answer.structured_content["workloads"][0]
        verdict, question = workload["verdict"], workload["next_question"]
        print(f"{verdict['deployment']}, {verdict['model']}, in {verdict['probability']:.0%} of the cases")
        print(f"Ask next: {question['question']}")
        wrong = await client.call_tool("license", {"model": "lama 3"})
        told = wrong.content[0]
        print(f"An error: {told.text if isinstance(told, TextContent) else told}")


anyio.run(main)
