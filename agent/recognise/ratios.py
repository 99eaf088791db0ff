"""Divides numbers that belong together: fixed and new input, worst and average hour. It knows no short answers."""

import re
from dataclasses import replace

from agent.recognise.clauses import Clauses
from agent.recognise.convert import LENGTH_UNITS, daily, in_tokens, monthly_count, per_day
from agent.recognise.values import FactCandidate, Quantity, upper
from agent.recognise.words import open_weight, proprietary
from tools.facts import Range

MOST_NUMBERS = 40  # pairs grow with the square; a message with more numbers is a table, not prose
_FIXED = re.compile(
    r"\b(?:same|identical|repeat\w*|cach\w+|boilerplate|fixed|shared|static|constant|resen[dt]\w*|preamble|"
    r"system prompt|brand book|"
    r"style (?:bible|guide)|rides? along|every time|handbook|script|instructions|always the same)\b",
    re.I,
)
_NEW = re.compile(
    r"\b(?:new|actual|question|rest|unique|fresh|differ\w*|changes|changing|own text|user text|variable|varies)\b", re.I
)
_SIDED = re.compile(r"\b(?:in|input|prompts?|out|output|completions?|responses?)\b", re.I)
_BETWEEN = ("", "one", "thing", "got", "only", "did", "gets", "had", "a", "at")  # between a model's name and its score
_PEAK = re.compile(r"\b(?:peak\w*|busiest|worst|rush|spik\w+|maximum|max|top hour|crazy)\b", re.I)
_MEAN = re.compile(r"\b(?:average|avg|normal\w*|mean|typical\w*|usual\w*|otherwise|quiet|ordinary)\b", re.I)
_TESTS = re.compile(
    r"(?:questions?|prompts?|tests?|cases|examples?|exams?|tickets|samples?|items|tasks?|checks)\b", re.I
)
_RIGHT = re.compile(r"^\s?(?:\w+\s)?(?:right|correct\w*|passed|passes|solved|ok)\b", re.I)
_FAILED = re.compile(r"\b(?:failed|fails|missed|misses|botched|got wrong|wrong on|flunked)\s?(?:on\s)?$", re.I)


def ratios(text: str, quantities: list[Quantity], asked: str | None) -> list[FactCandidate]:
    """Find the facts that two numbers of the message state together."""
    if not 2 <= len(quantities) <= MOST_NUMBERS:
        return []
    clauses = Clauses(text)
    plain = [
        item for item in quantities if item.kind == "count" and not item.negated and not isinstance(item.value, Range)
    ]
    total = _total(plain, clauses) if asked == "tokens_per_month" else []
    return [*total, *_cached(plain, clauses, asked), *_peaks(plain, clauses, asked), *_weeks(plain, clauses, asked)]


def scored(text: str, quantities: list[Quantity], asked: str | None) -> list[Quantity]:
    """Turn right answers into shares where the message names how many there were: "250 questions: Opus 221 right"."""
    if asked not in ("flagship_score", "open_score") and not (proprietary().search(text) or open_weight().search(text)):
        return quantities
    every = next((item for item in quantities if _counts_tests(text, item)), None)
    if every is None or isinstance(every.value, Range):
        return quantities
    return [item if item is every else _share_of(text, item, every.value) for item in quantities]


def _counts_tests(text: str, item: Quantity) -> bool:
    plain = item.kind == "count" and item.per is None and 10 <= upper(item.value) <= 100_000
    return plain and bool(_TESTS.search(f"{item.quote} {text[item.end : item.end + 12]}"))


def _share_of(text: str, item: Quantity, every: float) -> Quantity:
    bare = item.kind == "count" and item.unit in ("", "other", "items") and item.per is None
    if not bare or isinstance(item.value, Range) or not 1 < item.value <= every:
        return item
    left, right = text[max(0, item.start - 30) : item.start], text[item.end : item.end + 20]
    failed = bool(_FAILED.search(left)) or bool(re.match(r"\s?(?:wrong|failed|failures|misses)\b", right))
    names = (match for finder in (proprietary(), open_weight()) for match in finder.finditer(left))
    named = any(left[match.end() :].strip(" ,:-") in _BETWEEN for match in names)
    if not (failed or named or _RIGHT.match(right)):
        return item
    share = 1 - item.value / every if failed else item.value / every
    return replace(item, kind="share", unit="share", value=round(share, 6), head="")


def _total(plain: list[Quantity], clauses: Clauses) -> list[FactCandidate]:
    """Add up "12M in, 3M out" where the tokens of a month were asked."""
    sides: dict[str, Quantity] = {}
    for item in plain:
        words = f"{clauses.left(item.start)} {clauses.right(item.end)}"
        sided = _SIDED.findall(words) if item.unit in ("", "tokens") else []
        named = {"out" if side[0].lower() in "ocr" else "in" for side in sided}
        if len(named) == 1:
            sides.setdefault(named.pop(), item)
    if len(sides) != 2:
        return []
    start, end = min(item.start for item in sides.values()), max(item.end for item in sides.values())
    value = sum(upper(monthly_count(item)[0]) for item in sides.values())
    return [FactCandidate("tokens_per_month", value, clauses.text[start:end], start, end, 0.94, "input and output")]


