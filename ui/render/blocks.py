"""The blocks that every format sets: headings, lists, tables, pictures. They know no report and no format."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Style = Literal["", "strong", "soft", "quote", "tag"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style; `to` is the anchor that it leads to, inside the report."""

    text: str
    style: Style = ""
    to: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; `page` begins a new page where there are pages."""

    level: int
    text: str
    anchor: str = ""
    page: bool = False
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `look` is lead, note or headline."""

    runs: Runs
    look: str = ""
    anchor: str = ""
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list; `mark` is the severity of a finding, `more` are lines below it."""

    runs: Runs
    anchor: str = ""
    mark: str = ""
    more: tuple[Runs, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `look` is bullets, numbers, checks, findings or sources."""

    items: tuple[Item, ...]
    look: str = "bullets"
    kind: Literal["items"] = "items"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, whether it holds figures, and its share of the width."""

    title: str
    right: bool = False
    share: int = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `mark` is chosen or sum."""

    cells: tuple[Runs, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row names it."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    look: str = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class CardFact:
    """A labelled figure on a card."""

    label: str
    runs: Runs
    big: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The recommendation at a glance; `mark` is the clarity."""

    mark: str
    headline: str
    facts: tuple[CardFact, ...]
    kind: Literal["card"] = "card"


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as SVG, with the data that it draws; `told` where a table of the report has them already."""

    title: str
    about: str
    svg: str
    data: Table
    told: bool = False
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A text word for word."""

    text: str
    kind: Literal["verbatim"] = "verbatim"


@dataclass(frozen=True, slots=True)
class Speech:
    """One message of the conversation with the passages that it cites."""

    mine: bool
    text: str
    citations: tuple[Runs, ...] = ()
    kind: Literal["speech"] = "speech"


Block = Heading | Paragraph | Items | Table | Card | Picture | Verbatim | Speech


@dataclass(slots=True)
class Sources:
    """Numbers the sources in the order in which they are cited."""

    numbers: dict[str, int] = field(default_factory=dict)

    def cite(self, source: str) -> Runs:
        """Return the mark that leads to a source; nothing where none is given."""
        if not source:
            return ()
        number = self.numbers.setdefault(source, len(self.numbers) + 1)
        return (Run(f"[{number}]", "soft", f"source-{number}"),)


def plain(text: str) -> Runs:
    """Return a text without any style."""
    return (Run(text),)


def strong(text: str, to: str = "") -> Runs:
    """Return a text that stands out."""
    return (Run(text, "strong", to),)


def cells(*texts: str | Runs, mark: str = "") -> Row:
    """Return a row of plain texts and of runs."""
    return Row(tuple(plain(text) if isinstance(text, str) else text for text in texts), mark)


def bullets(texts: Iterable[str]) -> Items:
    """Return a list of plain texts."""
    return Items(tuple(Item(plain(text)) for text in texts))
