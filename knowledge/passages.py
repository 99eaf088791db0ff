"""Cuts articles into passages that can be cited: one heading's text each. It knows no vector."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.articles import Article

# Bounds in words. The embedder reads 256 tokens, about 190 English words; short passages make vague vectors.
FEWEST_WORDS = 40
MOST_WORDS = 170

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_BULLET = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article: what is searched, cited and quoted. `score` is 0 until a search gives it one."""

    id: str
    title: str
    text: str
    score: float
    source: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph or a list, under the headings it stands below."""

    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage with the texts it is found by."""

    passage: Passage
    asked: tuple[str, ...]

    def texts(self) -> tuple[str, ...]:
        """Return the texts to embed: the passage led by its title, then each way of asking for it.

        The title leads because a passage often does not repeat its subject. The ways of asking have vectors
        of their own because a question lies nearer to a question than to the text that answers it.
        """
        return (f"{self.passage.title}\n{self.passage.text}", *self.asked)


def split_article(article: Article) -> tuple[Entry, ...]:
    """Cut one article into passages, each under its headings, in reading order."""
    return tuple(
        Entry(_passage(article, headings, text), article.asked.get(headings[-1], ()) if headings else ())
        for headings, blocks in _sections(_blocks(article.body))
        for text in _packed(blocks)
    )


def split_articles(articles: Iterable[Article]) -> tuple[Entry, ...]:
    """Cut many articles; a passage that is repeated word for word in one article is kept once."""
    entries = {entry.passage.id: entry for article in articles for entry in split_article(article)}
    return tuple(entries.values())


def _passage(article: Article, headings: tuple[str, ...], text: str) -> Passage:
    title = " – ".join((article.title, *headings))
    digest = hashlib.sha256("\x1f".join((article.source, title, text)).encode()).hexdigest()
    return Passage(f"{article.name}-{digest[:10]}", title, text, 0.0, article.source, article.topics)


def _blocks(body: str) -> Iterator[_Block]:
    """Yield paragraphs with their wrapped lines joined; list items keep a line each."""
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    for line in [*body.splitlines(), ""]:
        heading = _HEADING.match(line)
        if (heading or not line.strip()) and lines:
            yield _Block(tuple(text for _, text in path), "\n".join(lines))
            lines = []
        if heading:
            level = len(heading[1])
            path = [*(entry for entry in path if entry[0] < level), (level, heading[2])]
        elif line.strip():
            _append_line(lines, line)


def _append_line(lines: list[str], line: str) -> None:
    if not lines or _BULLET.match(line):
        lines.append(line.strip())
    else:
        lines[-1] = f"{lines[-1]} {line.strip()}"


def _sections(blocks: Iterable[_Block]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    headings: tuple[str, ...] | None = None
    texts: list[str] = []
    for block in blocks:
        if texts and block.headings != headings:
            yield headings or (), texts
            texts = []
        headings = block.headings
        texts.append(block.text)
    if texts:
        yield headings or (), texts


def _packed(blocks: list[str]) -> Iterator[str]:
    """Join a section's blocks up to the upper bound; a short rest joins what stands before it."""
    packs: list[list[str]] = [[]]
    for block in (part for whole in blocks for part in _cut_long(whole)):
        if packs[-1] and _words(*packs[-1], block) > MOST_WORDS:
            packs.append([])
        packs[-1].append(block)
    if len(packs) > 1 and _words(*packs[-1]) < FEWEST_WORDS:
        packs[-2].extend(packs.pop())
    for pack in packs:
        yield "\n\n".join(pack)


def _cut_long(block: str) -> Iterator[str]:
    """Cut a block over the upper bound at the ends of its sentences or list items."""
    if _words(block) <= MOST_WORDS:
        yield block
        return
    separator = "\n" if "\n" in block else " "
    pieces = block.split("\n") if separator == "\n" else re.split(r"(?<=[.!?])\s+(?=[A-Z\"“])", block)
    held: list[str] = []
    for piece in pieces:
        if held and _words(*held, piece) > MOST_WORDS:
            yield separator.join(held)
            held = []
        held.append(piece)
    yield separator.join(held)


def _words(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)
