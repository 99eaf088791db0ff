"""The parts of the page that need no browser: turns that are followed, messages, replies, edits, cards."""

import threading
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent.adviser import Adviser
from agent.events import Answer, Event, QuestionAsked, Say, Token
from agent.reading.reading import Reading
from tools.assessment import CostLine
from tools.errors import InvalidInput, ModelFailed
from tools.facts import check_value, fact_dictionary, spec_of
from tools.report import Citation, Utterance
from ui.page.blocks import build_page
from ui.page.bubbles import Reply, transcript_bubbles, user_bubble
from ui.page.cards import _cost_row, card
from ui.page.downloads import file_name
from ui.page.edits import edited_value, known_value
from ui.page.loading import Loader, Opened
from ui.page.replies import replies_to
from ui.page.turns import Emit, Turns
from ui.page.wiring import Handlers

QUESTION = QuestionAsked("Tickets", "difficulty", spec_of("difficulty").question, "It matters.", 0.2)


def test_every_follower_sees_a_turn_from_its_first_event() -> None:
    go_on = threading.Event()

    def work(emit: Emit, cancel: threading.Event) -> None:
        emit(Say("one"))
        go_on.wait(10)
        emit(Say("two"))

    turn = Turns().start("s", [], "hello", work)
    first = turn.follow()
    assert next(first) == [Say("one")]
    go_on.set()
    assert [event for events in first for event in events] == [Say("two")]
    assert [event for events in turn.follow() for event in events] == [Say("one"), Say("two")]
    assert turn.finished


def test_a_session_has_one_turn_at_a_time_and_stop_reaches_it() -> None:
    turns, said = Turns(), []

    def work(emit: Emit, cancel: threading.Event) -> None:
        said.append(cancel.wait(10))

    turn = turns.start("s", [], "hello", work)
    with pytest.raises(InvalidInput, match="still answering"):
        turns.start("s", [], "again", work)
    turns.cancel("s")
    assert list(turn.follow()) == []
    assert said == [True]
    assert turns.running("s") is None


@pytest.mark.parametrize(
    ("error", "told"), [(ModelFailed("no answer"), "no answer"), (KeyError("x"), "Something went wrong (KeyError)")]
)
def test_a_turn_that_fails_says_so(error: Exception, told: str) -> None:
    def work(emit: Emit, cancel: threading.Event) -> None:
        raise error

    turn = Turns().start("s", [], "hello", work)
    assert list(turn.follow()) == []
    assert turn.problem.startswith(told)


def test_opening_that_fails_gives_its_reason() -> None:
    def build() -> Opened:
        raise ModelFailed("the file is broken")

    loader = Loader(build)
    assert loader.status().state == "loading"
    loader.start()
    loader.start()
    assert loader.wait(10) is None
    assert (loader.status().state, loader.status().text) == ("failed", "the file is broken")


def test_tokens_are_shown_until_the_answer_replaces_them() -> None:
    reply = Reply()
    events: list[Event] = [Token("Lla"), Token("ma is")]
    reply.add(events)
    assert "Llama is" in reply.shown()[0]["content"]
    reply.add([Answer("No [1].", (Citation("a", "A <title>", "a quote"),)), QUESTION])
    answer, question, typing = reply.shown()
    assert "Llama is" not in answer["content"]
    assert "A &lt;title&gt;" in answer["content"]
    assert "It matters." in question["content"]
    assert "wb-typing" in typing["content"]


def test_messages_are_one_block_of_escaped_html() -> None:
    content = user_bubble("a <b>\n\n\n# not a heading\n\n1. no list")["content"]
    assert "<b>" not in content
    assert "\n" not in content


def test_only_the_pending_question_stands_out() -> None:
    lines = [Utterance("adviser", QUESTION.text), Utterance("user", "hm"), Utterance("adviser", QUESTION.text)]
    bubbles = transcript_bubbles(lines, QUESTION)
    assert [("wb-question" in bubble["content"]) for bubble in bubbles] == [False, False, True]
    assert [bubble["role"] for bubble in bubbles] == ["assistant", "user", "assistant"]


@pytest.mark.parametrize("spec", fact_dictionary().values(), ids=lambda spec: spec.key)
def test_every_fact_has_the_replies_of_its_type(spec: object) -> None:
    spec = spec_of(getattr(spec, "key"))  # noqa: B009
    replies = replies_to(QuestionAsked("w", spec.key, spec.question, "", 0.1))
    assert replies.kind == ("several" if spec.type == "set" else "one")
    assert len(replies.choices) == (2 if spec.type == "flag" else len(spec.values))
    for choice in replies.choices:
        edited_value(spec, [choice.value] if spec.type == "set" else choice.value)


def test_a_contradiction_is_answered_with_yes_or_no() -> None:
    replies = replies_to(QuestionAsked("w", "requests_per_day", "40k then, 90k now. Is the new one right?", "", None))
    assert [choice.value for choice in replies.choices] == ["yes", "no"]


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("requests_per_day", "40000", 40000.0),
        ("requests_per_day", "40,000", 40000.0),
        ("requests_per_day", "40k a day", 40000),
        ("input_tokens", "300 to 400 tokens", [300, 400]),
        ("air_gapped", "true", True),
        ("data_class", "pii", ["pii"]),
        ("owned_gpus", " 4 x H100 ", "4 x H100"),
    ],
)
def test_what_is_typed_for_a_fact_is_read(key: str, typed: str, value: object) -> None:
    assert edited_value(spec_of(key), typed) == value


@pytest.mark.parametrize(("key", "typed"), [("requests_per_day", "a lot"), ("requests_per_day", " "), ("task", "")])
def test_what_is_not_understood_is_refused(key: str, typed: str) -> None:
    with pytest.raises(InvalidInput, match="expected"):
        edited_value(spec_of(key), typed)


class Deaf:
    """Reads nothing, whatever is said."""

    def read(self, text: str, asked: str | None, **_: object) -> Reading:
        return Reading("answer")


def test_a_clicked_answer_holds_even_where_its_words_are_misread(tmp_path: Path, today: date) -> None:
    adviser = Adviser(None, Deaf(), None, None, tmp_path / "sessions.sqlite", lambda: today)
    loader = Loader(lambda: Opened(adviser, lambda: today, "none"))
    loader.start()
    assert loader.wait(30) is not None
    handlers = Handlers(loader, escalation=False)
    build_page(handlers, escalation=False)
    adviser.open("s")
    adviser.set_fact("s", "Workload 1", "requests_per_day", 40000)
    pending = adviser.view("s").pending
    assert pending is not None
    assert pending.fact is not None
    choice = replies_to(pending).choices[-1]
    event = SimpleNamespace(action="set", fact=pending.fact, value=choice.value)
    screens = list(handlers.reply("s", event))
    view = adviser.view("s")
    assert known_value(view, view.current, pending.fact) == check_value(
        spec_of(pending.fact), edited_value(spec_of(pending.fact), choice.value)
    )
    assert choice.label in [line.text for line in view.transcript if line.role == "user"]
    assert len(screens) >= 2
    loader.close()


def test_cards_escape_markup_and_braces() -> None:
    html = card("notice", text="<script>{{evil}}</script>", kind="problem")
    assert "<script>" not in html
    assert "{" not in html


def test_an_unknown_price_is_said_to_be_unknown() -> None:
    row = _cost_row(CostLine("licence", 1, "agreement", None, None, "publisher"))
    assert row["price"] == row["amount"] == "unknown"


def test_file_names_work_everywhere() -> None:
    assert file_name("Tickets / Élan: 2026?") == "tickets-lan-2026"
    assert file_name("///") == "weighbridge-report"
