"""Multiplies what a message gives per head: "150 lawyers, 20 searches each", "half of the 600". It knows no answers."""

import re
from dataclasses import replace

from agent.recognise.convert import LENGTH_UNITS, daily
from agent.recognise.spans import Sentence, sentence_at
from agent.recognise.units import period_of, period_pattern
from agent.recognise.values import FactCandidate, Quantity, lower, map_value, upper
from tools.facts import Range

_PERIODS = r"second|minute|hour|day|week|month|quarter|year|shift|working|business|weekday|morning|evening|night|time"
_EACH = re.compile(
    rf"\b(?:each|every)\b(?!\s(?:{_PERIODS}|with\b|about\b))|\bapiece\b|\bwho (?:get|receive|send|ask|make)\b|"
    rf"[×*]|\bx\b",
    re.I,
)
_PER_NOUN = re.compile(
    rf"^\s?(?:(?:a|an|per|each|every|/)\s?)(?P<noun>(?!(?:{_PERIODS.replace('shift|', '')})\b)[a-z]+)\b", re.I
)
_EACH_BEFORE = re.compile(r"\b(?:each|every one|all) of (?:our|the|my|these|those)\s(?:about\s|some\s)?$", re.I)
_EACH_NOUN = re.compile(
    r"\b(?:each|every|an?(?:\s(?:average|typical))?|one)\s(?:of\s(?:our|the|my)\s)?(?P<noun>[a-z]+)\s"
    r"(?:(?!and\b|or\b|but\b)[a-z]+\s){1,3}$",
    re.I,
)
_EACH_AFTER = re.compile(
    rf"^\s?(?:,\s)?(?:each|apiece|per (?:head|person|user))\b(?!\s(?:{_PERIODS}|one\b|of\b|[0-9]))", re.I
)
_VERB = re.compile(
    r"(?:ask|get|send|make|fir|us|do|ha[sv]|with|cook|run|throw|would|will|handl|read|about|some|maybe|of|push|writ|review|draft|creat|"
    r"submit|upload|process|generat|want|need|at|doing|say|produc|answer|typ|search|open|try|tri|call|pos|one|rais|fil)\w*$",
    re.I,
)
_SHIFT = re.compile(r"^\s?(?:a|per|each|every)\sshift\b", re.I)
_TWICE_UNIT = frozenset({"requests", "items", "", "other"})
_PEOPLE = frozenset({"people", "engineers", "users", "customers"})
_SEVERAL = re.compile(
    r"\b(?:bullets?|sentences?|paragraphs?|lines?|fields?|sections?|snippets?|chunks?|passages?|points?|items?|attributes?|sprints?|phases?|"
    r"iterations?|steps?)$",
    re.I,
)
_LENGTH_GAP = re.compile(r"\s?(?:,\s|\sof\s|\s?[x×]\s?|\sat\s|\swith\s|\s)(?:about\s|some\s|roughly\s|around\s)?", re.I)
_OF = re.compile(r"\s(?:of|from)\s(?:(?:the|our|all|those|these|my|about|some)\s){0,2}", re.I)
_ONLY = re.compile(r"[^.;?!]{0,30}?\b(?:only|just|though|of (?:them|whom|which)|but|maybe|about)\s(?:\w+\s)?", re.I)
_TAKEN_FROM = re.compile(r"\b(?:out of|from|off|in|into|for|of)\s$", re.I)
_USES = re.compile(
    r"\s?(?:of (?:them|those) )?(?:\w+ )?(?:use[sd]?|open(?:s|ed)?|will|would|try|tries|active|touch\w*|ask\w*|"
    r"are active)\b",
    re.I,
)


def products(
    text: str, quantities: list[Quantity], parts: list[Sentence]
) -> tuple[list[Quantity], list[FactCandidate]]:
    """Multiply the pairs that belong together; return the quantities that remain and the requests that result."""
    left: list[Quantity] = []
    found: list[FactCandidate] = []
    index = 0
    while index < len(quantities):
        one = quantities[index]
        two = quantities[index + 1] if index + 1 < len(quantities) else None
        merged = _merged(text, one, two) if two else None
        per_head = (_per_head(text, one, two, parts) or _for_each(text, one, two)) if two and not merged else None
        if merged:
            left.append(merged)
        elif per_head:
            found += per_head
        else:
            left.append(one)
        index += 2 if merged or per_head else 1
    return left, found


