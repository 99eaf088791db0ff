"""Figures of the guidance are those of the data tables, and none stands there that nobody compares or has reviewed."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml

from knowledge.articles import load_guidance
from tools.catalogue.accelerators import accelerators
from tools.token_prices import token_rates

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/guidance_figures.yaml").read_text(encoding="utf-8"))
BODIES = {article.name: " ".join(article.body.split()) for article in load_guidance()}
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"  # as dates are written
# What looks like a figure from the world: a full date, or a number with a unit that somebody could check.
FIGURE = re.compile(
    rf"\d{{1,2}} (?:{MONTHS}) \d{{4}}|\d[\d,.]*(?: to \d[\d,.]*)? "
    r"(?:USD|per cent|days|GB|million|billion|times|tokens|points|hours|months|weeks)\b"
)
WRITTEN: dict[str, Callable[[Any], str]] = {
    "plain": lambda value: f"{float(value):g}",
    "comma": lambda value: f"{value:,}",
    "cents": lambda value: f"{value:.2f}",
    "percent": lambda value: f"{100 * value:g}",
    "millions": lambda value: f"{value / 1_000_000:g} million",
    "billions": lambda value: f"{value / 1_000_000_000:g} billion",
    "months": lambda value: {90: "three", 180: "six", 365: "twelve"}[value],
    "date": lambda value: _written_date(value),
}


@pytest.mark.parametrize("case", CASES["figures"], ids=lambda case: f"{case['article']}: {case['text'][:40]}")
def test_the_article_says_what_the_table_says(case: dict[str, Any]) -> None:
    assert _expected(case) in BODIES[case["article"]]


@pytest.mark.parametrize("name", sorted(BODIES))
def test_every_figure_is_compared_or_reviewed(name: str) -> None:
    body = BODIES[name]
    known = [_expected(case) for case in CASES["figures"] if case["article"] == name]
    known += CASES["computed"].get(name, []) + CASES["reviewed"].get(name, [])
    covered = [match.span() for text in known for match in re.finditer(re.escape(text), body)]
    loose = [
        body[max(0, match.start() - 20) : match.end() + 10]
        for match in FIGURE.finditer(body)
        if not any(start <= match.start() and match.end() <= end + 1 for start, end in covered)
    ]
    assert loose == []


def test_no_entry_is_left_over() -> None:
    for part in ("computed", "reviewed"):
        for name, texts in CASES[part].items():
            assert [text for text in texts if text not in BODIES[name]] == [], name


@pytest.mark.parametrize("name", ["cost-and-break-even", "hundred-million-tokens", "local-or-cloud"])
def test_the_rent_of_an_h100_is_the_median_of_the_list_prices(name: str) -> None:
    cloud = accelerators()["H100-SXM-80GB"].cloud
    assert cloud is not None
    hourly = median(point.usd for point in cloud.points if point.kind == "on_demand")
    assert round(hourly) == 4
    assert "4 USD an hour" in BODIES[name]
    if name != "local-or-cloud":
        assert round(hourly * 24 * 30.44, -2) == 2900


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("meta-llama/Llama-3.3-70B-Instruct", "Llama 3.3 70B from {} to {} USD per million input"),
        ("openai/gpt-oss-120b", "gpt-oss-120b from {} to {}"),
    ],
)
def test_hosts_sell_the_same_weights_at_the_prices_that_the_article_says(model: str, text: str) -> None:
    offers = [offer for offer in _table("hosts.yaml")["offers"] if offer["open_model_id"] == model]
    inputs = [
        token_rates(offer["provider_id"], offer["price_model"], date(2026, 11, 22)).input * 1_000_000
        for offer in offers
    ]
    assert text.format(f"{min(inputs):.2f}", f"{max(inputs):.2f}") in BODIES["hosted-open-models"]


def _expected(case: dict[str, Any]) -> str:
    return str(case["text"]).format(*(WRITTEN[case["as"]](_looked_up(path)) for path in case["of"]))


def _looked_up(path: str) -> Any:
    name, *steps = path.split(" ")
    value = _table(name)
    for step in steps:
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() else next(one for one in value if _meets(one, step))
        else:
            value = value[step]
    return value


def _meets(entry: dict[str, Any], conditions: str) -> bool:
    for condition in conditions.split("&"):
        key, mark, wanted = re.split(r"([=~])", condition, maxsplit=1)
        held = entry.get(key) or ""
        if (wanted not in held) if mark == "~" else str(held) != wanted:
            return False
    return True


@cache
def _table(name: str) -> Any:
    return yaml.safe_load(files("tools").joinpath("data", name).read_text(encoding="utf-8"))


def _written_date(value: Any) -> str:
    day = value if isinstance(value, date) else date.fromisoformat(str(value))
    return f"{day.day} {MONTHS.split('|')[day.month - 1]} {day.year}"
