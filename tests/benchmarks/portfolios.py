"""Workloads made up for measuring: the one that is timed alone, and a thousand that differ. It measures nothing."""

import random
from datetime import date
from typing import Any

from tools.facts import Portfolio, fact_dictionary
from tools.portfolio_file import portfolio_from_plain

TODAY = date(2026, 11, 22)
ONE: dict[str, Any] = {"task": "chatbot", "difficulty": "routine", "requests_per_day": 20_000, "input_tokens": 900}

# Near enough to several lines that changes of its facts change the deployment.
TICKETS: dict[str, Any] = {
    "task": "classification", "difficulty": "moderate", "requests_per_day": 40_000, "input_tokens": 350,
    "external_api": "allowed", "weeks_to_launch": 20,
}  # fmt: skip


def one_workload(facts: dict[str, Any] = ONE) -> Portfolio:
    """One workload: a chat assistant of which four facts are known, or another."""
    organization = {"platform_team": "in_place"} if facts is TICKETS else {}
    entries = [{"name": "one", "facts": facts}]
    return portfolio_from_plain({"organization": organization, "workloads": entries}, "benchmark")


def varied(count: int, seed: int = 0) -> Portfolio:
    """As many workloads of one company, each with other facts known, over all tasks and four powers of ten."""
    rng = random.Random(seed)
    organization = {"platform_team": "in_place", "platform_engineers": 6, "company_region": "us", "cloud": "aws"}
    workloads = [{"name": f"workload {i:04d}", "facts": _facts(rng)} for i in range(count)]
    return portfolio_from_plain({"organization": organization, "workloads": workloads}, "benchmark")


def _facts(rng: random.Random) -> dict[str, Any]:
    options: dict[str, Any] = {
        "requests_per_day": round(10 ** rng.uniform(1.5, 5.5)),
        "input_tokens": round(10 ** rng.uniform(2, 4)),
        "output_tokens": round(10 ** rng.uniform(0.5, 3)),
        "difficulty": rng.choice(["routine", "moderate", "frontier"]),
        "external_api": rng.choice(["allowed", "with_safeguards", "forbidden"]),
        "data_class": [rng.choice(["public", "internal", "pii", "health"])],
        "residency": [rng.choice(["us", "eu"])],
        "interaction": rng.choice(["interactive", "background"]),
        "monthly_growth": rng.choice([0.0, 0.03, 0.1]),
        "criticality": rng.choice(["low", "important", "mission_critical"]),
        "weeks_to_launch": rng.randint(2, 40),
    }
    known = {key: value for key, value in options.items() if rng.random() < 0.6}
    return {"task": rng.choice(fact_dictionary()["task"].values), **known}
