"""Takes characters out of a text that no document may hold: controls and changes of direction. It knows no format."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Return a text on one line without control characters; a space at either end stays."""
    body = " ".join(text.split())
    if not body:
        return " " if text else ""
    lead, tail = " " if text[0].isspace() else "", " " if text[-1].isspace() else ""
    return f"{lead}{_CONTROL.sub(chr(0xFFFD), body)}{tail}"


def clean_lines(text: str) -> str:
    """Return a text of several lines without control characters."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
