"""Finds numbers - digits, words, fractions, percentages, nines - and joins them to ranges. It knows no units."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from agent.recognise.number_words import ONES, SCALES, TENS, SpelledNumber, find_spelled
from tools.facts import Range

Form = Literal["number", "share", "times"]

_DIGITS = (
    r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?"  # 1,250,000
    r"|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"  # 12,50,000
    r"|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|[1-9][0-9]{0,2}\.[0-9]{3},[0-9]{1,2}"  # 1.250.000,50
    r"|[1-9][0-9]{0,2}(?:[ \u00a0\u202f'’][0-9]{3})+"  # 1 250 000
    r"|[0-9]+(?:[.,][0-9]+)?|\.[0-9]+)(?![0-9])"
)
_SUFFIXES = {
    "k": 1e3, "grand": 1e3, "m": 1e6, "mn": 1e6, "mm": 1e6, "mio": 1e6, "mil": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9,
    "bln": 1e9, "mrd": 1e9, "tn": 1e12, "hundred": 1e2, "dozen": 12.0, **SCALES,
}  # fmt: skip
_SCALE = (
    r"(?:\s?-?(?:hundred[\s-]thousand|thousand|million|billion|trillion|lakh|crore)s?\b"
    r"|\s?(?:hundred|dozen|grand|mio|mil|mln|bln|mrd|mn|mm|bn|tn)(?![A-Za-z0-9])"
    r"|\s?[kK](?![A-Za-z0-9])|[mMbB](?![A-Za-z0-9])|\s[MB](?![A-Za-z0-9])|T(?![A-Za-z0-9]))?"
)
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z_])(?<![0-9][.,])(?P<sign>(?<![0-9\w)%])-)?(?P<digits>{_DIGITS})(?P<scale>{_SCALE})", re.I
)
_SMALL = "|".join([*ONES, *TENS])
_COUNTED = rf"(?:[0-9]{{1,3}}|{_SMALL})"
_PARTS = {"half": 0.5, "halves": 0.5, "third": 1 / 3, "quarter": 0.25, "fourth": 0.25, "fifth": 0.2, "sixth": 1 / 6,
          "eighth": 0.125, "tenth": 0.1}  # fmt: skip
_PART = "|".join(_PARTS)
_POWER = re.compile(
    r"(?<![\w.,])(?:(?P<factor>[0-9]+(?:\.[0-9]+)?)\s?[x×*·]\s?)?10\s?\^\s?(?P<power>[0-9]{1,2})(?![\w^])"
    r"|(?<![\w.,])(?P<base>[0-9]+(?:\.[0-9]+)?)[eE]\+?(?P<exponent>[0-9]{1,2})(?!\w)"
)
_FEW = re.compile(r"\b(?:several|few|many|some|multiple|countless|tens of|hundreds of)\s(?:of\s)?$", re.I)
_FRACTION = re.compile(
    rf"(?P<top>{_COUNTED})\s(?:in|out\sof(?:\severy)?)\s(?:every\s)?(?P<bottom>{_COUNTED})\b"
    r"(?!\s?(?:%|days?|weeks?|months?|years?|hours?|minutes?|seconds?))"
    r"|(?<![0-9/])(?P<above>[0-9]{1,3})/(?P<below>[0-9]{1,3})(?![0-9/])(?!\s?(?:%|kWh))"
    rf"|(?<![\w.,])(?P<good>{_COUNTED})(?:\s(?P<failed>misses|fails|failures|failed|errors|wrong(?:\sones)?|mistakes))?"
    r"(?:\s(?:correct|right|good|passed|passes))?(?:\s(?:answers?|ones|tests?|cases|points?|tokens|examples|times))?"
    rf"\s(?:right\s|correct\s)?(?:of|in|out\sof|from)\s(?:(?:our|the|my|all|every)\s)?(?P<all>{_COUNTED})\b(?![,.:]?[0-9])"
    r"(?!\s?(?:[%kKxX×]|-|/|(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?|pages?|people|engineers|users|"
    r"sites|nodes|servers|them|us)\b))"
    rf"|\b(?P<many>two|three|four|five|seven|nine|2|3|4|7|9)[\s-](?P<parts>(?:{_PART})s?)\b(?=\s(?:of|"
    r"the|is|are|passed|right|correct|were|went)\b|\s?[.,;!)]|\s?$)"
    rf"|(?<!and )\b(?:a|an|one|1)[\s-](?P<part>{_PART})\b(?=\s(?:of|more|extra|on\stop)\b|\s?[.!)]?\s?$)"
    r"(?!\s(?:of\san?\s)?(?:million|billion|year|second|page|dollar|month))"
    r"|(?<!and a )\b(?P<half>half)\b(?=\s(?:of|the|our|all|that|its|their|is|are)\b|\s?[.,;!)]|\s?$)",
    re.I,
)
_AMOUNT_BEFORE = re.compile(
    rf"(?:[0-9][kmb]?|\b(?:{_SMALL}|k|hundred|thousand|million|billion|grand|dollars|once|twice|times))\s$", re.I
)
_HALF_OF_ONE = re.compile(r"\bhalf\san?(?=\s(?:page|person|fte|engineer|position|sre|sheet|head)\b)", re.I)
_NINES = re.compile(r"\b(?P<count>[2-9]|two|three|four|five|six)(?P<half>\sand\sa\shalf)?[\s-](?:nines|9s|9's)\b", re.I)
_MULTIPLE = re.compile(
    r"\b(?P<word>once(?=\s(?:an?|per|each|every)\s(?:second|minute|hour|day|week|month)\b)"
    r"|twice|doubl(?:e[sd]?|ing)|thrice|tripl(?:e[sd]?|ing)|quadrupl(?:e[sd]?|ing)|tenfold|(?:"
    + _SMALL
    + r")-?fold|an\sorder\sof\smagnitude)\b",
    re.I,
)
_MULTIPLES = {"once": 1.0, "twice": 2.0, "doub": 2.0, "thri": 3.0, "trip": 3.0, "quad": 4.0, "tenf": 10.0, "an o": 10.0}
_PERCENT = re.compile(r"\s?(?:%|(?:percent|per\scent|pct|percents|procent|percentage\spoints?)\b)", re.I)
_LINK = re.compile(
    r"\s?(?:-|–|—|\.\.|to|,?\sor|till|through|up\sto|\?)\s?(?:about\s|around\s|maybe\s|even\s)?(?:US)?[$€£]?\s?"
    r"|\s?(?P<and>and)\s(?:US)?[$€£]?",
    re.I,
)
_UNIT_LINK = re.compile(r"\s?(?P<unit>[A-Za-z]{1,12}|[€$£])\s?(?:-|–|—|to|and)\s?(?:US)?[$€£]?\s?", re.I)


@dataclass(frozen=True, slots=True)
class Number:
    """A number or a range of numbers at its place; `raw` is the last figure before its scale was applied."""

    value: float | Range
    start: int
    end: int
    form: Form = "number"
    raw: float = 0.0
    scaled: bool = False
    vague: bool = False
    bare_one: bool = False
    percent: bool = False
    thousands_point: bool = False


def find_numbers(text: str) -> list[Number]:
    """Find every number, left to right and without overlap, with ranges joined."""
    found: list[Number] = []
    for finder in (_powers, _nines, _half_of_one, _fractions, _digits, _spelled, _multiples):
        for number in finder(text):
            if not any(number.start < other.end and other.start < number.end for other in found):
                found.append(number)
    found.sort(key=lambda number: number.start)
    return _join_ranges(text, [_with_percent(text, number) for number in found])


def _powers(text: str) -> list[Number]:
    """Read "10^6", "5 x 10^5" and "1e6"."""
    found = []
    for match in _POWER.finditer(text):
        times = float(match["factor"] or match["base"] or 1)
        value = times * 10.0 ** int(match["power"] or match["exponent"])
        found.append(Number(value, match.start(), match.end(), raw=times, scaled=True))
    return found


def _nines(text: str) -> list[Number]:
    found = []
    for match in _NINES.finditer(text):
        count = _counted(match["count"])
        value = 1 - 10**-count - (0 if not match["half"] else -0.5 * 10**-count)
        found.append(Number(round(value, int(count) + 2), match.start(), match.end(), "share"))
    return found


def _half_of_one(text: str) -> list[Number]:
    """Read "half a page", "half an engineer": a number of things, not a share of something."""
    return [Number(0.5, match.start(), match.end(), raw=0.5) for match in _HALF_OF_ONE.finditer(text)]


def _fractions(text: str) -> list[Number]:
    found = []
    for match in _FRACTION.finditer(text):
        value = None if _is_period(text, match) else _fraction_value(match)
        if value is not None and 0 < value < 1:
            found.append(Number(value, match.start(), match.end(), "share"))
    return found


def _is_period(text: str, match: re.Match[str]) -> bool:
    """Whether "a quarter" is three months: a number stands right before it ("36k a quarter")."""
    before = text[max(0, match.start() - 16) : match.start()]
    return (match["part"] or "").lower() == "quarter" and bool(_AMOUNT_BEFORE.search(before))


def _fraction_value(match: re.Match[str]) -> float | None:
    if match["top"]:
        bottom = _counted(match["bottom"])
        usual = bottom in (2, 3, 4, 5, 6, 8, 10, 20, 50, 100) or " of" in match.group().lower()
        return _counted(match["top"]) / bottom if bottom and usual else None
    if match["good"]:
        return _passed(match)
    if match["above"]:
        if int(match["above"]) + int(match["below"]) == 100:
            return int(match["above"]) / 100
        return int(match["above"]) / int(match["below"]) if int(match["below"]) else None
    if match["many"]:
        parts = match["parts"].lower()
        return _counted(match["many"]) * (_PARTS.get(parts) or _PARTS[parts.removesuffix("s")])
    return _PARTS[match["part"].lower()] if match["part"] else 0.5


def _passed(match: re.Match[str]) -> float | None:
    """Read "41 of 60", "41 correct answers in 60" and "3 misses out of 60" (which passes 57)."""
    good, every = _counted(match["good"]), _counted(match["all"])
    plain = re.search(r"\sin\s", match.group()) and len(match.group().split()) == 3
    if not 0 <= good < every or every < 2 or (plain and every not in (2, 3, 4, 5, 6, 8, 10, 20, 50, 100)):
        return None
    return 1 - good / every if match["failed"] else good / every


def _counted(word: str) -> float:
    lowered = word.lower()
    return float(lowered) if lowered.isdigit() else float({**ONES, **TENS}[lowered])


def _digits(text: str) -> list[Number]:
    found = []
    for match in _NUMBER.finditer(text):
        raw = _figure(match["digits"], bool(match["scale"]))
        scale = _scale(match["scale"])
        sign = -1.0 if match["sign"] else 1.0
        point = bool(re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", match["digits"])) and not match["scale"]
        number = Number(sign * _exact(raw, scale), match.start(), match.end(), raw=raw, scaled=scale != 1)
        found.append(replace(number, thousands_point=point and raw < 1000))
    return found


def _exact(raw: float, scale: float) -> float:
    """Scale without the dust of binary fractions: 1.1 million is 1100000."""
    value = raw * scale
    return round(value, 6) if scale > 1 and abs(value) < 1e15 else value


def _figure(digits: str, scaled: bool) -> float:
    if re.fullmatch(r"[0-9]+,[0-9]+", digits) and not (re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", digits)):
        return float(digits.replace(",", "."))
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|[0-9]{1,3}\.[0-9]{3},[0-9]{1,2}", digits):
        return float(digits.replace(".", "").replace(",", "."))
    if re.fullmatch(r"[1-9][0-9]{0,2}\.000", digits) and not scaled:
        return float(digits.replace(".", ""))
    return float(re.sub(r"[,\s'’\u00a0\u202f]", "", digits))


def _scale(suffix: str) -> float:
    words = re.split(r"[\s-]+", suffix.strip(" -\u00a0").lower())
    scale = 1.0
    for word in words:
        if word:
            scale *= _SUFFIXES.get(word) or _SUFFIXES.get(word.removesuffix("s"), 1e12 if word == "t" else 1.0)
    return scale


def _spelled(text: str) -> list[Number]:
    return [_of_words(text, word) for word in find_spelled(text) if not _is_vague(text, word)]


def _is_vague(text: str, word: SpelledNumber) -> bool:
    """Whether a scale alone is counted by no number: "several thousand", "a few dozen"."""
    first = text[word.start : word.end].split()[0].lower()
    few = first in ("hundred", "dozen") or first in SCALES
    return few and bool(_FEW.search(text[max(0, word.start - 14) : word.start]))


def _of_words(text: str, word: SpelledNumber) -> Number:
    last = re.search(r"[A-Za-z]+$", text[word.start : word.end])
    scale = _SUFFIXES.get(last.group().lower().removesuffix("s"), 1.0) if last else 1.0
    raw = word.value / scale
    return Number(word.value, word.start, word.end, raw=raw, scaled=scale > 1, vague=word.vague, bare_one=word.bare_one)


def _multiples(text: str) -> list[Number]:
    return [
        Number(
            _multiple(match["word"].lower()),
            match.start(),
            match.end(),
            "times",
        )
        for match in _MULTIPLE.finditer(text)
    ]


def _multiple(word: str) -> float:
    small = word.removesuffix("fold").rstrip("-")
    return {**ONES, **TENS}.get(small) or _MULTIPLES.get(word, 0) or _MULTIPLES[word[:4]]


def _with_percent(text: str, number: Number) -> Number:
    sign = _PERCENT.match(text, number.end) if number.form == "number" else None
    if sign is None or isinstance(number.value, Range):
        return number
    value = round(number.value / 100, 12)
    return replace(number, value=value, end=sign.end(), form="share", percent=True, thousands_point=False)


def _join_ranges(text: str, numbers: list[Number]) -> list[Number]:
    joined: list[Number] = []
    index = 0
    while index < len(numbers):
        pair = _range(text, numbers[index], numbers[index + 1]) if index + 1 < len(numbers) else None
        joined.append(pair or numbers[index])
        index += 2 if pair else 1
    return joined


def _range(text: str, first: Number, second: Number) -> Number | None:
    """Join two numbers that the text links as a range, or return None."""
    gap = text[first.end : second.start]
    dash = second.start - 1 == first.end and text[first.end] == "-"
    link = _LINK.fullmatch(gap) or _same_unit(text, gap, second)
    between = re.search(
        r"\b(?:between|from)\s(?:about\s|around\s|roughly\s)?(?:US)?[$€£]?\s?$",
        text[max(0, first.start - 24) : first.start],
        re.I,
    )
    if dash is False and gap == "" and text[second.start] == "-":
        link = re.match("", gap)
    if link is None or (re.search(r"\band\b", gap, re.I) and not between):
        return None
    if isinstance(first.value, Range) or isinstance(second.value, Range) or "times" in (first.form, second.form):
        return None
    low, high = first.value, abs(second.value) if gap == "" else second.value
    if second.percent and first.form == "number" and not first.scaled:
        low = round(low / 100, 12)
    elif first.form != second.form:
        return None
    elif second.scaled and not first.scaled and first.raw < second.raw:
        low = first.value * (second.value / second.raw)
    if not low < high or (re.search(r"\bor\b", gap, re.I) and high > 3 * low):
        return None
    return replace(second, value=Range(low, high), start=first.start, vague=first.vague or second.vague)


def _same_unit(text: str, gap: str, second: Number) -> re.Match[str] | None:
    """Accept "300 tokens to 400 tokens" and "10% to 20%": the same unit stands behind both numbers."""
    link = _UNIT_LINK.fullmatch(gap)
    if link is None:
        return None
    after = re.match(r"\s?([A-Za-z]{1,12}|[€$£])", text[second.end : second.end + 14])
    same = after and after[1].lower().rstrip("s") == link["unit"].lower().rstrip("s")
    return link if same else None
