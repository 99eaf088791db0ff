"""Finds the sentences of a message that ask something, as they stand in it. It knows no facts."""

import re

_SENTENCE_END = re.compile(r"[!?;\n]+|\.(?=\s|$)|\.{2,}")
_NOT_AN_END = re.compile(r"(?:\b(?:approx|ca|avg|max|min|incl|e\.g|i\.e|vs|etc|no|U\.S|U\.K))$", re.IGNORECASE)
_QUESTION_START = re.compile(
    r"(?:(?:and|but|so|also|ok|okay|hey|hmm|by the way|btw|quick question|one question)\b[\s,:]*)*"
    r"(?:(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|would|should|will|may|might"
    r"|explain|tell me|any idea (?:what|how|why|which))\b(?!['’]t)"
    r"|(?:is|are|do|does|can|could|would|should)n?['’]t"
    r" (?:i|we|you|it|they|he|she|that|this|these|those|there|the|our|my)\b)",
    re.IGNORECASE,
)


def questions(message: str) -> str:
    """Return the sentences that ask something, joined as they stand in the message; empty where none does."""
    asked = [message[a : b + len(mark)].strip() for a, b, mark in _sentences(message) if _asks(message[a:b], mark)]
    return " ".join(asked)


def _asks(sentence: str, mark: str) -> bool:
    return "?" in mark or bool(_QUESTION_START.match(sentence.strip()) and "!" not in mark)


def _sentences(message: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    start = 0
    for match in _SENTENCE_END.finditer(message):
        if match.group() == "." and _NOT_AN_END.search(message[start : match.start()]):
            continue
        found.append((start, match.start(), match.group()))
        start = match.end()
    found.append((start, len(message), ""))
    return [(a, b, mark) for a, b, mark in found if message[a:b].strip()]
