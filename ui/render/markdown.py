"""Escapes text for Markdown, so that what people wrote is printed and never takes effect. It knows no report."""

import re

_ANYWHERE = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)([-+=#])", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s|$)", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


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


def quoted(value: object) -> Markdown:
    """Set a text of several lines as a block quotation, each line for itself."""
    lines = str(value).strip().splitlines() or [""]
    return Markdown("\n".join(f"> {_escape(line.strip())}  " if line.strip() else ">" for line in lines).rstrip())


def fenced(value: object) -> Markdown:
    """Set a text word for word, behind a fence longer than any in it."""
    text = _CONTROL.sub("\ufffd", str(value).replace("\r\n", "\n").replace("\r", "\n"))
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return Markdown(f"{fence}text\n{text}\n{fence}")


def _escape(text: str) -> str:
    text = _CONTROL.sub("\ufffd", text)
    text = _ANYWHERE.sub(lambda match: f"\\{match.group()}", text)
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", text))
