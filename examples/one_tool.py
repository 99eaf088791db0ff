"""Runs one deterministic tool from Python, over a range of volumes."""

from datetime import date

from tools.api import run_tool

for requests in (1_000, 100_000, 10_000_000):
    arguments = {"model": "gpt-6-luna", "input_tokens": 1200, "output_tokens": 250, "requests": requests}
    cost = run_tool("api_cost", arguments, date(2026, 11, 22))
    print(f"{requests:>10,} requests  {cost['usd']:>10,.2f} USD")
