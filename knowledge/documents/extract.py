"""Has a file read by a process of its own, within bounds, and turns its refusals into InvalidInput."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.documents.clean import clean
from knowledge.documents.instructions import held_back
from knowledge.documents.part import Part
from tools.errors import InvalidInput

MOST_BYTES = 30_000_000
_SECONDS = 150.0


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file; `held` are the sentences kept out because they speak to a language model."""

    kind: str
    parts: tuple[Part, ...]
    held: tuple[str, ...]


def read_bytes(path: Path) -> bytes:
    """Return the content of a file of a bearable size."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InvalidInput(f"{path}: there is no such file; check the name") from None
    except IsADirectoryError:
        raise InvalidInput(f"{path}: this is a folder; give the files in it") from None
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror}; check who may read it") from None
    return content


def extract(name: str, content: bytes, seconds: float = _SECONDS) -> Extracted:
    """Return the text of a file, or raise InvalidInput that names file, reason and remedy."""
    if len(content) > MOST_BYTES:
        raise InvalidInput(f"{name}: is larger than {MOST_BYTES // 1_000_000} MB; split it and add the parts you need")
    answer = _asked(name, content, seconds)
    if "reason" in answer:
        raise InvalidInput(f"{name}: {answer['reason']}; {answer['remedy']}")
    parts: list[Part] = []
    held: list[str] = []
    for raw in answer["parts"]:
        text, kept_out = held_back(clean(str(raw["text"])))
        held += kept_out
        if text.strip():
            parts.append(Part(text, raw["page"]))
    if not parts:
        raise InvalidInput(f"{name}: holds no text that can be used; give a file with text in it")
    return Extracted(str(answer["kind"]), tuple(parts), tuple(held))


def _asked(name: str, content: bytes, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-P", "-m", "knowledge.documents.child", name]
    quiet = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
    quiet.pop("ANTHROPIC_API_KEY", None)
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=seconds, check=False, env=quiet)
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise InvalidInput(f"{name}: takes too long to read; split it or save it in a plainer form") from None
    except json.JSONDecodeError:
        raise InvalidInput(
            f"{name}: made its reader stop, as broken or hostile files do; save it in a plainer form, such as text"
        ) from None
    return answer
