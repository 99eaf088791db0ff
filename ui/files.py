"""Reads the files that users give on the command line. It knows no fact and no tool."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.errors import InvalidInput
from tools.file_json import read_json
from tools.file_yaml import read_yaml
from tools.located import plain, repeated_keys

LARGEST_BYTES = 10_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: Path, largest: int | None = None) -> str:
    """Read a text file of at most `largest` bytes, or raise InvalidInput that names it."""
    try:
        with path.open("rb") as file:
            content = file.read() if largest is None else file.read(largest + 1)
    except FileNotFoundError:
        raise InvalidInput(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise InvalidInput(f"{path}: this is a folder; give a file") from None
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror}") from None
    if largest is not None and len(content) > largest:
        raise InvalidInput(f"{path}: larger than {largest / 1e6:.0f} MB; expected a smaller file, or several")
    return _decoded(content, path)


def _decoded(content: bytes, path: Path) -> str:
    if content.startswith(_UTF16):
        raise InvalidInput(f"{path}: UTF-16 text; save it as UTF-8 (in a spreadsheet: 'CSV UTF-8')")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"{path}:{line}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InvalidInput(f"{path}:{line}: a zero byte; expected a text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_structured(path: Path) -> Any:
    """Read a YAML or JSON file; a key given twice is an error."""
    text = read_text(path)
    node = (read_json if path.suffix.lower() == ".json" else read_yaml)(text, str(path))
    if node is None:
        return None
    for repeated in repeated_keys(node):
        raise InvalidInput(f"{path}:{repeated.line}: key {repeated.key!r} is given twice")
    return plain(node)


def read_json_lines(path: Path) -> Iterator[tuple[int, Any | InvalidInput]]:
    """Yield (line number, value) for each line that is not blank; a bad line yields its error."""
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except json.JSONDecodeError as error:
            yield (
                number,
                InvalidInput(f"{path}: line {number}: not JSON: {error.msg} at column {error.colno}"),
            )
