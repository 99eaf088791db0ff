"""Reads the files that users give on the command line. It knows no fact and no tool."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.data_files import parse_yaml
from tools.errors import InvalidInput


def read_text(path: Path) -> str:
    """Read a text file, or raise InvalidInput that names it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidInput(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise InvalidInput(f"{path}: this is a folder; give a file") from None
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror}") from None


def read_structured(path: Path) -> Any:
    """Read a YAML or JSON file."""
    return parse_yaml(read_text(path), str(path))


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