def _merged(text: str, one: Quantity, two: Quantity) -> Quantity | None:
    """Read "2 bullets, 15 words each", "two sprints of two weeks" and a share of a count."""
    gap = text[one.end : two.start]
    if isinstance(one.value, Range) or isinstance(two.value, Range):
        return None
    start, end, quote = one.start, two.end, text[one.start : two.end]
    several = one.kind == "count" and _SEVERAL.search(one.quote) and _LENGTH_GAP.fullmatch(gap)
    each = _EACH_AFTER.match(text, two.end) or re.match(r"\s?(?:,\s)?each\b", text[two.end : two.end + 8])
    if several and two.per is None and (two.unit in LENGTH_UNITS or two.kind == "duration") and (each or " of " in gap):
        return replace(two, value=one.value * two.value, start=start, end=end, quote=quote)
    if one.kind == "share" and two.kind == "count" and one.per is None and _OF.fullmatch(gap) and one.value < 1:
        counted = two.unit in (*_PEOPLE, "requests", "items") and two.value > 1
        return replace(two, value=one.value * two.value, start=start, end=end, quote=quote) if counted else None
    used = two.kind == "share" and two.per is None and two.value < 1 and one.kind == "count" and one.unit in _PEOPLE
    if used and _ONLY.fullmatch(gap) and _USES.match(text, two.end):
        return replace(one, value=one.value * two.value, start=start, end=end, quote=quote)
    return None


def _per_head(text: str, one: Quantity, two: Quantity, parts: list[Sentence]) -> list[FactCandidate] | None:
    """Read "22 branches with 45 appraisals each per week" as requests, and who sends them as users."""
    if one.kind != "count" or two.kind not in ("count", "multiplier") or one.negated or two.negated:
        return None
    if (
        two.unit not in (*_TWICE_UNIT, "times")
        or isinstance(one.value, Range)
        or one.unit in LENGTH_UNITS
        or one.value < 2
    ):
        return None
    gap, behind = text[one.end : two.start], text[two.end : two.end + 40]
    if len(gap) > 90 or not _linked(one, two, gap, behind, text[: one.start]):
        return None
    if _is_pay(one, two, gap):
        return None
    far = sentence_at(parts, one.start).start != sentence_at(parts, two.start).start
    if far and not re.search(r"\b(?:each|every|per)\b", gap + behind[:20], re.I):
        return None
    period = two.per or (one.per if one.per and one.per_adjacent and one.unit == "requests" else None)
    if period is None and not _PER_NOUN.match(behind):
        ahead = period_pattern().search(text, sentence_at(parts, one.start).start, one.start)
        period = period_of(ahead) if ahead else None
    if two.unit == "" and two.kind == "count" and far:
        return None
    if two.kind == "multiplier" and period is None and not _PER_NOUN.match(behind):
        return None
    asking = one.unit in _PEOPLE or re.search(r"\bactives?\b", one.quote, re.I)
    times_period = two.per is None and period is not None
    if times_period and not (_EACH_AFTER.match(behind) or _EACH.search(gap) or _PER_NOUN.match(behind)):
        return None
    if not _has_head(one, text) or (one.per is not None and one.per_adjacent and one.unit != "requests" and not asking):
        return None
    value = map_value(two.value, one.value)
    times = replace(two, value=value, per=period)
    end = two.end + _tail(text, two)
    daily_value, note = daily(times)
    quote = text[one.start : end]
    told = f"{one.quote} times {two.quote}{'; ' + note if note else ''}"
    found = [FactCandidate("requests_per_day", daily_value, quote, one.start, end, 0.96, told)]
    if (
        (asking or one.unit == "")
        and not re.search(r"\b(?:get|gets|receive\w*|sent to)\b", gap, re.I)
        and upper(one.value) >= 2
    ):
        found.append(FactCandidate("monthly_users", one.value, one.quote, one.start, one.end, 0.86, "those who use it"))
    return found


