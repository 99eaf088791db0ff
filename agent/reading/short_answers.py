"""Reads answers that mean something only because of the question: yes, no, and phrases of the bank by heart."""

import re
from dataclasses import dataclass

from agent.reading.examples import NOTHING, load_bank
from agent.reading.found import Found
from agent.reading.patterns import pattern
from tools.facts import FactSpec, fact_dictionary, spec_of

_NO_WORD = re.compile(r"[^a-z0-9%&' ]+")
_BY_HEART = 0.98
_LEADING = 0.85
_BARE = re.compile(
    r"\W*(?:(?:whatever|oh|well|it['’]?s|that['’]?s|just|pretty|quite|very|rather|mostly|all|fairly|really|so)"
    r"[\s,.:!–—-]+)*(?P<value>[a-z]{4,})"
    r"(?:[\s,]+(?:stuff|work|things?|mostly|really|i (?:guess|think|suppose|would say)|i['’]d say))*\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class YesOrNo:
    """A value that a yes or no gives to the asked fact, with the words that say it."""

    value: str
    quote: str
    whole: bool


def short_answer(message: str, asked: str | None) -> list[Found]:
    """Read a message that as a whole is a phrase of the asked fact, or a bare yes or no."""
    if asked is None:
        return []
    spec = spec_of(asked)
    said = yes_or_no(message, asked)
    if said is not None and said.whole:
        start = message.index(said.quote)
        return [_found(spec, said.value, start, start + len(said.quote), _BY_HEART)]
    value = by_heart(asked, message)
    stripped = message.strip()
    start = message.find(stripped)
    return [_found(spec, value, start, start + len(stripped), _BY_HEART)] if value else []


def leading_answer(message: str, asked: str | None) -> list[Found]:
    """Read a leading yes or no whose explanation said nothing clearer about the asked fact."""
    said = yes_or_no(message, asked) if asked else None
    if asked is None or said is None:
        return []
    start = message.index(said.quote)
    return [_found(spec_of(asked), said.value, start, start + len(said.quote), _LEADING)]


def value_of_another(message: str, asked: str | None) -> list[Found]:
    """Read a message that is the bare name of a value that only one other fact has: "routine, I guess"."""
    if asked is None or (match := _BARE.fullmatch(message)) is None:
        return []
    said = match["value"].lower()
    owners = [spec for spec in fact_dictionary().values() if said in (spec.values or ())]
    if len(owners) != 1 or owners[0].key == asked or owners[0].type != "choice":
        return []
    return [_found(owners[0], said, *match.span("value"), _BY_HEART)]


def yes_or_no(message: str, asked: str) -> YesOrNo | None:
    """Read a leading yes or no as a value of the asked fact; `whole` where nothing else is said."""
    fact = load_bank().facts.get(asked)
    if fact is None:
        return None
    plain = message.replace("’", "'")
    for name, value in (("yes", fact.if_yes), ("no", fact.if_no)):
        match = pattern(name).match(plain)
        if match and value != NOTHING:
            start, end = match.span("quote")
            rest = message[end:].strip(" \t\n.,;:!–—-")
            return YesOrNo(value, message[start:end], not rest)
    return None


def by_heart(key: str, text: str) -> str:
    """Return the value whose phrase in the bank this text is, word for word, or an empty string."""
    fact = load_bank().facts.get(key)
    wanted = _plain(text)
    for value in fact.values if fact is not None and wanted else ():
        if fact is not None and wanted in {_plain(one) for one in (*fact.answers[value], *fact.says[value])}:
            return value
    return NOTHING


def _plain(text: str) -> str:
    """Return the text in lower case without punctuation."""
    return " ".join(_NO_WORD.sub(" ", text.lower().replace("’", "'")).split())


def _found(spec: FactSpec, value: str, start: int, end: int, confidence: float) -> Found:
    typed: object = value == "true" if spec.type == "flag" else (value,) if spec.type == "set" else value
    return Found(spec.key, typed, start, end, confidence, "examples")
