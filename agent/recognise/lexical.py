"""Reads choices, sets and flags from the phrases of lexicon.yaml. It knows no numbers and guesses nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from agent.recognise.phrases import compile_phrase
from agent.recognise.places import Place, places_in
from agent.recognise.regions import marked, regions_between
from agent.recognise.spans import Sentence, sentences
from agent.recognise.stance import denied, doubted, only_sending
from agent.recognise.values import FactCandidate
from agent.recognise.words import table
from tools.facts import FactSpec, FactValue, fact_dictionary

REGION_VALUE = "region"
DROP = "drop"


@dataclass(frozen=True, slots=True)
class Rule:
    """A value that any of several phrases states, unless others stand in the same sentence."""

    key: str
    value: str | bool
    say: re.Pattern[str]
    unless: re.Pattern[str] | None
    when: re.Pattern[str] | None
    denied: str | bool
    certain: bool
    confidence: float
    about_places: bool


def lexical(text: str, parts: list[Sentence] | None = None) -> list[FactCandidate]:
    """Find every fact that a phrase of the lexicon states."""
    message = _Message(text, tuple(places_in(text)))
    found: list[FactCandidate] = []
    for sentence in parts if parts is not None else sentences(text):
        for rule in rules():
            source = message.marked if rule.about_places else text
            for match in rule.say.finditer(source, sentence.start, sentence.end):
                candidate = _candidate(message, sentence, rule, match.span())
                if candidate is not None:
                    found.append(candidate)
    return _longest(found)


class _Message:
    """A text with the places named in it."""

    def __init__(self, text: str, places: tuple[Place, ...]) -> None:
        self.text, self.places, self.marked = text, places, marked(text, places)

    def says(self, pattern: re.Pattern[str], sentence: Sentence) -> bool:
        """Say whether a sentence fits a pattern, which may ask for places or name them."""
        return any(pattern.search(form, sentence.start, sentence.end) for form in (self.text, self.marked))


def _candidate(message: _Message, sentence: Sentence, rule: Rule, span: tuple[int, int]) -> FactCandidate | None:
    text, (start, end), spec = message.text, span, fact_dictionary()[rule.key]
    if rule.unless is not None and message.says(rule.unless, sentence):
        return None
    if rule.when is not None and not message.says(rule.when, sentence):
        return None
    if not rule.certain and doubted(text, start, sentence.start):
        return None
    value: str | bool = rule.value
    sending = rule.key == "data_class" and only_sending(text, start, sentence.start)
    if not sending and denied(text, start, end, sentence.start):
        if rule.denied == DROP:
            return None
        value = rule.denied
    named = regions_between(message.places, start, end)
    return FactCandidate(rule.key, _typed(spec, value, named), text[start:end], start, end, rule.confidence)


def _typed(spec: FactSpec, value: str | bool, named: set[str]) -> FactValue:
    if value == REGION_VALUE:
        return tuple(item for item in spec.values if item in named) if spec.type == "set" else sorted(named)[0]
    return (str(value),) if spec.type == "set" else value


def _longest(found: list[FactCandidate]) -> list[FactCandidate]:
    """Drop a candidate that lies inside a longer one of the same fact: the longer phrase knows more."""
    kept: list[FactCandidate] = []
    for candidate in sorted(found, key=lambda item: (item.start - item.end, item.start)):
        inside = any(
            other.key == candidate.key
            and not (isinstance(candidate.value, tuple) and other.value != candidate.value)
            and other.start < candidate.end
            and candidate.start < other.end
            for other in kept
        )
        if not inside:
            kept.append(candidate)
    return sorted(kept, key=lambda item: item.start)


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Compile the lexicon, once."""
    lexicon = table("lexicon.yaml")
    macros = lexicon["macros"]
    return tuple(_rule(key, entry, macros) for key, entries in lexicon["facts"].items() for entry in entries)


def _rule(key: str, entry: Mapping[str, object], macros: Mapping[str, str]) -> Rule:
    value = entry["value"]
    denial = entry.get("denied", DROP)
    return Rule(
        key=key,
        value=value if isinstance(value, bool) else str(value),
        say=_any(entry["say"], macros),
        unless=_any(entry["unless"], macros) if "unless" in entry else None,
        when=_any(entry["when"], macros) if "when" in entry else None,
        denied=denial if isinstance(denial, bool) else str(denial),
        certain=bool(entry.get("certain", False)),
        confidence=float(str(entry.get("confidence", 0.93))),
        about_places="{region}" in str(entry["say"]),
    )


def _any(patterns: object, macros: Mapping[str, str]) -> re.Pattern[str]:
    texts = [str(pattern) for pattern in patterns] if isinstance(patterns, list) else [str(patterns)]
    return re.compile("|".join(f"(?:{compile_phrase(text, macros).pattern})" for text in texts), re.I)
