"""What the protocol offers to read: the articles of the guidance and the fact dictionary. It knows no transport."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from knowledge.articles import Article, load_guidance
from tools.errors import UnknownName
from tools.facts import fact_dictionary
from tools.portfolio_schema import portfolio_schema
from ui.mcp.calls import fact_to_json

_ROOT = "weighbridge://"
FACTS, SCHEMA, GUIDANCE = f"{_ROOT}facts", f"{_ROOT}portfolio-schema", f"{_ROOT}guidance/"
_JSON, _MARKDOWN = "application/json", "text/markdown"


@dataclass(frozen=True, slots=True)
class Text:
    """One text to read, and how a list shows it."""

    uri: str
    name: str
    title: str
    about: str
    mime_type: str
    text: str


@cache
def texts() -> Mapping[str, Text]:
    """Return every text by its address: the facts, the schema of a portfolio, then the articles by name."""
    facts = json.dumps([fact_to_json(spec) for spec in fact_dictionary().values()], ensure_ascii=False, indent=2)
    schema = json.dumps(portfolio_schema(), ensure_ascii=False, indent=2)
    all_texts = [
        Text(FACTS, "facts", "Fact dictionary", "Every fact that can be stated, and its values.", _JSON, facts),
        Text(SCHEMA, "portfolio-schema", "Portfolio schema", "The JSON schema of a portfolio file.", _JSON, schema),
        *(_article(article) for article in load_guidance()),
    ]
    return MappingProxyType({one.uri: one for one in all_texts})


def read_text(uri: str) -> Text:
    """Return the text at an address; UnknownName lists the nearest ones."""
    if uri not in texts():
        raise UnknownName.of("resource", uri, texts())
    return texts()[uri]


def _article(article: Article) -> Text:
    about = f"Guidance on {', '.join(topic.replace('_', ' ') for topic in article.topics)}."
    return Text(f"{GUIDANCE}{article.name}", article.name, article.title, about, _MARKDOWN, _shown(article))


def _shown(article: Article) -> str:
    sources = []
    for source in article.sources:
        address = f", {source.url}" if source.url else ""
        sources.append(f"- {source.title}, {source.date}{address} ({source.confidence})")
    body = [f"# {article.title}", article.body, "## Sources", "\n".join(sources), f"Reviewed {article.reviewed}."]
    return "\n\n".join(body) + "\n"
