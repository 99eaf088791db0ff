"""Cuts a message into sentences and hides what only looks like a quantity. It knows no facts."""

import re
from dataclasses import dataclass

from agent.recognise.words import model_names

HIDDEN = "\ufffc"
_BREAK = re.compile(r"[!?;\n]+|\.(?=\s|$|[A-Z\"'”)])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:approx|ca|avg|max|min|incl|e\.g|i\.e|vs|etc|est|p\.a|U\.S|U\.K|resp)|^[0-9]{1,2})$", re.I
)
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight"
_LOOKALIKES = (
    r"https?://\S+|\S+@\S+\.\w+",
    r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b|\b[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}\b|\b[0-9]{1,2}:[0-9]{2}\b",
    r"\b24\s?[/x×]\s?7\b|\b24 hours(?: a day)?\b|\b(?:7|seven) days a week\b|\b9\s?(?:-|to)\s?5\b",
    (
        r"\b(?:SOC|ISO|PCI[ -]DSS|NIST|IL|FIPS|level|tier|phase|version|step|article|art\.?|section|"
        r"python|item)[ -]?[0-9][0-9.\-]*"
    ),
    (
        r"\b(?:in|by|since|from|until|before|after|end of|of|early|late|mid|year|FY|Q[1-4]|jan\w*|feb\w*|mar\w*|apr\w*"
        r"|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)[ -]?"
        r"(?:19|20)[0-9]{2}\b(?!\s?(?:[a-z]+s\b|%|/|per\b|a\b))"
    ),
    (
        r"\b(?:jan\w*|feb\w*|march|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)\s[0-9]{1,2}(?:st|"
        r"nd|rd|th)?\b(?![,.]?[0-9kKmM%])"
    ),
    (
        r"\b(?:nine|eight|seven|[6-9])\s?(?:-|–|to|till)\s?(?:five|six|four|[4-6])\b(?!\s?(?:[a-z%]|[.,]?[0-9]))"
        r"|\b[0-9]{1,2}\s?(?:[ap]\.?m\b\.?|o['’]?clock\b)|\b\w+\so['’]?clock\b"
        rf"|\b[0-9]{{1,2}}\s(?:past|to)\s(?:{_HOURS})\b"
        rf"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\s(?:at\s)?(?:{_HOURS}|[0-9]{{1,2}})\b(?!\s?(?:to|-|[a-z%]))"
        rf"|\b(?:days?|past|half)\s?at\s(?:{_HOURS})\b|\bat\s(?:{_HOURS})\b(?=\s?(?:,|$|we\b|it\b|the\b|there\b|sharp\b|in\sthe\b|on\b))"
        rf"|\b(?:{_HOURS}|[0-9])\sfigures?\b"
        r"|\b(?:between|from)\s[0-9]{1,2}(?::[0-9]{2})?\s?h?\s?(?:and|to|till|until|-)\s?[0-9]{1,2}(?::[0-9]{2})?\s?(?:h|hrs|o['’]?clock)\b"
    ),
    (
        r"\b(?:clause|question|week|calendar week|number|no\.|nr\.?|phase|grade|room|building|floor|chapter|"
        r"page|line|row|"
        r"slide|release|sprint|stage|option|part|paragraph|section|figure|annex|appendix|ticket)\s(?:number\s|is\s)?#?"
        r"[0-9]+(?:[.,][0-9]+)*(?![0-9kKmM%])(?!\s?(?:a|per|/|to|[-–])\s?)"
        r"|\bnumber\sis\s[0-9]+\b|\bpage\s[0-9]+\b|\bv(?:ersion\s?)?[0-9]+(?:\.[0-9]+)*\b"
        r"|\b[0-9]{1,2}\.?\s(?:of\s)?(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
        r"|\bthe\s20[1-3][0-9]\s(?=[a-z])|\b20[1-3][0-9]\s?(?=:)|(?<=\s)20[1-3][0-9](?=\sround\b)"
    ),
    r"\b[0-9]{1,2}(?:st|nd|rd|th)\b",
    r"\b[0-9]+(?:\.[0-9]+)?\s?b\b(?=[\s-]{0,2}(?:param|model|class|instruct|chat|llm|version|variant))",
    r"\b[0-9]+\s?-?\s?(?:GB|GiB|TB|MB|KB|bit|Gbps|watts?|kW|MW|vCPUs?|cores)\b",
    r"\bone (?:of|or the other|another|day|thing|more thing)\b|\b(?:no|any|some|every|each|this|that|which|the) one\b",
)
_HIDE = re.compile("|".join(_LOOKALIKES), re.I)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the message, its place, and the mark that ends it."""

    text: str
    start: int
    end: int
    mark: str

    @property
    def is_question(self) -> bool:
        """Whether it ends with a question mark."""
        return "?" in self.mark


def sentences(text: str) -> list[Sentence]:
    """Cut the text into sentences; a point inside a number or after an abbreviation ends none."""
    found: list[Sentence] = []
    start = 0
    for match in _BREAK.finditer(text):
        if match.group() == "." and _ABBREVIATION.search(text[max(start, match.start() - 8) : match.start()]):
            continue
        found.append(Sentence(text[start : match.start()], start, match.start(), match.group()))
        start = match.end()
    found.append(Sentence(text[start:], start, len(text), ""))
    return [sentence for sentence in found if sentence.text.strip()]


def sentence_at(parts: list[Sentence], position: int) -> Sentence:
    """Return the sentence that holds a position (or the nearest one before it)."""
    best = parts[0]
    for part in parts:
        if part.start <= position:
            best = part
    return best


def hide_lookalikes(text: str) -> str:
    """Blank out dates, versions, model names, sizes and pronouns, keeping every offset."""

    def blank(match: re.Match[str]) -> str:
        return HIDDEN * len(match.group())

    return _HIDE.sub(blank, model_names().sub(blank, text))