def _cached(plain: list[Quantity], clauses: Clauses, asked: str | None) -> list[FactCandidate]:
    lengths = [
        item for item in plain if item.unit in (*LENGTH_UNITS, "") and item.per is None and upper(item.value) >= 20
    ]
    for one in lengths:
        if not (_side(_FIXED, one, clauses) and not _side(_NEW, one, clauses)):
            continue
        for two in lengths:
            if two is one or (one.unit == two.unit == "" and asked != "cached_share"):
                continue
            found = _cached_pair(one, two, clauses)
            if found:
                return found
    return []


def _cached_pair(one: Quantity, two: Quantity, clauses: Clauses) -> list[FactCandidate]:
    start, end = min(one.start, two.start), max(one.end, two.end)
    quote = clauses.text[start:end]
    if end - start > 140:
        return []
    fixed, other = upper(in_tokens(one)[0]), upper(in_tokens(two)[0])
    between = clauses.text[min(one.end, two.end) : max(one.start, two.start)]
    part = re.search(r"\bof which\b|\bof (?:the|those|these)\s?$|\bof\s?$|\bout of\b", between, re.I) or re.search(
        r"\bof\s?$", clauses.left(two.start)[-8:], re.I
    )
    if fixed < other and part:
        return [
            FactCandidate("cached_share", round(fixed / other, 4), quote, start, end, 0.91, "the fixed part of all")
        ]
    if not _side(_NEW, two, clauses):
        return []
    whole = fixed + other
    return [
        FactCandidate("cached_share", round(fixed / whole, 4), quote, start, end, 0.91, "the fixed part of both"),
        FactCandidate("input_tokens", whole, quote, start, end, 0.95, "the fixed and the new part together"),
    ]


def _side(pattern: re.Pattern[str], item: Quantity, clauses: Clauses) -> bool:
    """Whether the words around the number, up to the next number, match."""
    left = re.split(r"[0-9]", clauses.left(item.start))[-1]
    right = re.split(r"[0-9]|\band\b", clauses.right(item.end))[0]
    return bool(pattern.search(right[:60]) or pattern.search(left[-40:]))


def _peaks(plain: list[Quantity], clauses: Clauses, asked: str | None) -> list[FactCandidate]:
    rates = [item for item in plain if item.unit in ("", "requests", "items", "other") and upper(item.value) > 0]
    for one in rates:
        for two in rates:
            if one is two or not _near(_PEAK, one, clauses) or not _near(_MEAN, two, clauses):
                continue
            if one.per is None and two.per is None and asked != "peak_factor":
                continue
            times = _times(one, two)
            if times is None or not 1 < times <= 1000:
                continue
            start, end = min(one.start, two.start), max(one.end, two.end)
            quote = clauses.text[start:end]
            found = [FactCandidate("peak_factor", round(times, 4), quote, start, end, 0.92, "worst over average")]
            spoken = two.per or one.per or ("hour" if re.search(r"\bhour\b", clauses.left(two.start), re.I) else None)
            if spoken is not None:
                rate = replace(two, per=spoken)
                found.append(FactCandidate("requests_per_day", daily(rate)[0], two.quote, two.start, two.end, 0.93))
            return found
    return []


def _weeks(plain: list[Quantity], clauses: Clauses, asked: str | None) -> list[FactCandidate]:
    """Read "12k on weekdays, 3k at weekends" as the mean of the seven days."""
    rates = [item for item in plain if item.unit in ("", "requests", "items") and item.per in (None, "day")]
    work = [item for item in rates if _WEEKDAYS.match(clauses.right(item.end))]
    free = [item for item in rates if _WEEKENDS.match(clauses.right(item.end)) and item not in work]
    if len(work) != 1 or len(free) != 1 or (asked != "requests_per_day" and "" in (work[0].unit, free[0].unit)):
        return []
    value = (5 * upper(work[0].value) + 2 * upper(free[0].value)) / 7
    start, end = min(work[0].start, free[0].start), max(work[0].end, free[0].end)
    end += len(match.group()) if (match := _WEEK_TAIL.match(clauses.text[end:])) else 0
    note = "five working days and two days of the weekend"
    return [FactCandidate("requests_per_day", value, clauses.text[start:end], start, end, 0.96, note)]


_WEEKDAYS = re.compile(r"\s?(?:a day\s)?(?:on |each |every |per )?(?:weekdays?|working days?|week days?)\b", re.I)
_WEEKENDS = re.compile(
    r"\s?(?:a day\s)?(?:(?:on|at|each|every|per|over)\s)?(?:the\s)?(?:weekends?|saturdays? and (?:on )?sundays?|"
    r"saturdays? or sundays?)\b",
    re.I,
)
_WEEK_TAIL = re.compile(r"\s?(?:on |at |each |every |per )?(?:the )?(?:weekdays?|weekends?|working days?)\b", re.I)


def _near(pattern: re.Pattern[str], item: Quantity, clauses: Clauses) -> bool:
    left = re.split(r"[0-9]", clauses.left(item.start))[-1]
    return bool(
        pattern.search(left[-40:])
        or pattern.search(item.quote)
        or re.match(rf"\W*(?:\w+\W+){{0,4}}?{pattern.pattern}", clauses.right(item.end), re.I)
    )


def _times(peak: Quantity, mean: Quantity) -> float | None:
    if peak.per is None or mean.per is None or peak.per == mean.per:
        return upper(peak.value) / upper(mean.value)
    return upper(peak.value) * per_day(peak.per)[0] / (upper(mean.value) * per_day(mean.per)[0])
