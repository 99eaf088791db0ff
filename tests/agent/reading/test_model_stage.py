"""The language model's stage, with a model that answers what the test says."""

import json
import threading
from collections.abc import Sequence

import pytest

from agent.reading.model_stage import ModelStage, statements
from agent.reading.pipeline import Reader
from models.protocol import Capabilities, ChatMessage, Completion, OnToken, Schema, Usage
from tools.errors import BadSchema, Cancelled, ModelFailed
from tools.facts import fact_dictionary

USAGE = Usage(300, 20, 8)


class OneAnswer:
    """A chat model that always gives the same reply, or fails in the same way."""

    def __init__(self, reply: str | ModelFailed, parameters_b: float | None = 1.5) -> None:
        self.reply = reply
        self.capabilities = Capabilities("one-answer", True, 4096, False, parameters_b)
        self.asked: list[Sequence[ChatMessage]] = []
        self.schema: Schema | None = None

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int = 256,
        schema: Schema | None = None,
        on_token: OnToken | None = None,
        cancel: threading.Event | None = None,
    ) -> Completion:
        self.asked.append(messages)
        self.schema = schema
        if isinstance(self.reply, ModelFailed):
            raise self.reply
        return Completion(self.reply, "stop", USAGE)

    def score(self, messages: Sequence[ChatMessage], options: Sequence[str]) -> list[float]:
        return [0.0 for _ in options]

    def close(self) -> None:
        return


def says(value: str) -> OneAnswer:
    return OneAnswer(json.dumps({"value": value}))


def test_every_value_has_a_statement() -> None:
    for key, spec in fact_dictionary().items():
        if spec.type in ("choice", "set", "flag"):
            assert set(statements()[key]) == set(spec.values or ("true", "false")), key


def test_a_possible_value_is_taken_with_the_message_as_quote() -> None:
    found, usage = ModelStage(says("high")).read("  that would sink us ", "error_cost", {"high": 0.2})
    assert [(item.value, item.start, item.end, item.stage) for item in found] == [("high", 2, 20, "model")]
    assert usage == USAGE


def test_a_value_that_the_examples_rule_out_is_not_taken() -> None:
    found, usage = ModelStage(says("high")).read("the weather was fine", "error_cost", {"high": 0.001})
    assert found == []
    assert usage == USAGE


def test_a_large_model_needs_no_agreement() -> None:
    model = OneAnswer(json.dumps({"value": "high"}), parameters_b=14.0)
    assert ModelStage(model).read("that would sink us", "error_cost", {"high": 0.001})[0]


@pytest.mark.parametrize("reply", ['{"value": "not_said"}', '{"value": "hi', "[]", '{"value": 7}', '{"value": "huge"}'])
def test_a_reply_that_is_no_value_reads_nothing(reply: str) -> None:
    assert ModelStage(OneAnswer(reply)).read("that would sink us", "error_cost", None)[0] == []


def test_flags_and_sets_get_their_types() -> None:
    assert ModelStage(says("true")).read("no wires", "air_gapped", None)[0][0].value is True
    assert ModelStage(says("pii")).read("who they are", "data_class", None)[0][0].value == ("pii",)


def test_small_models_and_numbers_are_left_alone() -> None:
    small = OneAnswer('{"value": "high"}', parameters_b=0.5)
    assert ModelStage(small).read("that would sink us", "error_cost", None)[0] == []
    numbers = says("40000")
    assert ModelStage(numbers).read("loads", "requests_per_day", None)[0] == []
    assert small.asked == []
    assert numbers.asked == []


def test_a_failing_model_reads_nothing_but_a_cancelled_one_says_so() -> None:
    assert ModelStage(OneAnswer(BadSchema("no"))).read("that would sink us", "error_cost", None)[0] == []
    with pytest.raises(Cancelled):
        ModelStage(OneAnswer(Cancelled("stopped"))).read("that would sink us", "error_cost", None)


def test_the_prompt_differs_only_in_its_last_turn() -> None:
    model = says("high")
    stage = ModelStage(model)
    stage.read("nobody would notice", "error_cost", None)
    stage.read("that would sink us", "error_cost", None)
    before, read = model.asked
    assert list(before[:-1]) == list(read[:-1])
    assert read[-1] == ChatMessage("user", "that would sink us")


def test_the_reader_asks_the_model_only_for_what_is_open(reader: Reader) -> None:
    model = says("low")
    with_model = Reader(model)
    with_model._encoder = reader._encoder
    with_model.read("nothing may leave our servers", "external_api")
    with_model.read("about 40k a day", "requests_per_day")
    with_model.read("I don't know", "interaction")
    with_model.read("Is Llama open source?", "interaction")
    with_model.read("go back", "interaction")
    assert model.asked == []
    with_model.read("the gang upstairs has its ways", "interaction")
    assert model.asked == [], "the encoder sees no value that the model could decide for"
    with_model.read("It isn't the end of the world, I suppose", "error_cost")
    assert len(model.asked) == 1