def _for_each(text: str, one: Quantity, two: Quantity) -> list[FactCandidate] | None:
    """Read "4 requests per user per day with 2,000 users", "each agent takes 30 chats a day and we have 40 agents"."""
    nouns = (_PER_NOUN.match(text[one.end :]), _EACH_NOUN.search(text[: one.start]))
    gap = text[one.end : two.start]
    counted = one.kind == two.kind == "count" and one.unit in ("requests", "items") and two.unit not in LENGTH_UNITS
    same = any(noun and _same_noun(two.head, noun["noun"]) for noun in nouns)
    if not same or not counted or len(gap) > 60 or one.negated:
        return None
    period = one.per or two.per
    if period is None or not isinstance(two.value, float) or two.negated:
        return None
    value, note = daily(replace(one, value=map_value(one.value, two.value), per=period))
    told = f"{one.quote} times {two.quote}{'; ' + note if note else ''}"
    quote = text[one.start : two.end]
    found = [FactCandidate("requests_per_day", value, quote, one.start, two.end, 0.95, told)]
    if two.unit in ("users", "customers"):
        found.append(FactCandidate("monthly_users", two.value, two.quote, two.start, two.end, 0.86, "those who use it"))
    return found


def _is_pay(one: Quantity, two: Quantity, gap: str) -> bool:
    """Whether "three SREs, 170 grand apiece" speaks of what people cost."""
    costs = re.search(r"\b(?:costs?|pay|paid|pays|salar\w+|earns?|make)\b", gap, re.I)
    plain = two.unit == "" and two.per is None
    return plain and bool(costs or (one.unit in ("engineers", "people", "") and lower(two.value) >= 15_000))


def _has_head(one: Quantity, text: str) -> bool:
    """Whether the first number counts something that can ask: people, shops, shifts, calls; a bare number does not."""
    if one.unit == "":
        return bool(re.match(r"\s?of (?:them|us|those)\b", text[one.end : one.end + 9], re.I))
    return one.unit in (*_PEOPLE, "requests", "items", "other") and lower(one.value) >= 2


def _linked(one: Quantity, two: Quantity, gap: str, behind: str, before: str) -> bool:
    noun = _PER_NOUN.match(behind)
    same = noun is not None and _same_noun(one.head, noun["noun"])
    if same:
        return True
    if one.unit == "requests" and one.per is not None:
        return bool(re.search(r"[×*]|\bx\b", gap)) and len(gap) < 8
    each_before = bool(_EACH_BEFORE.search(before)) and len(gap.split()) <= 4
    period = (
        two.per is not None
        or bool(_EACH_AFTER.match(behind))
        or bool(_SHIFT.match(behind))
        or bool(re.search(r"[×*]|\bx\b", gap))
    )
    return period and (_shares_out(one, gap) or bool(_EACH_AFTER.match(behind)) or each_before)


def _shares_out(one: Quantity, gap: str) -> bool:
    """Whether "each" in the words between speaks of what the first number counts: "each asks", "each lawyer"."""
    if re.search(r"\b(?:costs?|pay|pays|spend|capped|budget)\b", gap, re.I):
        return False
    for match in _EACH.finditer(gap):
        if _TAKEN_FROM.search(gap[: match.start()]):
            continue  # "12 fields out of each": what is counted is taken, not what asks
        follows = re.match(r"\s?(?P<word>[a-z]+)", gap[match.end() :], re.I)
        if follows is None or _VERB.match(follows["word"]) or _same_noun(one.head, follows["word"]):
            return True
        if not re.match(r"each|every", match.group(), re.I):
            return True
    return False


def _same_noun(head: str, noun: str) -> bool:
    one, two = head.lower().rstrip("s"), noun.lower().rstrip("s")
    return len(two) >= 3 and (one == two or (len(two) >= 4 and one.endswith(two)) or two in ("head", "person", "user"))


def _tail(text: str, two: Quantity) -> int:
    """Return how far "each per week" or "a shift" reaches behind the second number."""
    match = re.match(
        rf"\s?(?:,\s)?(?:each|apiece)?\s?(?:(?:a|per|each|every)\s(?:{_PERIODS})\b)?", text[two.end :], re.I
    )
    return match.end() if match and match.group().strip() else 0
