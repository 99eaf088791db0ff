"""Reads guidance articles: front matter, strictly, and the text below. It knows no passage or index."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tools.data_files import parse_yaml
from tools.errors import InvalidInput, UnknownName

Topic = Literal[
    "basics",
    "capability",
    "compliance",
    "control",
    "cost",
    "decision",
    "hybrid",
    "latency",
    "licence",
    "operations",
    "privacy",
    "tuning",
    "vendor_risk",
]
TOPICS: tuple[str, ...] = get_args(Topic)

_HEADING = re.compile(r"^#{1,6} +(.*?) *$", re.MULTILINE)
_FENCE = re.compile(r"\A---\n(?P<matter>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)


def _as_text(value: object) -> object:
    """YAML reads a full date as a date and a year as a number; a source's date may be any of the three."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


PartialDate = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
ClaimId = Annotated[str, Field(pattern=r"^[QAPSHWF][1-9]$")]


class Source(BaseModel):
    """Where a statement of an article comes from, and whether anybody read it there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(min_length=3)]
    date: PartialDate
    url: Annotated[str, Field(pattern=r"^https://")] | None = None
    confidence: Literal["read", "secondary", "unverified"] = "read"


class FrontMatter(BaseModel):
    """The head of an article; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(min_length=3)]
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]
    claims: tuple[ClaimId, ...]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    asked: dict[str, tuple[str, ...]] = {}
    reviewed: date


@dataclass(frozen=True, slots=True)
class Article:
    """One document to index: `name` is its file's stem, `source` the path that a citation shows.

    `asked` holds, by heading, other words in which people ask for what stands below it. They help to find the
    passage and are never shown.
    """

    name: str
    source: str
    title: str
    topics: tuple[str, ...]
    claims: tuple[str, ...]
    sources: tuple[Source, ...]
    asked: Mapping[str, tuple[str, ...]]
    reviewed: date
    body: str


def parse_article(text: str, source: str) -> Article:
    """Parse one article; `source` is the path that errors and citations show."""
    match = _FENCE.match(text.replace("\r\n", "\n"))
    if match is None:
        raise InvalidInput(f"{source}: expected YAML front matter between two lines of '---' at the top")
    try:
        head = FrontMatter.model_validate(parse_yaml(match["matter"], source))
    except ValidationError as error:
        raise InvalidInput(f"{source}: {_first_problem(error)}") from error
    body = match["body"].strip()
    if not body:
        raise InvalidInput(f"{source}: the article has no text below its front matter")
    name = source.rsplit("/", 1)[-1].removesuffix(".md")
    _check_headings(head, body, source)
    return Article(name, source, head.title, head.topics, head.claims, head.sources, head.asked, head.reviewed, body)


def load_guidance() -> tuple[Article, ...]:
    """Read every article that ships with the product, in the order of their names."""
    folder = files("knowledge").joinpath("guidance")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".md"))
    return tuple(parse_article(folder.joinpath(name).read_text(encoding="utf-8"), f"guidance/{name}") for name in names)


def check_topics(topics: tuple[str, ...]) -> None:
    """Refuse a topic that no article can have."""
    for topic in topics:
        if topic not in TOPICS:
            raise UnknownName.of("topic", topic, TOPICS)


def _check_headings(head: FrontMatter, body: str, source: str) -> None:
    headings = set(_HEADING.findall(body))
    for heading in head.asked:
        if heading not in headings:
            raise UnknownName.of("heading", heading, headings, f"{source}: key 'asked'")


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"]) or "front matter"
    return f"key {where!r}: {problem['msg']}"
