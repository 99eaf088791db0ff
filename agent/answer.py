"""Answers a question from passages: in the model's words where they hold up, else in the passages' own.

It searches nothing and knows no interview.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.grounding import held_up, nearest_source
from agent.prompts import prompt_text
from knowledge.embedder import TextEmbedder
from knowledge.passages import Passage
from knowledge.quote import best_sentences, sentences
from models.protocol import ChatMessage, ChatModel, Usage
from tools.errors import Cancelled, ModelFailed
from tools.report import Citation

log = logging.getLogger(__name__)

# Bounds that keep an answer of a small model on two processor cores within about ten seconds.
MOST_TOKENS = 80
MOST_SECONDS = 20.0
SENTENCES_PER_PASSAGE = 2
# A model known to be smaller does not write: asked eight questions over their passages, the 1.5B default said five
# times that the notes hold no answer (they did), defined a key-value cache wrongly once, and took 2 to 12 seconds.
LEAST_BILLIONS = 3.0
# A sentence of another passage is quoted too where the passage's score is nearly the best and its cosine is high.
ALSO_NEAR = 0.8
ALSO_SAYS = 0.45

_MARK = re.compile(r"\s*\[(\d+)\]")
# A sentence with the marks that follow its end; "3.1" and "e.g." end none.
_MARKED_SENTENCE = re.compile(r"\S.*?(?:(?<!\be\.g)(?<!\bi\.e)[.!?][\"”’)]*(?:\s*\[\d+\])*(?=\s|$)|$)", re.DOTALL)
_NO_USAGE = Usage(0, 0, 0)
# A document may hold "<|im_end|>"; the citation beside the answer quotes it exactly.
_HARMLESS = str.maketrans("[]<>", "()‹›")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with its citations, and what the model did for it."""

    text: str
    citations: tuple[Citation, ...]
    usage: Usage
    written: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A passage with the sentences of it that are nearest to the question."""

    passage: Passage
    sentences: tuple[str, ...]

    def cite(self, sentence: str) -> Citation:
        """Cite the passage with one of its sentences."""
        return Citation(self.passage.id, self.passage.title, sentence, self.passage.source)


class Deadline(threading.Event):
    """An event that is also set when another is, or when its time is up."""

    def __init__(self, seconds: float, other: threading.Event | None) -> None:
        super().__init__()
        self._end = time.monotonic() + seconds
        self._other = other

    def is_set(self) -> bool:
        """Say whether to stop."""
        return super().is_set() or (self._other is not None and self._other.is_set()) or time.monotonic() > self._end


def answer_question(
    question: str,
    passages: Sequence[Passage],
    embedder: TextEmbedder,
    model: ChatModel | None,
    *,
    on_token: Callable[[str], None] | None = None,
    cancel: threading.Event | None = None,
    seconds: float = MOST_SECONDS,
) -> Answered:
    """Answer from the passages; at least one is needed."""
    notes = [
        Note(passage, tuple(best_sentences(question, passage, embedder, SENTENCES_PER_PASSAGE))) for passage in passages
    ]
    notes = [note for note in notes if note.sentences]
    if not notes:
        return Answered(
            passages[0].text,
            (Citation(passages[0].id, passages[0].title, passages[0].text),),
            _NO_USAGE,
            False,
        )
    usage = _NO_USAGE
    if model is not None and _can_write(model):
        text, usage = _write(question, notes, model, on_token, Deadline(seconds, cancel))
        if kept := _supported(text, notes, question):
            return Answered(_renumbered(" ".join(kept)), _citations(kept, notes), usage, True)
    return _quoted(question, notes, embedder, usage)


def _unmarked(text: str) -> str:
    """Return a passage's words without what would pass for our own citation marks."""
    return re.sub(r"\[(\d+)\]", r"(\1)", text)


def _can_write(model: ChatModel) -> bool:
    size = model.capabilities.parameters_b
    return size is None or size >= LEAST_BILLIONS


