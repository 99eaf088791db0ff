"""Reads what stands around a number: currency, unit, counted noun, period. It knows no facts."""

import re
from dataclasses import dataclass
from functools import lru_cache

from agent.recognise.values import Kind
from agent.recognise.words import any_of, noun_units, table

_LENGTHS = (
    (
        "tokens",
        (
            r"(?:(?:input|output|prompt|completion|generated|context|total|llm)[\s-])?(?:tokens?|"
            r"toks?|tkns?|tokns?|tokens?)"
        ),
    ),
    (
        "pages",
        r"(?:(?:a4|standard|printed|typed|dense|full|double[ -]spaced|single[ -]spaced|pdf)[\s-])*(?:pages?|pgs?|pp)",
    ),
    ("words", r"(?:(?:english|short|plain)[\s-])?words?"),
    ("characters", r"(?:chars?|characters?|letters\b(?=\slong))"),
)
_DURATIONS = (
    ("milliseconds", r"ms|millis|msecs?|milli-?seconds?"),
    ("seconds", r"s|secs?|seconds?|secounds?"),
    ("minutes", r"mins?|minutes?"),
    ("hours", r"h|hrs?|hours?"),
    ("working days", r"(?:working|business|work)[\s-]?days?"),
    ("days", r"days?|d"),
    ("weeks", r"weeks?|wks?|wekks?"),
    ("fortnights", r"fortnights?"),
    ("months", r"(?:calendar[\s-])?(?:months?|mths?|mos?|mnths?)"),
    ("quarters", r"quarters?"),
    ("years", r"years?|yrs?"),
)
_RATES = {"rps": "second", "qps": "second", "req/s": "second", "reqs/s": "second", "requests/s": "second",
          "queries/s": "second", "req/sec": "second", "r/s": "second", "rpm": "minute", "rph": "hour", "rpd": "day",
          "req/min": "minute", "req/day": "day"}  # fmt: skip
_TOKEN_RATES = {"tok/s": "second", "toks/s": "second", "tokens/s": "second", "t/s": "second", "tok/sec": "second",
                "tokens/sec": "second"}  # fmt: skip
