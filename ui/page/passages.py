"""Shows a passage of the guidance in full, with its sources and dates. It searches nothing."""

from collections.abc import Mapping
from functools import lru_cache

from knowledge.articles import Article, load_guidance
from knowledge.passages import Passage, split_article
from ui.page.cards import card

_CONFIDENCE = {"read": "", "secondary": "from a second hand", "unverified": "not verified"}


def passage_card(wanted: str) -> str:
    """Return the passage with this id, or a sentence that it is not there any more."""
    found = _guidance().get(wanted)
    if found is None:
        return card("passage", passage=None, paragraphs=(), reviewed="", sources=())
    passage, article = found
    sources = [
        {"title": source.title, "date": source.date, "url": source.url or "", "note": _CONFIDENCE[source.confidence]}
        for source in article.sources
    ]
    paragraphs = [line for line in passage.text.splitlines() if line.strip()]
    return card("passage", passage=passage, paragraphs=paragraphs, reviewed=str(article.reviewed), sources=sources)


@lru_cache(maxsize=1)
def _guidance() -> Mapping[str, tuple[Passage, Article]]:
    return {
        entry.passage.id: (entry.passage, article) for article in load_guidance() for entry in split_article(article)
    }
