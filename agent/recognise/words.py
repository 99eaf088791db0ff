"""Loads the word lists and factors and compiles them. It knows no message and no fact."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from tools.data_files import parse_yaml


@cache
def table(name: str) -> Any:
    """Load one of this package's YAML files by its file name."""
    text = files("agent.recognise").joinpath(name).read_text(encoding="utf-8")
    return parse_yaml(text, f"agent/recognise/{name}")


def factor(name: str) -> float:
    """Return a conversion factor of factors.yaml."""
    return float(table("factors.yaml")[name]["value"])


def any_of(phrases: Iterable[str]) -> str:
    """Return a pattern that matches any of the phrases, the longest first."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", r"[\s-]{1,2}").replace(r"\-", "[ -]?") for phrase in ordered)


@lru_cache(maxsize=1)
def noun_units() -> Mapping[str, str]:
    """Map every counted noun, in both numbers, to its unit."""
    lists = table("vocabulary.yaml")
    units: dict[str, str] = {}
    for unit in ("other", "work", "users", "customers", "people", "engineers", "gpus"):
        for noun in lists[unit]:
            name = "requests" if unit == "work" else unit
            units[noun] = name
            if not noun.endswith(("s", "people")) or noun == "sms":
                units[f"{noun}s"] = name
    return units


@lru_cache(maxsize=1)
def model_names() -> re.Pattern[str]:
    """Match names of models and accelerators with the versions and sizes that belong to them."""
    lists = table("vocabulary.yaml")
    models = any_of([*lists["proprietary_models"], *lists["open_models"]])
    version = (
        r"(?:[ \-]?(?!0\.)(?:v?[0-9]+(?:\.[0-9]+)*[a-z]?(?:x[0-9]+)?[bB]?|r1|turbo|mini|nano|"
        r"large|small|medium|pro|flash|lite|opus|sonnet|haiku|instruct|coder|scout|maverick|"
        r"reasoner|oss))"
    )
    sized = r"(?![,.]?[0-9]|\s?%|[kKmM]\b|\s(?:percent|per cent|tokens?|tickets?|calls?|requests?)\b|\sout of\b)"
    gpus = any_of(lists["accelerators"])
    return re.compile(rf"\b(?:{models})(?:{version}{sized}){{0,4}}|\b(?:{gpus})\b(?:[ -]?[0-9]+\s?GB)?", re.I)


@lru_cache(maxsize=1)
def proprietary() -> re.Pattern[str]:
    """Match a proprietary model or a general name for one."""
    names = any_of(table("vocabulary.yaml")["proprietary_models"])
    return re.compile(
        rf"\b(?:{names})\b(?![ -]?oss)|\b(?:proprietary|flagship|closed|frontier|commercial)\b(?:[\s-]\w+)?", re.I
    )


@lru_cache(maxsize=1)
def open_weight() -> re.Pattern[str]:
    """Match an open-weight model or a general name for one."""
    names = any_of(table("vocabulary.yaml")["open_models"])
    return re.compile(
        rf"\b(?:{names})|\bopen(?:[ -](?:weights?|source))?\s(?:model|one|llm)|\bopen[ -](?:weights?|source)\b", re.I
    )
