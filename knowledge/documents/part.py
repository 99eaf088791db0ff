"""What reading a file yields: parts of text, or a refusal that says what to do. It knows no file format."""

from dataclasses import dataclass

MOST_PAGES = 1_000
MOST_CHARACTERS = 1_500_000


@dataclass(frozen=True, slots=True)
class Part:
    """A page, or a whole document that has none; `text` is Markdown, with its headings."""

    text: str
    page: int | None = None


class Refused(Exception):
    """A file that is not taken: the reason, and what the user can do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason, self.remedy = reason, remedy


def too_long() -> Refused:
    """Return the refusal of a text that is too long."""
    return Refused(f"holds more than {MOST_CHARACTERS:,} characters", "split it and add the parts that matter")
