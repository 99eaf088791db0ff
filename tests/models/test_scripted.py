"""The scripted model keeps to the protocol and to its script."""

import threading

import pytest

from models.protocol import ChatMessage, ChatModel
from models.scripted import ScriptedModel, replies_by_message
from tools.errors import Cancelled, ModelFailed

HELLO = [ChatMessage("user", "hello there")]


def test_replies_come_in_order_and_calls_are_kept() -> None:
    model: ChatModel = ScriptedModel(["one", "two"])
    assert [model.complete(HELLO).text, model.complete(HELLO, schema={"type": "string"}).text] == ["one", "two"]
    assert isinstance(model, ScriptedModel)
    assert [call.schema for call in model.calls] == [None, {"type": "string"}]
    assert model.calls[0].messages == tuple(HELLO)


def test_an_exhausted_script_says_what_was_asked() -> None:
    model = ScriptedModel(["one"])
    model.complete(HELLO)
    with pytest.raises(ModelFailed, match="exhausted: it has 1 replies, and 'hello there' asks for one more"):
        model.complete(HELLO)


def test_replies_can_hang_on_the_last_message() -> None:
    model = ScriptedModel(replies_by_message({"hello": "hi", "bye": Cancelled("stopped")}))
    assert model.complete(HELLO).text == "hi"
    with pytest.raises(Cancelled):
        model.complete([ChatMessage("user", "bye now")])
    with pytest.raises(ModelFailed, match="no reply to 'what'"):
        model.complete([ChatMessage("user", "what")])


def test_it_streams_and_can_be_cancelled() -> None:
    heard: list[str] = []
    cancel = threading.Event()

    def hear(piece: str) -> None:
        heard.append(piece)
        if len(heard) == 2:
            cancel.set()

    answer = ScriptedModel(["one two\nthree four"]).complete(HELLO, on_token=hear, cancel=cancel)
    assert (answer.text, answer.finish) == ("one two", "cancelled")
    assert heard == ["one", " two"]


def test_scores_come_from_the_script() -> None:
    model = ScriptedModel(scores=[[-1.0, -2.0]])
    assert model.capabilities.can_score
    assert model.score(HELLO, ["yes", "no"]) == [-1.0, -2.0]
    assert model.calls[0].options == ("yes", "no")
    with pytest.raises(ModelFailed, match="exhausted"):
        model.score(HELLO, ["yes", "no"])
    with pytest.raises(ModelFailed, match="1 scores for the 2 options"):
        ScriptedModel(scores=lambda last, options: [0.0]).score(HELLO, ["yes", "no"])
