"""Passages keep their headings, their size and their names."""

from dataclasses import replace

from knowledge.articles import load_guidance, parse_article
from knowledge.passages import MOST_WORDS, split_article, split_articles

ARTICLE = parse_article(
    """---
title: Scales
topics: [basics]
claims: []
sources: [{title: "A source", date: 2026}]
asked: {Weighing: [how do I weigh]}
reviewed: 2026-11-22
---
Text before any heading that is wrapped
over two lines.

## Weighing

First paragraph.

- an item that
  goes on
- another item

### With care

Slowly.

## Long
"""
    + "\n\n".join(f"Paragraph {number} " + "word " * 60 for number in range(5)),
    "guidance/scales.md",
)


def test_headings_lead_the_title_and_lines_are_unwrapped() -> None:
    entries = split_article(ARTICLE)
    assert [entry.passage.title for entry in entries[:3]] == [
        "Scales",
        "Scales – Weighing",
        "Scales – Weighing – With care",
    ]
    assert entries[0].passage.text == "Text before any heading that is wrapped over two lines."
    assert entries[1].passage.text == "First paragraph.\n\n- an item that goes on\n- another item"


def test_ways_of_asking_belong_to_their_heading() -> None:
    entries = split_article(ARTICLE)
    assert [entry.asked for entry in entries[:3]] == [(), ("how do I weigh",), ()]
    assert entries[1].texts()[0].startswith("Scales – Weighing\n")


def test_long_sections_are_cut_and_nothing_is_lost() -> None:
    long = [entry.passage for entry in split_article(ARTICLE) if entry.passage.title.endswith("Long")]
    assert len(long) > 1
    assert all(len(passage.text.split()) <= MOST_WORDS for passage in long)
    assert sum(passage.text.count("Paragraph") for passage in long) == 5


def test_ids_are_stable_and_follow_the_text() -> None:
    before = {entry.passage.id for entry in split_article(ARTICLE)}
    assert before == {entry.passage.id for entry in split_article(ARTICLE)}
    changed = replace(ARTICLE, body=ARTICLE.body.replace("Slowly.", "Quickly."))
    after = {entry.passage.id for entry in split_article(changed)}
    assert len(before - after) == len(after - before) == 1


def test_the_guidance_makes_passages_of_a_sensible_size() -> None:
    sizes = [len(entry.passage.text.split()) for entry in split_articles(load_guidance())]
    assert min(sizes) >= 20
    assert max(sizes) <= MOST_WORDS + 40
    assert sum(40 <= size <= MOST_WORDS for size in sizes) >= 0.9 * len(sizes)


def test_every_way_of_asking_is_asked_once() -> None:
    asked = [text for entry in split_articles(load_guidance()) for text in entry.asked]
    sections = [entry.asked for entry in split_articles(load_guidance())]
    assert len(set(asked)) == sum(len(texts) for texts in set(sections))
