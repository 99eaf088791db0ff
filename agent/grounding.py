"""Says whether a generated text keeps to its sources: their numbers, names, words and negations."""

import re
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"\b[A-Z][\w.-]*\b")
_WORD = re.compile(r"[a-z]{3,}")
_NEGATION = re.compile(r"\b(?:not|no|never|none|cannot|without|neither|nor|only|unless|\w+n['’]t)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?=\d)[^.!?]+)*[.!?]*")
# Words that carry no claim.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "and are but for from has have its may that the their them then there these they this which will with yes "
        "you your can any does was were been also not more than into when while what who how because such would "
        "could should",
    )
)
# The least share of an answer's words that its sources or the question must contain.
LEAST_SHARED = 0.6


def held_up(text: str, sources: Sequence[str], question: str) -> bool:
    """Check every sentence of a text against the sources that it cites."""
    allowed = " ".join((*sources, question))
    if not set(_NUMBER.findall(text)) <= set(_NUMBER.findall(allowed)):
        return False
    if not _names(text) <= {name.lower() for name in re.findall(r"[\w.-]+", allowed)}:
        return False
    return all(_sentence_holds(sentence, sources, allowed) for sentence in _sentences(text))


def _names(text: str) -> set[str]:
    """Return capitalised words, but not those that only begin a sentence."""
    first = {match.start() + len(match[0]) - len(match[0].lstrip()) for match in _SENTENCE.finditer(text)}
    return {m[0].lower().rstrip(".") for m in _NAME.finditer(text) if m.start() not in first and len(m[0]) > 1}


def _sentences(text: str) -> list[str]:
    return [match[0].strip() for match in _SENTENCE.finditer(text) if len(match[0].strip()) > 1]


def _sentence_holds(sentence: str, sources: Sequence[str], allowed: str) -> bool:
    words = _stems(sentence)
    if words and len(words & _stems(allowed)) < LEAST_SHARED * len(words):
        return False
    nearest = max(sources, key=lambda source: len(words & _stems(source)), default="")
    return bool(_NEGATION.search(sentence)) == bool(_NEGATION.search(nearest))


def _stems(text: str) -> set[str]:
    return set(_cut(word for word in _WORD.findall(text.lower()) if word not in _COMMON))


def _cut(words: Iterable[str]) -> Iterable[str]:
    """Cut the commonest English endings, so that 'licences' matches 'licence'."""
    for word in words:
        for ending in ("ing", "ed", "es", "s", "e"):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: -len(ending)]
                break
        yield word