_GAP = r"[\s\u00a0-]{0,2}"
_LENGTH = re.compile("|".join(rf"(?P<{name}>{_GAP}(?:{words})\b)" for name, words in _LENGTHS), re.I)
_DURATION = re.compile(
    "|".join(rf"(?P<{name.replace(' ', '_')}>{_GAP}(?:{words})\b)" for name, words in _DURATIONS), re.I
)
_RATE = re.compile(rf"{_GAP}(?P<rate>{'|'.join(map(re.escape, [*_TOKEN_RATES, *_RATES]))})(?![A-Za-z])", re.I)
_TIMES = re.compile(r"\s?(?:[x×](?![A-Za-z0-9])|(?:times|fold)\b|-fold\b|-times\b)", re.I)
_KWH = re.compile(r"\s?(?:per|/|a|each|an|for a|for one|the)\s?(?:kWh|kilo\s?-?watt[\s-]?hours?|kw/?h)\b", re.I)
_CENTS = re.compile(r"\s?(?:(?:US|euro)[\s-]?)?(?P<cents>cents?|ct|cts|¢|pence|(?<=[0-9])c)(?![A-Za-z])", re.I)
_MWH = re.compile(r"\s?(?:per|/|a|each)\s?(?:MWh|mega\s?-?watt[\s-]?hours?)\b", re.I)
_WORD = re.compile(r"[\s\u00a0-]{1,2}(?P<word>[A-Za-z][A-Za-z'’\-]*)")
_OF = re.compile(r"\sof\s(?:(?:the|our|these|those|such|all|them|my|this)\s)?", re.I)
_NOT_PLURAL = ("ss", "us", "is", "'s", "’s")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with the place where it ends; `head` is the noun that is counted."""

    kind: Kind
    name: str
    head: str
    end: int
    per: str | None = None


def read_unit(text: str, position: int) -> Unit | None:
    """Read the unit that starts right behind a number, or the noun that the number counts."""
    rate = _RATE.match(text, position)
    if rate:
        name = rate["rate"].lower()
        unit = "tokens" if name in _TOKEN_RATES else "requests"
        return Unit("count", unit, unit, rate.end(), {**_RATES, **_TOKEN_RATES}[name])
    length = _LENGTH.match(text, position)
    if length:
        return Unit("count", str(length.lastgroup), length.group().strip(" -\u00a0"), length.end())
    times = _TIMES.match(text, position)
    if times:
        return Unit("multiplier", "times", "", times.end())
    duration = _DURATION.match(text, position)
    if duration and not re.match(r"[\s-]{0,2}(?:users?|active)\b", text[duration.end() : duration.end() + 10], re.I):
        return Unit(
            "duration", str(duration.lastgroup).replace("_", " "), duration.group().strip(" -\u00a0"), duration.end()
        )
    return _noun(text, position)


def _noun(text: str, position: int) -> Unit | None:
    """Read the counted noun: the first known plural within five words, else the last plural of unknown meaning."""
    of = _OF.match(text, position)
    place, last, per = (of.end() - 1 if of else position), None, None
    units = noun_units()
    adverbs = table("vocabulary.yaml")["adverbs"]
    for _ in range(5):
        match = _WORD.match(text, place)
        if match is None:
            break
        word, place = match["word"], match.end()
        if word.lower() in adverbs and per is None and last is None:
            per = str(adverbs[word.lower()])
            continue
        if word.lower() in _stop_words() and not (
            word.lower() == "runs" and match.start() == position and period_pattern().match(text, match.end() + 1)
        ):
            break
        known = units.get(word.lower())
        phrase = units.get(" ".join(text[match.start("word") : place].lower().split()))
        if (known or phrase) and (
            _is_plural(word) or word.lower() in ("feedback", "staff", "people", "mlops", "devops")
        ):
            return Unit("count", known or "requests", word, place, per)
        length = _LENGTH.match(text, match.start())
        if length and _is_plural(word):
            return Unit("count", str(length.lastgroup), word, length.end(), per)
        if re.fullmatch(r"MAUs?|FTEs?|GPUs?|SREs?|PRs?|CVs?", word, re.I) and known:
            return Unit("count", known, word, place, per)
        if _is_plural(word):
            last = Unit("count", "items", word, place, per)
    return last or _singular(text, position)


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    return frozenset(table("vocabulary.yaml")["stop"])


def _is_plural(word: str) -> bool:
    return (word.endswith(("s", "S")) and len(word) > 2 and not word.lower().endswith(_NOT_PLURAL)) or (
        word.lower() in noun_units()
        and (word.lower() in ("people", "persons", "feedback", "staff", "mail", "sms", "personnel"))
    )


def _singular(text: str, position: int) -> Unit | None:
    """Read a single known noun right behind the number ("40k ticket a day", "1 engineer")."""
    match = _WORD.match(text, position)
    known = noun_units().get(match["word"].lower()) if match else None
    return Unit("count", known, match["word"], match.end()) if match and known else None


@lru_cache(maxsize=1)
def _period_names() -> dict[str, str]:
    return {name: period for period, names in table("vocabulary.yaml")["periods"].items() for name in names}


@lru_cache(maxsize=1)
def period_pattern() -> re.Pattern[str]:
    """Match a period: "a day", "per month", "/week", "daily", "each working day", "last month"."""
    long = any_of([name for name in _period_names() if len(name) > 1])
    short = "|".join(sorted((re.escape(name) for name in _period_names()), key=len, reverse=True))
    adverbs = any_of(table("vocabulary.yaml")["adverbs"])
    kind = r"(?:(?:single|average|avg|typical|normal|regular|calendar|given|full|ordinary|standard)\s)?"
    return re.compile(
        r"(?:\b(?:a|an|per|each|every|one|any|p\.|in an?|on an?|in one|last|this|past|previous|"
        rf"of the|for the|for one|over a|over the last|over the|in the past|in the last|each of (?:the |"
        rf"our )?(?:five|5|seven|7|six|6))\s?{kind}(?P<long>{long})s?\b"
        rf"|\b(?:per|/)\s?(?P<short>{short})(?![A-Za-z0-9])|/\s?(?P<slash>{short})(?![A-Za-z0-9])"
        rf"|\b(?P<adverb>{adverbs})\b|\b(?P<pa>p\.\s?a\b\.?|p\.\s?m\b\.?(?!\w)|pcm\b|per diem\b|"
        r"day in,? day out\b|around the clock\b)"
        r"|\b(?P<over>month over month|month on month|mom|year over year|year on year|yoy|"
        r"week over week|wow|m/m|y/y)\b)",
        re.I,
    )


def period_of(match: re.Match[str]) -> str:
    """Name the period that a match of `period_pattern` found."""
    if match["pa"]:
        name = re.sub(r"[\s.]", "", match["pa"].lower())
        return {"pa": "year", "pm": "month", "pcm": "month"}.get(name, "day")
    if match["over"]:
        return {"m": "month", "y": "year", "w": "week"}[match["over"][0].lower()]
    if match["adverb"]:
        return str(table("vocabulary.yaml")["adverbs"][match["adverb"].lower()])
    name = re.sub(r"[\s-]+", " ", (match["long"] or match["short"] or match["slash"]).lower())
    return _period_names().get(name) or _period_names()[name.replace(" ", "-")]


def read_kwh(text: str, position: int) -> int | None:
    """Return where "per kWh" ends when it stands right here."""
    match = _KWH.match(text, position)
    return match.end() if match else None


def read_mwh(text: str, position: int) -> int | None:
    """Return where "per MWh" ends when it stands right here."""
    match = _MWH.match(text, position)
    return match.end() if match else None


def read_cents(text: str, position: int) -> int | None:
    """Return where "cents" ends when it stands right here."""
    match = _CENTS.match(text, position)
    return match.end() if match else None


@lru_cache(maxsize=1)
def _currency_names() -> dict[str, str]:
    return {name.lower(): code for code, names in table("vocabulary.yaml")["currencies"].items() for name in names}


@lru_cache(maxsize=1)
def _currency_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = any_of(_currency_names())
    return (
        re.compile(rf"(?<![A-Za-z])(?P<name>{names})\s?$", re.I),
        re.compile(rf"\s?-?(?P<name>{names})(?![A-Za-z])", re.I),
    )


def currency_before(text: str, position: int) -> tuple[str, int] | None:
    """Read a currency that stands right before a number: its code and where it starts."""
    start = max(0, position - 20)
    match = _currency_patterns()[0].search(text[start:position])
    return (_currency_names()[match["name"].lower()], start + match.start()) if match else None


def currency_after(text: str, position: int) -> tuple[str, int] | None:
    """Read a currency that stands right behind a number: its code and where it ends."""
    match = _currency_patterns()[1].match(text, position)
    return (_currency_names()[re.sub(r"\s+", " ", match["name"].lower())], match.end()) if match else None
