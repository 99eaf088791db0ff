"""The process that opens a file: limits itself, reads, prints JSON. It holds nothing that a file could steal.

A hostile file can at worst make this process end; `knowledge/documents/extract.py` then says so.
"""

import json
import sys
from dataclasses import asdict

from knowledge.documents.kinds import decoded, kind_of
from knowledge.documents.part import MOST_CHARACTERS, Part, Refused, too_long

MEMORY_BYTES = 1_500_000_000
PROCESSOR_SECONDS = 120


def main() -> None:
    """Read the file's bytes from standard input; its name is the argument."""
    _limit()
    content = sys.stdin.buffer.read()
    try:
        kind, parts = read(sys.argv[1], content)
        answer = {"kind": kind, "parts": [asdict(part) for part in parts]}
    except Refused as refused:
        answer = {"reason": refused.reason, "remedy": refused.remedy}
    except (MemoryError, RecursionError):
        answer = {"reason": "takes more memory than is safe to read", "remedy": "split it or save it in a plainer form"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def read(name: str, content: bytes) -> tuple[str, list[Part]]:
    """Return the kind of a file and its parts."""
    kind = kind_of(name, content)
    match kind:
        case "pdf":
            from knowledge.documents.pdf import read_pdf

            return kind, read_pdf(content)
        case "docx":
            from knowledge.documents.word import read_docx

            return kind, read_docx(content)
    text = decoded(content)
    if len(text) > (MOST_CHARACTERS if kind != "html" else 10 * MOST_CHARACTERS):
        raise too_long()
    if kind != "html":
        return kind, [Part(text)]
    from knowledge.documents.web import read_html

    parts = read_html(text)
    if sum(len(part.text) for part in parts) > MOST_CHARACTERS:
        raise too_long()
    return kind, parts


def _limit() -> None:
    """Bound memory and processor time, where the system can."""
    try:
        import resource
    except ImportError:  # not on Windows; the parent's clock still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # It writes no file: whatever a document brings, nothing of it reaches the disk from here.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    main()
