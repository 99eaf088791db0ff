"""The labels that the encoder tells apart, and how a message becomes its input. It knows no weights.

A choice, set or flag has one label per value, a number or a text one label; the labels of one choice or flag exclude
each other and form a group together, every other label is a group of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from knowledge.embedder import embedder_spec
from tools.data_files import parse_yaml
from tools.facts import fact_dictionary

if TYPE_CHECKING:
    from tokenizers.implementations import BertWordPieceTokenizer

MOST_TOKENS = 192
_CLS, _SEP = "[CLS]", "[SEP]"


@dataclass(frozen=True, slots=True)
class Label:
    """A fact with one of its values; numbers and texts have the empty value."""

    key: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The encoder's input: `ids` and `kinds` (1 in the question, 0 in the message), and the message's tokens.

    The message's tokens start at `first`; `offsets[n]` holds the characters of token `first + n` in the message.
    """

    ids: tuple[int, ...]
    kinds: tuple[int, ...]
    first: int
    offsets: tuple[tuple[int, int], ...]


@lru_cache(maxsize=1)
def labels() -> tuple[Label, ...]:
    """Return every label, in the order of the fact dictionary."""
    found: list[Label] = []
    for key, spec in fact_dictionary().items():
        values = ("true", "false") if spec.type == "flag" else spec.values or ("",)
        found += [Label(key, value) for value in values]
    return tuple(found)


@lru_cache(maxsize=1)
def label_numbers() -> Mapping[Label, int]:
    """Return the number of each label."""
    return {label: number for number, label in enumerate(labels())}


@lru_cache(maxsize=1)
def groups() -> tuple[tuple[int, ...], ...]:
    """Return the numbers of the labels that exclude each other."""
    found: dict[str, list[int]] = {}
    for number, label in enumerate(labels()):
        alone = fact_dictionary()[label.key].type not in ("choice", "flag")
        found.setdefault(f"{label.key}={label.value}" if alone else label.key, []).append(number)
    return tuple(tuple(numbers) for numbers in found.values())


@lru_cache(maxsize=1)
def questions() -> Mapping[str, str]:
    """Return the words that stand for each asked fact."""
    name = "asked.yaml"
    text = files("agent.reading").joinpath(name).read_text(encoding="utf-8")
    table: dict[str, str] = parse_yaml(text, f"agent/reading/{name}")
    return table


def tokenize(message: str, asked: str | None) -> Tokens:
    """Return "[CLS] question [SEP] message [SEP]", or without a question "[CLS] message [SEP]"."""
    said = _tokenizer().encode(message.encode("utf-8", "replace").decode("utf-8"), add_special_tokens=False)
    before = _question_ids(asked) if asked is not None else ()
    cls, sep = _marks()
    room = MOST_TOKENS - len(before) - 3
    body = tuple(said.ids[:room])
    head = (cls, *before, sep) if before else (cls,)
    kinds = (1,) * len(head) if before else (0,)
    return Tokens((*head, *body, sep), (*kinds, *(0,) * (len(body) + 1)), len(head), tuple(said.offsets[:room]))


@lru_cache(maxsize=64)
def _question_ids(asked: str) -> tuple[int, ...]:
    return tuple(_tokenizer().encode(questions()[asked], add_special_tokens=False).ids)


@lru_cache(maxsize=1)
def _marks() -> tuple[int, int]:
    return _tokenizer().token_to_id(_CLS), _tokenizer().token_to_id(_SEP)


@lru_cache(maxsize=1)
def _tokenizer() -> "BertWordPieceTokenizer":
    from tokenizers.implementations import BertWordPieceTokenizer

    words = files("knowledge").joinpath("data", embedder_spec().vocabulary).read_text(encoding="utf-8").split("\n")
    vocabulary: dict[str, Any] = {word: number for number, word in enumerate(words) if word}
    return BertWordPieceTokenizer(vocab=vocabulary, lowercase=True)
