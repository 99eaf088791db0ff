"""The guidance is complete, well-formed, and its front matter is read strictly."""

from datetime import date

import pytest

from knowledge.articles import check_topics, load_guidance, parse_article
from tools.errors import InvalidInput, UnknownName

# Every claim of the founding material: how many there are under each letter.
CLAIMS = {
    f"{letter}{number}"
    for letter, count in {"Q": 4, "A": 4, "P": 5, "S": 5, "H": 3, "W": 5, "F": 6}.items()
    for number in range(1, count + 1)
}

HEAD = """title: A title
topics: [cost]
claims: [A3]
sources:
  - {title: "A source", date: 2026-05-01}
asked:
  First: [how much is it]
reviewed: 2026-11-22
"""
BODY = "## First\n\nSome text.\n"


def article_text(head: str = HEAD, body: str = BODY) -> str:
    return f"---\n{head}---\n{body}"


def test_there_are_enough_articles() -> None:
    assert len(load_guidance()) >= 44


def test_every_claim_has_a_home() -> None:
    covered = {claim for article in load_guidance() for claim in article.claims}
    assert covered == CLAIMS


@pytest.mark.parametrize("article", load_guidance(), ids=lambda article: article.name)
def test_articles_are_of_a_readable_length_and_have_headings(article) -> None:
    assert 200 <= len(article.body.split()) <= 600
    assert article.body.startswith("## ")
    assert date(2026, 11, 22) <= article.reviewed <= date(2026, 11, 30)


@pytest.mark.parametrize("article", load_guidance(), ids=lambda article: article.name)
def test_doubtful_sources_are_marked_in_the_text(article) -> None:
    """What nobody has read in a source is called unverified where the reader sees it."""
    doubtful = [source for source in article.sources if source.confidence == "unverified"]
    if doubtful:
        assert "unverified" in article.body, doubtful


def test_an_article_is_read_in_full() -> None:
    article = parse_article(article_text(), "guidance/some-name.md")
    assert (article.name, article.source) == ("some-name", "guidance/some-name.md")
    assert article.sources[0].date == "2026-05-01"
    assert article.asked == {"First": ("how much is it",)}
    assert article.body == BODY.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no front matter", "expected YAML front matter"),
        (article_text(HEAD + "author: me\n"), "author"),
        (article_text(HEAD.replace("[cost]", "[costs]")), "topics"),
        (article_text(HEAD.replace("[A3]", "[Z9]")), "claims"),
        (article_text(HEAD.replace("title: A title\n", "")), "title"),
        (article_text(HEAD.replace("date: 2026-05-01", "date: last spring")), "sources.0.date"),
        (article_text(HEAD + "title: again\n"), "given twice"),
        (article_text(HEAD.replace("First:", "Frist:")), "unknown heading 'Frist'"),
        (article_text(body="\n"), "no text"),
    ],
)
def test_a_faulty_article_is_refused_with_its_name(text: str, expected: str) -> None:
    with pytest.raises(InvalidInput, match=r"guidance/faulty\.md") as caught:
        parse_article(text, "guidance/faulty.md")
    assert expected in str(caught.value)


def test_an_unknown_topic_is_refused_with_near_names() -> None:
    with pytest.raises(UnknownName, match="licence"):
        check_topics(("license",))
