"""Says whether a generated text keeps to its sources: their numbers, names, words and negations."""

import re
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(
    r"(?P<sign>[$€£]?)\s?(?P<number>\d+(?:[.,]\d+)*)(?P<scale>\s?(?:%|percent|thousand|million|billion|trillion)|[kMB]\b)?"
)
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
# What may begin a sentence though no source has it.
_OPENINGS = frozenset(
    re.findall(r"\w+", "however also therefore no if in under as at on by most some all each both so only it to")
)
_FORBIDS = re.compile(
    r"\b(?:forbid\w*|forbade|prohibit\w*|bann?(?:ed|s)?|disallow\w*|refus\w+|exclud\w+)\b", re.IGNORECASE
)
_OPPOSITES = tuple(
    (one, other)
    for one, other in re.findall(
        r"(\w+)/(\w+)",
        "more/less more/fewer above/below over/under cheaper/dearer before/after always/never "
        "higher/lower most/least larger/smaller longer/shorter faster/slower rises/falls "
        "increases/decreases gains/loses safe/unsafe lawful/unlawful legal/illegal possible/impossible "
        "with/without inside/outside minimum/maximum",
    )
)
_SCALES = {
    "%": "%", "percent": "%", "k": "e3", "thousand": "e3", "m": "e6", "million": "e6", "b": "e9", "billion": "e9",
    "trillion": "e12",
}  # fmt: skip
_COUNTED = {
    word: str(number)
    for number, word in enumerate(
        re.findall(r"\w+", "two three four five six seven eight nine ten eleven twelve"), start=2
    )
}
# The least share of an answer's words that its sources or the question must contain.
LEAST_SHARED = 0.6


def held_up(text: str, sources: Sequence[str], question: str) -> bool:
    """Check every sentence of a text against the sources that it cites."""
    allowed = " ".join((*sources, question))
    if not _numbers(text) <= _numbers(allowed):
        return False
    known = {name.lower() for name in re.findall(r"[\w-]+(?:\.\w+)*", allowed)}
    if any(name not in known and not _stems(name) & _stems(allowed) for name in _names(text)):
        return False
    return all(_sentence_holds(sentence, sources, allowed) for sentence in _sentences(text))


def nearest_source(text: str, sources: Sequence[str]) -> str:
    """Return the source that shares most words with a text; the first of those that share as many."""
    words = _stems(text)
    return max(sources, key=lambda source: len(words & _stems(source)), default="")


def _numbers(text: str) -> set[str]:
    """Return the amounts: a number with what makes it another one, such as a percentage, a currency or "million"."""
    written = {
        f"{m['sign']}{m['number'].replace(',', '')}{_SCALES.get((m['scale'] or '').strip().lower(), '')}"
        for m in _NUMBER.finditer(text)
    }
    return written | {_COUNTED[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _COUNTED}


def _names(text: str) -> set[str]:
    """Return capitalised words; one that begins a sentence counts unless it is an ordinary opening."""
    first = {match.start() + len(match[0]) - len(match[0].lstrip()) for match in _SENTENCE.finditer(text)}
    found = {(m[0].lower().rstrip("."), m.start() in first) for m in _NAME.finditer(text) if len(m[0]) > 1}
    return {name for name, opens in found if not (opens and (name in _COMMON or name in _OPENINGS))}


def _sentences(text: str) -> list[str]:
    return [match[0].strip() for match in _SENTENCE.finditer(text) if len(match[0].strip()) > 1]


def _sentence_holds(sentence: str, sources: Sequence[str], allowed: str) -> bool:
    words = _stems(sentence)
    if words and len(words & _stems(allowed)) < LEAST_SHARED * len(words):
        return False
    nearest = nearest_source(sentence, sources)
    return _denies(sentence) == _denies(nearest) and not _opposes(sentence, nearest)


def _denies(text: str) -> bool:
    """Say whether a text negates or forbids; "not forbidden" does neither."""
    return bool(_NEGATION.search(text)) != bool(_FORBIDS.search(text))


def _opposes(sentence: str, source: str) -> bool:
    """Say whether a sentence has one word of a pair of opposites where its source has only the other."""
    said, there = set(re.findall(r"[a-z]+", sentence.lower())), set(re.findall(r"[a-z]+", source.lower()))
    pairs = (pair for one, other in _OPPOSITES for pair in ((one, other), (other, one)))
    return any(one in said and one not in there and other in there for one, other in pairs)


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
