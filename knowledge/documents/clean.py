"""Cleans text that came out of a file: unseen characters, endless words, endless paragraphs. It reads no file."""

import re
import unicodedata
from collections.abc import Iterator

from knowledge.passages import MOST_WORDS

_LONGEST_WORD = 120
_ENDS = re.compile(r"[.!?](?:\s|$)")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")


def clean(text: str) -> str:
    """Return the text as one sees it, in paragraphs of a bearable length."""
    seen = "".join(character for character in text if _is_seen(character))
    lines = (_short_words(line.rstrip()) for line in seen.replace("\r", "\n").split("\n"))
    cut = [piece for line in lines for piece in _cut(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_parted(cut))).strip()


def _parted(lines: list[str]) -> Iterator[str]:
    """Put a blank line into a run of lines in which no sentence ends."""
    running = 0
    for line in lines:
        running = 0 if not line.strip() or _ENDS.search(line) else running + len(line.split())
        if running > MOST_WORDS:
            yield ""
            running = len(line.split())
        yield line


def _is_seen(character: str) -> bool:
    """Drop control, zero-width, direction, tag and private characters: text that a reader cannot see."""
    return character in "\n\r\t" or unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs", "Cn")


def _short_words(line: str) -> str:
    # A word of this length is encoded data; it would fill a passage and mean nothing.
    return re.sub(rf"\S{{{_LONGEST_WORD},}}", "…", line)


def _cut(line: str) -> list[str]:
    """Cut a paragraph without sentences, which would otherwise become one passage of any length."""
    if len(line.split()) <= MOST_WORDS:
        return [line]
    pieces: list[str] = []
    for sentence in _SENTENCE.split(line):
        words = sentence.split()
        pieces += [" ".join(words[at : at + MOST_WORDS]) for at in range(0, len(words), MOST_WORDS)]
    packed = [""]
    for piece in pieces:
        if packed[-1] and len(f"{packed[-1]} {piece}".split()) > MOST_WORDS:
            packed += ["", ""]
        packed[-1] = f"{packed[-1]} {piece}".strip()
    return packed
