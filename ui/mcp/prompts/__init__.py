"""The prompts that the protocol offers, which are files beside this one, and how their gaps are filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from types import MappingProxyType

from tools.errors import InvalidInput, UnknownName


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt: what it is for, and its gaps with what belongs there."""

    name: str
    title: str
    about: str
    arguments: Mapping[str, str]


PROMPTS: Mapping[str, Prompt] = MappingProxyType(
    {
        prompt.name: prompt
        for prompt in (
            Prompt(
                "weigh_workload",
                "Weigh a workload",
                "Interview me about an AI workload and decide where it should run.",
                {"description": "the workload in your own words: what it does, how much of it, what may not leave"},
            ),
            Prompt(
                "check_licence",
                "Check a licence",
                "Say whether a model's licence allows a use, and with which duties.",
                {
                    "model": "an open model, a family or a licence",
                    "use": "who uses it for what, and who gets the weights",
                },
            ),
        )
    }
)


def fill(name: str, given: Mapping[str, str]) -> str:
    """Return the prompt's text with its gaps filled; InvalidInput names the gap that is left."""
    if name not in PROMPTS:
        raise UnknownName.of("prompt", name, PROMPTS)
    expected = PROMPTS[name].arguments
    for key in given:
        if key not in expected:
            raise InvalidInput(f"{name}: {key}: unknown argument; expected {', '.join(expected)}")
    for key, about in expected.items():
        if not given.get(key, "").strip():
            raise InvalidInput(f"{name}: {key}: expected {about}")
    text = files("ui.mcp.prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")
    return Template(text).substitute({key: value.strip() for key, value in given.items()})
