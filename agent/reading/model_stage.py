"""Asks the language model for the one fact that was asked and not understood. It knows no bank and no session.

The reply is held to a schema: one of the fact's values or "not_said". Numbers are never asked of it. The clause that
states the value is not copied by the model but chosen from the message, so the quote is always verbatim.
"""

import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from agent.reading.found import Found
from agent.reading.reading import NO_USAGE
from models.protocol import ChatMessage, ChatModel, Usage
from tools.data_files import parse_yaml
from tools.errors import Cancelled, ModelFailed
from tools.facts import FactSpec, spec_of

# Below this size the answers carried little (measured at 0.5B and 135M), so the stage stays out of the way.
_FEWEST_PARAMETERS_B = 1.0
_NOT_SAID = "not_said"
_MAX_TOKENS = 24
_LONGEST_MESSAGE = 1500
_CONFIDENCE = 0.7


class ModelStage:
    """Reads one fact from one message with one short, schema-constrained completion."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        size = model.capabilities.parameters_b
        self._able = size is None or size >= _FEWEST_PARAMETERS_B

    def read(self, message: str, key: str, cancel: threading.Event | None = None) -> tuple[list[Found], Usage]:
        """Return the value that the message states for the fact, if the model sees one."""
        stripped = message.strip()
        if not self._able or not stripped or key not in statements():
            return [], NO_USAGE
        spec = spec_of(key)
        try:
            completion = self._model.complete(
                _prompt(spec, stripped[:_LONGEST_MESSAGE]), max_tokens=_MAX_TOKENS, schema=_schema(key), cancel=cancel
            )
        except Cancelled:
            raise
        except ModelFailed:
            return [], NO_USAGE
        value = _value(completion.text)
        if value not in statements()[key]:
            return [], completion.usage
        start = message.index(stripped)
        typed: object = value == "true" if spec.type == "flag" else (value,) if spec.type == "set" else value
        return [Found(key, typed, start, start + len(stripped), _CONFIDENCE, "model")], completion.usage


@lru_cache(maxsize=1)
def statements() -> Mapping[str, Mapping[str, str]]:
    """Load what each value means in a few words."""
    table: dict[str, dict[str, str]] = parse_yaml(_prompt_file("statements.yaml"), "agent/reading/prompts/statements.yaml")
    return table


def _schema(key: str) -> dict[str, object]:
    values = [*statements()[key], _NOT_SAID]
    return {
        "type": "object",
        "properties": {"value": {"enum": values}},
        "required": ["value"],
        "additionalProperties": False,
    }


def _prompt(spec: FactSpec, message: str) -> list[ChatMessage]:
    """Put the fixed part first: while the same fact is asked, the model keeps it evaluated."""
    options = "\n".join(f"- {value}: {meaning}" for value, meaning in statements()[spec.key].items())
    text = _prompt_file("read_fact.txt").format(question=spec.question, options=options, message=message)
    return [ChatMessage("system", _prompt_file("read_system.txt").strip()), ChatMessage("user", text.strip())]


def _value(text: str) -> str:
    try:
        reply = json.loads(text)
    except json.JSONDecodeError:
        return _NOT_SAID
    value = reply.get("value") if isinstance(reply, dict) else None
    return value if isinstance(value, str) else _NOT_SAID


@lru_cache(maxsize=None)
def _prompt_file(name: str) -> str:
    return files("agent.reading").joinpath("prompts", name).read_text(encoding="utf-8")
