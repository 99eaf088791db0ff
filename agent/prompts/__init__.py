"""Loads the texts and prompts of the adviser, which are files beside this one. It fills none of them in."""

from functools import cache
from importlib.resources import files
from typing import Any

from tools.data_files import parse_yaml


@cache
def speech_table() -> dict[str, Any]:
    """Load what the adviser says."""
    name = "agent/prompts/speech.yaml"
    table: dict[str, Any] = parse_yaml(prompt_text("speech.yaml"), name)
    return table


@cache
def prompt_text(name: str) -> str:
    """Load one file by its name."""
    return files("agent.prompts").joinpath(name).read_text(encoding="utf-8")
