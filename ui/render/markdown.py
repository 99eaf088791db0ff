"""Escapes text for Markdown, so that what people wrote is printed and never takes effect. It knows no report."""

import re
from collections.abc import Iterable

from ui.render.blocks import Run
from ui.render.clean import clean, clean_lines

_ANYWHERE = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)([-+=#])", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s|$)", re.MULTILINE)


class Markdown(str):
    """Text that is Markdown already and is not escaped again."""

    __slots__ = ()


def ready(value: str) -> Markdown:
    """Mark what a template's macro has set: its parts are escaped already."""
    return Markdown(value)


def escaped(value: object) -> Markdown:
    """Escape a text and put it on one line."""
    if isinstance(value, Markdown):
        return value
    return Markdown(_escape(" ".join(str(value).split())))


def runs(pieces: Iterable[Run]) -> Markdown:
    """Set pieces of text, each in its style and with its link."""
    return Markdown("".join(_run(piece) for piece in pieces).strip())


def _run(piece: Run) -> str:
    text = clean(piece.text)
    body = _escape(text.strip())
    if not body:
        return text
    if piece.style in ("strong", "tag"):
        body = f"**{body}**"
    elif piece.style == "quote":
        body = f"“{body}”"
    if piece.to:
        body = f"[{body}](#{piece.to})"
    lead, tail = " " if text.startswith(" ") else "", " " if text.endswith(" ") else ""
    return f"{lead}{body}{tail}"


def quoted(value: object) -> Markdown:
    """Set a text of several lines as a block quotation, each line for itself."""
    lines = str(value).strip().splitlines() or [""]
    return Markdown("\n".join(f"> {_escape(line.strip())}  " if line.strip() else ">" for line in lines).rstrip())


def fenced(value: object) -> Markdown:
    """Set a text word for word, behind a fence longer than any in it."""
    text = clean_lines(str(value))
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return Markdown(f"{fence}text\n{text}\n{fence}")


def _escape(text: str) -> str:
    text = clean_lines(text)
    text = _ANYWHERE.sub(lambda match: f"\\{match.group()}", text)
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", text))
