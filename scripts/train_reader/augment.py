"""Varies messages: typing errors, lost punctuation, questions left out, two messages in one. It knows no network."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from agent.reading.labels import labels
from tools.facts import fact_dictionary
from train_reader.samples import Sample, Span

_WORD = re.compile(r"[A-Za-z]{4,}")
_MARK = re.compile(r"[,.;:!?'’\"](?=\s|$)|['’](?=[a-z])")
_TYPO_SHARE = 0.03
_JOINTS = (". ", " ", ", ", "; ", "\n", " - ", " and ", "... ", ". Also, ")
_SELF_CONTAINED_WORDS = 9


def vary(sample: Sample, others: Sequence[Sample], chance: random.Random) -> Sample:
    """Return a variant of the sample; `others` are what it may be joined with."""
    words = len(sample.text.split())
    if chance.random() < (0.5 if sample.bank else 0.2):
        sample = join(sample, chance.choice(others), chance)
    if sample.asked and words >= _SELF_CONTAINED_WORDS and chance.random() < 0.1:
        sample = replace(sample, asked=None)
    elif sample.asked is None and words >= _SELF_CONTAINED_WORDS and chance.random() < 0.15:
        sample = replace(sample, asked=chance.choice(list(fact_dictionary())))
    if chance.random() < 0.25:
        sample = _edited(sample, _typos(sample.text, chance))
    if chance.random() < 0.2:
        sample = _edited(sample, [(m.start(), m.end(), "") for m in _MARK.finditer(sample.text)])
    return sample


def join(first: Sample, second: Sample, chance: random.Random) -> Sample:
    """Return both messages as one where they contradict each other in no choice; its intent is left open."""
    if second.asked is not None or first.intent in ("command", "what_if") or second.intent in ("command", "what_if"):
        return first
    if first.intent == "correction" or second.intent == "correction" or len(first.text) + len(second.text) > 400:
        return first
    keys = {labels()[span.label].key for span in first.spans} & {labels()[span.label].key for span in second.spans}
    if keys or not _compatible(first, second):
        return first
    joint = chance.choice(_JOINTS)
    text = first.text.rstrip(" .,") + joint
    moved = tuple(Span(span.label, span.start + len(text), span.end + len(text)) for span in second.spans)
    intent = first.intent if first.intent == second.intent else None
    weights = {key: min(_weight(first, key), _weight(second, key)) for key in {*first.weights, *second.weights}}
    for span in (*first.spans, *second.spans):
        weights[labels()[span.label].key] = 1.0
    kept = tuple(replace(span, end=min(span.end, len(text))) for span in first.spans)
    return replace(
        first, text=text + second.text, intent=intent, spans=(*kept, *moved), weights=weights,
        other=min(first.other, second.other),
    )  # fmt: skip


def _weight(sample: Sample, key: str) -> float:
    return sample.weights.get(key, sample.other)


def _compatible(first: Sample, second: Sample) -> bool:
    """A skip beside a statement is no skip, and what follows a question may be taken for its answer."""
    return "skip" not in (first.intent, second.intent) and "why" not in (first.intent, second.intent)


def _typos(text: str, chance: random.Random) -> list[tuple[int, int, str]]:
    edits: list[tuple[int, int, str]] = []
    for match in _WORD.finditer(text):
        if chance.random() < _TYPO_SHARE * 2:
            at = match.start() + chance.randrange(1, len(match.group()) - 1)
            pair = text[at : at + 2]
            edits.append(chance.choice([(at, at + 1, ""), (at, at + 2, pair[::-1]), (at, at + 1, text[at] * 2)]))
    return edits


def _edited(sample: Sample, edits: Sequence[tuple[int, int, str]]) -> Sample:
    """Apply edits, given in the order of the text, and move the spans along."""
    parts: list[str] = []
    place: list[int] = []
    at = length = 0
    for start, end, new in edits:
        place += range(length, length + start - at)
        parts += [sample.text[at:start], new]
        length += start - at
        place += [min(length + n, length + len(new)) for n in range(end - start)]
        length += len(new)
        at = end
    place += range(length, length + len(sample.text) - at + 1)
    parts.append(sample.text[at:])
    spans = tuple(Span(span.label, place[span.start], place[span.end]) for span in sample.spans)
    return replace(sample, text="".join(parts), spans=spans)
