"""Makes chat messages of the transcript and of a turn's events. It knows no widget and changes nothing.

A message is a block of HTML in which every word of users and models is escaped, so neither Markdown nor markup
in what they write takes effect.
"""

from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import Literal, TypedDict
from urllib.parse import quote

from agent.events import Answer, Event, QuestionAsked, Say, Token
from tools.report import Citation, Utterance

TYPING = '<div class="wb-typing" aria-hidden="true"><i></i><i></i><i></i></div>'


class Bubble(TypedDict):
    """A message as the chat widget takes it."""

    role: Literal["user", "assistant"]
    content: str


def transcript_bubbles(
    transcript: Iterable[Utterance], pending: QuestionAsked | None, resendable: Collection[int] = ()
) -> list[Bubble]:
    """Return the conversation so far; the question that is waited on stands out, and `resendable` lines have a pen."""
    lines = list(transcript)
    bubbles = [_bubble_of(line, place if place in resendable else None) for place, line in enumerate(lines)]
    if pending is not None and lines and lines[-1].role != "user" and lines[-1].text == pending.text:
        bubbles[-1] = question_bubble(pending)
    return bubbles


def user_bubble(text: str, line: int | None = None) -> Bubble:
    """Return what the user said; with its line in the transcript it can be said differently."""
    pen = "" if line is None else f'<button type="button" class="wb-again wb-line-{line}">Edit</button>'
    return {"role": "user", "content": _block(text) + pen}


def question_bubble(question: QuestionAsked) -> Bubble:
    """Return a question with its reason beneath it."""
    return _said(f'<div class="wb-question">{_words(question.question)}</div>{_reason(question)}')


class Reply:
    """The adviser's side of a turn while it grows; tokens are shown until the answer replaces them."""

    def __init__(self) -> None:
        self._bubbles: list[Bubble] = []
        self._writing = ""

    def add(self, events: Iterable[Event]) -> None:
        """Take in what happened."""
        for event in events:
            match event:
                case Token(text):
                    self._writing += text
                case Say(text):
                    self._put(_said(_block(text)))
                case Answer(text, citations):
                    self._put(_said(_block(text) + _sources(citations)))
                case QuestionAsked():
                    self._put(question_bubble(event))
                case _:
                    continue

    def shown(self) -> list[Bubble]:
        """Return the messages to show now, with a sign that more is coming."""
        growing = _block(self._writing) if self._writing else ""
        return [*self._bubbles, _said(growing + TYPING)]

    def _put(self, bubble: Bubble) -> None:
        self._writing = ""
        self._bubbles.append(bubble)


def _reason(question: QuestionAsked) -> str:
    """Say why it is asked, beside the chance that the answer matters."""
    if question.flip_probability is None:
        return f'<div class="wb-why">{_words(question.why)}</div>' if question.why else ""
    percent = round(question.flip_probability * 100)
    chance = f"{percent}% chance that it matters"
    gauge = f'<span class="wb-gauge"><i style="width: {percent}%"></i></span>'
    if not question.why:
        return f'<div class="wb-why">{gauge}{chance}</div>'
    return (
        f'<details class="wb-why" open><summary>{gauge}Why do you ask? <b>{chance}</b></summary>'
        f"<div>{_words(question.why)}</div></details>"
    )


def _bubble_of(line: Utterance, place: int | None) -> Bubble:
    if line.role == "user":
        return user_bubble(line.text, place)
    return _said(_block(line.text) + _sources(line.citations))


def _said(html: str) -> Bubble:
    return {"role": "assistant", "content": html}


def _block(text: str) -> str:
    return f'<div class="wb-said">{_words(text)}</div>'


def _words(text: str) -> str:
    """Escape a text; a blank line would end the block of HTML and let Markdown begin."""
    lines = [line for line in escape(text.strip()).splitlines() if line.strip()]
    return lines[0] if len(lines) == 1 else "".join(f'<div class="wb-line">{line}</div>' for line in lines)


def _sources(citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    items = "".join(f"<li>{_source(cited)}</li>" for cited in citations)
    word = "Source" if len(citations) == 1 else "Sources"
    return f'<details class="wb-sources" open><summary>{word}</summary><ol>{items}</ol></details>'


def _source(cited: Citation) -> str:
    """Return a citation that opens its passage; the page's script fetches the text when it is opened.

    The chat widget takes every attribute but the class away, so the class carries the passage's name.
    """
    said = f'<span class="wb-source">{_words(cited.title)}</span> <q>{_words(cited.quote)}</q>'
    place = quote(cited.id, safe="")
    return (
        f'<details class="wb-cited wb-cite-{place}"><summary>{said}</summary>'
        '<div class="wb-opened" role="status">Opening the passage &hellip;</div></details>'
    )
