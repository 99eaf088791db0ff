"""Says what kind of file some bytes are, and refuses what only pretends. It reads no document."""

import re
from typing import Literal, get_args

from knowledge.documents.part import Refused

Kind = Literal["pdf", "docx", "html", "markdown", "text"]
KINDS: tuple[str, ...] = get_args(Kind)

_BY_SUFFIX: dict[str, Kind] = {
    "pdf": "pdf",
    "docx": "docx",
    "html": "html",
    "htm": "html",
    "md": "markdown",
    "markdown": "markdown",
    "txt": "text",
    "text": "text",
}
SUFFIXES = tuple(f".{suffix}" for suffix in _BY_SUFFIX)
_TAKEN = "give a PDF, DOCX, Markdown, HTML or text file"
_OTHER_SUFFIXES = {
    "doc": ("is a Word file of the old kind", "save it as .docx"),
    "rtf": ("is an RTF file", "save it as .docx"),
    "odt": ("is an OpenDocument file", "save it as .docx or PDF"),
    "docm": ("is a Word file with macros", "save it as .docx"),
}
# What a file is by its first bytes, whatever its name says.
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old or encrypted Office file"),
    (b"%PDF-", "a PDF"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a database"),
    (b"GGUF", "a language model"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def kind_of(name: str, content: bytes) -> Kind:
    """Return the kind that name and bytes agree on."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in _OTHER_SUFFIXES:
        raise Refused(*_OTHER_SUFFIXES[suffix])
    if suffix not in _BY_SUFFIX:
        raise Refused(f"has the ending {'.' + suffix if suffix else '(none)'}, which is not read", _TAKEN)
    if not content.strip():
        raise Refused("is empty", "give a file with text in it")
    kind = _BY_SUFFIX[suffix]
    _check_signature(kind, suffix, content)
    return kind


def decoded(content: bytes) -> str:
    """Decode the bytes of a text file: UTF-8, UTF-16 with its mark, or the Western code page of Windows."""
    if content.startswith(_UTF16):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise Refused("is no readable UTF-16 text", "save it as UTF-8") from None
    if _CONTROL.search(content):
        raise Refused("holds binary data and no plain text", _TAKEN)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise Refused("is text in an encoding that is not known", "save it as UTF-8") from None


def _check_signature(kind: Kind, suffix: str, content: bytes) -> None:
    found = next((says for start, says in _SIGNATURES if content.startswith(start)), "")
    if kind == "pdf":
        if b"%PDF-" not in content[:1024]:
            raise Refused(f"is named .pdf but is {found or 'no PDF'}", "give the PDF itself, or rename it")
    elif kind == "docx":
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            raise Refused("is encrypted, or an old Word file in the name of a new one", _DECRYPT)
        if not content.startswith(b"PK\x03\x04"):
            raise Refused(f"is named .docx but is {found or 'no Word file'}", "give the Word file itself, or rename it")
    elif found:
        raise Refused(f"is named .{suffix} but is {found}", _TAKEN)


_DECRYPT = "open it, remove the password and save it as .docx"
