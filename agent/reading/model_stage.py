"""Asks the language model for the one fact that was asked and not understood. It knows no session.

The model sees the question, what each value means, and solved examples as turns of a conversation; its reply is held
to a schema: one of the fact's values or "not_said". Numbers are never asked of it, and it copies no quote: the quote
is the message. Small models prefer any value to "not_said", so the value counts only where the encoder finds it
possible, too.
"""

import json
import threading
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from agent.reading.examples import FactExamples, load_bank
from agent.reading.found import Found
from agent.reading.reading import NO_USAGE
from models.protocol import ChatMessage, ChatModel, Usage
from tools.data_files import parse_yaml
from tools.errors import Cancelled, ModelFailed
from tools.facts import FactSpec, spec_of

# Below this size the answers carried little (measured at 0.5B and 135M), so the stage stays out of the way.
_FEWEST_PARAMETERS_B = 1.0
# From this size on the model's own "not_said" can be trusted, and the encoder no longer has to agree.
_TRUSTED_PARAMETERS_B = 7.0
# How likely the encoder must find the value that the model chose (chosen on the development set).
_POSSIBLE = 0.015
_NOT_SAID = "not_said"
_MAX_TOKENS = 24
_LONGEST_MESSAGE = 1500
_CONFIDENCE = 0.7
_FEW_VALUES = 5


class ModelStage:
    """Reads one fact from one message with one short, schema-constrained completion."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        size = model.capabilities.parameters_b
        self._able = size is None or size >= _FEWEST_PARAMETERS_B
        self.trusted = size is None or size >= _TRUSTED_PARAMETERS_B

    def read(
        self, message: str, key: str, likely: Mapping[str, float] | None, cancel: threading.Event | None = None
    ) -> tuple[list[Found], Usage]:
        """Return the value that the message states for the fact, if the model sees one.

        Args:
            likely: how likely the encoder finds each value, or None where there is no encoder to ask.
        """
        stripped = message.strip()
        if not self._able or not stripped or key not in statements():
            return [], NO_USAGE
        try:
            completion = self._model.complete(
                [*_prompt(key), ChatMessage("user", stripped[:_LONGEST_MESSAGE])],
                max_tokens=_MAX_TOKENS,
                schema=_schema(key),
                cancel=cancel,
            )
        except Cancelled:
            raise
        except ModelFailed:
            return [], NO_USAGE
        value = _value(completion.text)
        if value not in statements()[key] or not self._possible(value, likely):
            return [], completion.usage
        start = message.index(stripped)
        typed = _typed(spec_of(key), value)
        return [Found(key, typed, start, start + len(stripped), _CONFIDENCE, "model")], completion.usage

    def _possible(self, value: str, likely: Mapping[str, float] | None) -> bool:
        return self.trusted or likely is None or likely.get(value, 0.0) >= _POSSIBLE


@lru_cache(maxsize=1)
def statements() -> Mapping[str, Mapping[str, str]]:
    """Load what each value means in a few words."""
    name = "statements.yaml"
    table: dict[str, dict[str, str]] = parse_yaml(_prompt_file(name), f"agent/reading/prompts/{name}")
    return table


@cache
def _prompt(key: str) -> tuple[ChatMessage, ...]:
    """Return all of the prompt but the message: while the same fact is asked, the model keeps it evaluated."""
    options = "\n".join(f"- {value}: {meaning}" for value, meaning in statements()[key].items())
    system = _prompt_file("read_fact.txt").format(question=spec_of(key).question, options=options).strip()
    turns = [ChatMessage("system", system)]
    for text, value in _solved(load_bank().facts[key]):
        turns += [ChatMessage("user", text), ChatMessage("assistant", json.dumps({"value": value}))]
    return tuple(turns)


def _solved(fact: FactExamples) -> list[tuple[str, str]]:
    """Choose examples: each value in a sentence, in a short answer where there are few, and what says nothing."""
    aside = load_bank().nothing
    solved = [(phrases[0], value) for value, phrases in fact.says.items() if phrases]
    solved += [(aside[-1], _NOT_SAID), (fact.nots[0], _NOT_SAID)]
    if len(fact.values) <= _FEW_VALUES:
        solved += [(phrases[-1], value) for value, phrases in fact.answers.items() if phrases]
    return [*solved, (aside[0], _NOT_SAID), (fact.nots[1], _NOT_SAID)]


def _schema(key: str) -> dict[str, object]:
    values = [*statements()[key], _NOT_SAID]
    return {
        "type": "object",
        "properties": {"value": {"enum": values}},
        "required": ["value"],
        "additionalProperties": False,
    }


def _typed(spec: FactSpec, value: str) -> object:
    if spec.type == "flag":
        return value == "true"
    return (value,) if spec.type == "set" else value


def _value(text: str) -> str:
    try:
        reply = json.loads(text)
    except json.JSONDecodeError:
        return _NOT_SAID
    value = reply.get("value") if isinstance(reply, dict) else None
    return value if isinstance(value, str) else _NOT_SAID


@cache
def _prompt_file(name: str) -> str:
    return files("agent.reading").joinpath("prompts", name).read_text(encoding="utf-8")
