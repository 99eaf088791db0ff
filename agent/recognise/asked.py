"""Reads a short answer as the fact that was asked: bare numbers, units, yes and no. It knows no other fact."""

import re
from collections.abc import Mapping
from functools import cache

from agent.recognise.asked_number import number_answer
from agent.recognise.places import places_in
from agent.recognise.regions import marked, region_list, regions_between
from agent.recognise.values import FactCandidate, Quantity
from agent.recognise.words import any_of, table
from tools.facts import FactSpec, FactValue, spec_of

MOST_WORDS = 14  # a longer message says more than the answer, and the contextual rules must read it
_PLAIN = re.compile(r"[^\w%&'-]+")


def read_asked(text: str, key: str, quantities: list[Quantity], found: list[FactCandidate]) -> FactCandidate | None:
    """Read the message as an answer to the question for `key`, or return None."""
    spec = spec_of(key)
    stated = any(item.key == key for item in found)
    if (stated and spec.type != "number") or _does_not_know(text):
        return None
    if spec.type == "number":
        answer = number_answer(text, spec, quantities, found)
        if stated:
            return answer if answer is not None and answer.confidence > 0.95 else None
        return answer or (None if quantities else _zero_answer(text, spec)) or _worded(text, spec)
    if spec.type == "text":
        return None
    if key in ("residency", "user_regions", "company_region"):
        return _region_answer(text, spec)
    return _word_answer(text, spec)


def _does_not_know(text: str) -> bool:
    return bool(re.search(rf"\b(?:{any_of(table('answers.yaml')['dont_know'])})\b", text.replace("’", "'"), re.I))


def _zero_answer(text: str, spec: FactSpec) -> FactCandidate | None:
    """Read "none", "flat", "nobody" where nothing is a number too."""
    phrases = table("answers.yaml")["zero"].get(spec.key, ())
    core = _core(text)
    if core not in {_PLAIN.sub(" ", phrase).strip() for phrase in phrases}:
        return None
    return _whole(text, spec.key, 0.0)


def _worded(text: str, spec: FactSpec) -> FactCandidate | None:
    """Read "nothing repeats", "dead level", "pre-revenue" as the number they mean."""
    if len(text.split()) > MOST_WORDS:
        return None
    for value, phrases in table("answers.yaml")["worded"].get(spec.key, {}).items():
        match = re.search(phrases, text.replace("’", "'"), re.I)
        if match:
            return FactCandidate(spec.key, float(value), match.group(), match.start(), match.end(), 0.88)
    return None


def _word_answer(text: str, spec: FactSpec) -> FactCandidate | None:
    """Read a yes, a no, or an answer that is one of the fact's own short phrases."""
    full = _PLAIN.sub(" ", text.lower().replace("’", "'")).strip()
    known = _phrases(spec.key)
    for form in dict.fromkeys([full, _core(text)]):
        if form in known:
            value = known[form]
            return _whole(text, spec.key, (str(value),) if spec.type == "set" else value)
    return None


def _region_answer(text: str, spec: FactSpec) -> FactCandidate | None:
    """Read "Germany and the UK", "only in the EU" when a region was asked; a denial or a long text is left open."""
    if len(text.split()) > MOST_WORDS or re.search(r"\b(?:not|no|never|except|outside|without)\b|n['’]t\b", text, re.I):
        return None
    places = places_in(text)
    match = re.search(region_list(), marked(text, places), re.I)
    named = regions_between(places, *match.span()) if match else set()
    if match is None or not named or (spec.type == "choice" and len(named) > 1):
        return None
    value: FactValue = tuple(item for item in spec.values if item in named) if spec.type == "set" else named.pop()
    return FactCandidate(spec.key, value, text[match.start() : match.end()], match.start(), match.end(), 0.88)


def _whole(text: str, key: str, value: FactValue) -> FactCandidate:
    """Quote the whole answer without the blanks and the full stop around it."""
    quote = text.strip().rstrip(".!,;")
    start = text.find(quote)
    return FactCandidate(key, value, quote, start, start + len(quote), 0.9)


@cache
def _phrases(key: str) -> Mapping[str, str | bool]:
    """Map every whole answer to the value it gives for this fact."""
    answers = table("answers.yaml")
    known: dict[str, str | bool] = {}
    for value, phrases in answers["facts"].get(key, {}).items():
        for phrase in answers[value] if value in ("yes", "no") else phrases:
            meant = phrases if value in ("yes", "no") else value
            known.setdefault(_PLAIN.sub(" ", phrase.lower()).strip(), meant)
    return known


def _core(text: str) -> str:
    """Strip fillers from the ends of a short answer."""
    words = _PLAIN.sub(" ", text.lower().replace("’", "'")).strip()
    fillers = sorted(table("answers.yaml")["fillers"], key=len, reverse=True)
    shorter = ""
    while shorter != words:
        words = shorter or words
        shorter = words
        for filler in fillers:
            shorter = shorter.removeprefix(f"{filler} ").removesuffix(f" {filler}").strip()
    return words