def _write(
    question: str,
    notes: Sequence[Note],
    model: ChatModel,
    on_token: Callable[[str], None] | None,
    deadline: Deadline,
) -> tuple[str, Usage]:
    """Have the model write; the empty text where it fails or runs out of time."""
    numbered = "\n".join(
        f"[{i}] {_unmarked(' '.join(note.sentences)).translate(_HARMLESS)}" for i, note in enumerate(notes, start=1)
    )
    messages = [
        ChatMessage("system", prompt_text("answer_system.md").strip()),
        ChatMessage("user", prompt_text("answer_user.md").format(notes=numbered, question=question).strip()),
    ]
    try:
        done = model.complete(messages, max_tokens=MOST_TOKENS, on_token=on_token, cancel=deadline)
    except Cancelled:
        log.info("an answer was stopped or ran out of time; the passages are quoted instead")
        return "", _NO_USAGE
    except ModelFailed as error:
        log.warning("the model could not answer (%s); the passages are quoted instead", error)
        return "", _NO_USAGE
    if done.finish == "cancelled":
        return "", done.usage
    text = done.text.strip()
    return (text if done.finish == "stop" else _whole_sentences(text)), done.usage


def _whole_sentences(text: str) -> str:
    """Drop the sentence that the limit cut off."""
    ends = [match.end() for match in re.finditer(r"[.!?](?:\s*\[\d+\])*", text)]
    return text[: ends[-1]] if ends else ""


def _supported(text: str, notes: Sequence[Note], question: str) -> list[str]:
    """Return the sentences that name their notes and hold up against them; the others are dropped."""
    return [sentence for sentence in _marked_sentences(text) if _holds(sentence, notes, question)]


def _marked_sentences(text: str) -> list[str]:
    """Split a written text at the ends of its sentences; marks belong to the sentence before them."""
    return [match[0].strip() for match in _MARKED_SENTENCE.finditer(text) if match[0].strip()]


def _holds(sentence: str, notes: Sequence[Note], question: str) -> bool:
    numbers = [int(number) for number in _MARK.findall(sentence)]
    if not numbers or not all(1 <= number <= len(notes) for number in numbers):
        return False
    sources = [piece for number in numbers for piece in sentences(notes[number - 1].passage.text)]
    return held_up(_MARK.sub("", sentence), sources, question)


def _citations(kept: Sequence[str], notes: Sequence[Note]) -> tuple[Citation, ...]:
    """Cite each note that the kept sentences name, in its order, with its sentence nearest to their words."""
    cited: dict[int, Citation] = {}
    for sentence in kept:
        for number in (int(mark) for mark in _MARK.findall(sentence)):
            note = notes[number - 1]
            cited.setdefault(number, note.cite(nearest_source(_MARK.sub("", sentence), sentences(note.passage.text))))
    return tuple(cited.values())


def _renumbered(text: str) -> str:
    """Number the marks in the order of the citations."""
    order = list(dict.fromkeys(_MARK.findall(text)))
    return _MARK.sub(lambda match: f" [{order.index(match[1]) + 1}]", text).strip()


def _quoted(question: str, notes: Sequence[Note], embedder: TextEmbedder, usage: Usage) -> Answered:
    """Answer with the best passage's own sentences, and one of another passage where that is near as well."""
    pieces = [(notes[0], sentence) for sentence in notes[0].sentences]
    near = [note for note in notes[1:] if note.passage.score >= ALSO_NEAR * notes[0].passage.score]
    others = [(note, sentence) for note in near for sentence in note.sentences]
    if others:
        vectors = embedder.embed([question, *(sentence for _, sentence in others)])
        cosines = vectors[1:] @ vectors[0]
        if float(cosines.max()) >= ALSO_SAYS:
            pieces.append(others[int(cosines.argmax())])
    text = " ".join(f"{_unmarked(sentence)} [{i}]" for i, (_, sentence) in enumerate(pieces, start=1))
    return Answered(text, tuple(note.cite(sentence) for note, sentence in pieces), usage, False)
