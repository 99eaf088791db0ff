"""Finds accelerators with their counts: "4x L40S", "H100s, eight of them". It knows no facts and no owners."""

import re
from functools import lru_cache

from agent.recognise.hedges import is_negated
from agent.recognise.number_words import ONES, find_spelled
from agent.recognise.values import Quantity
from agent.recognise.words import any_of, table

_DIGITS = r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+|(?<![0-9.,])[0-9]{1,5}"
_WORDS = r"[A-Za-z]+(?:[ -][A-Za-z]+){0,5}?"
_ADJECTIVES = (
    r"(?:(?:×|\b(?:used|new|old|older|spare|idle|on[- ]prem|existing|nvidia|amd|intel|tesla|geforce|radeon|"
    r"instinct|ascend|of|those|these|"
    r"the|our|lonely|dusty|single|cards?|gpus?|pieces|units|them|refurbished|second[- ]hand|trusty|big|x))\s)*"
)
_BEFORE = re.compile(rf"(?P<count>{_DIGITS})\s?[x×*]?[\s-]?{_ADJECTIVES}$", re.I)
_SPELLED_BEFORE = re.compile(rf"(?:^|\s|[(,;:.])(?P<count>{_WORDS})[\s.]{{1,2}}{_ADJECTIVES}$", re.I)
_BEHIND = re.compile(
    r"\s?(?:(?:gpus?|cards?|accelerators?|boards?|modules?)\b)?(?:\s?[x×*:=]\s?|[\s,.;(]{1,2}(?:that['’]?s|so|all|with|i\.e\.|meaning|and)?\s?)"
    rf"(?P<count>{_DIGITS}|[A-Za-z]+(?:-[A-Za-z]+)?)\s?(?P<noun>of (?:them|those|these)|(?:gpus?|cards?|"
    rf"accelerators?|pieces|units)\b|$|[.)])",
    re.I,
)
_NODES = re.compile(
    rf"(?P<nodes>{_DIGITS}|[A-Za-z]+)\s(?:\w+\s)?(?:nodes?|servers?|boxes|box|machines?|hosts?|chassis|racks?)"
    r"(?:,?\s(?:each|every one|all|both))?(?:,?\s(?:with|of|holding|containing|carrying|has|have|having))?\s?$",
    re.I,
)
_EACH = re.compile(r"\s?(?:each|apiece|per (?:node|server|box|machine)|in each)\b", re.I)
_NAMED = {"a": 1, "an": 1, "single": 1, "pair": 2, "couple": 2, "both": 2, "dozen": 12, "two dozen": 24}


def accelerators(text: str) -> list[Quantity]:
    """Find every accelerator that is counted, left to right."""
    found: list[Quantity] = []
    previous = 0
    for match in _names().finditer(text):
        counted = _counted(text, match, previous)
        if counted is None:
            continue
        count, start, end = counted
        start = min(start, match.start())
        end = max(end, match.end())
        if count < 1 or start < previous:
            continue
        quote, negated = text[start:end], is_negated(text, start)
        found.append(
            Quantity("accelerators", count, "gpus", None, None, "exact", start, end, quote, negated, _name(match))
        )
        previous = end
    return found


def _counted(text: str, match: re.Match[str], previous: int) -> tuple[float, int, int] | None:
    """Read the count before a name, or else behind it."""
    window = text[max(previous, match.start() - 60) : match.start()]
    offset = match.start() - len(window)
    digits = _BEFORE.search(window)
    if digits:
        count = float(digits["count"].replace(",", ""))
        nodes = _NODES.search(window[: digits.start()])
        start = offset + digits.start()
        if nodes and (each := _number(nodes["nodes"])):
            return count * each, offset + nodes.start(), match.end()
        per_node = _EACH.match(text, match.end())
        return count, start, per_node.end() if per_node else match.end()
    spelled = _spelled_before(window)
    if spelled:
        count, place = spelled
        behind = _behind(text, match) if count == 1 and re.match(r"an?\b", window[place:], re.I) else None
        if behind and behind[0] > 1:
            return behind[0], offset + place, behind[1]
        return count, offset + place, match.end()
    behind = _behind(text, match)
    return None if behind is None else (behind[0], match.start(), behind[1])


def _spelled_before(window: str) -> tuple[float, int] | None:
    tail = re.search(rf"[\s.]{{0,2}}{_ADJECTIVES}$", window, re.I)
    head = window[: tail.start()] if tail else window
    numbers = [item for item in find_spelled(head) if not head[item.end :].strip(" .x×-")]
    if numbers:
        return numbers[-1].value, numbers[-1].start
    named = re.search(
        r"\b(?P<word>an?\s(?:single|pair|couple|dozen|lonely|lone)|single|pair|couple|an?|both|one)\s?(?:of\s)?$",
        head,
        re.I,
    )
    if named is None:
        loose = re.search(
            rf"\b(?P<word>a\s(?:single|lonely|lone)|a\s(?:pair|couple)\sof|single)\s{_ADJECTIVES}$", window, re.I
        )
        named = loose
    if named is None:
        return None
    words = named["word"].lower().split()
    return float(max(_NAMED.get(word, 1) for word in words)), named.start()


def _behind(text: str, match: re.Match[str]) -> tuple[float, int] | None:
    behind = _BEHIND.match(text, match.end())
    if behind is None or not (behind["noun"] or re.match(r"\s?[x×*:=]", text[match.end() :])):
        return None
    count = _number(behind["count"])
    return None if count is None or count > 100_000 else (count, behind.end())


def _number(word: str) -> float | None:
    lowered = word.lower().replace(",", "")
    if lowered.isdigit():
        return float(lowered)
    spelled = find_spelled(lowered)
    return spelled[0].value if spelled else float(ONES[lowered]) if lowered in ONES else _NAMED.get(lowered)


def _name(match: re.Match[str]) -> str:
    raw = f"{match['name']}{' Ada' if match['ada'] else ''}"
    name = re.sub(r"[\s-]+", " ", raw).upper().replace("GAUDI", "Gaudi").replace(" ADA", " Ada").removeprefix("ASCEND ")
    return f"RTX {name}" if re.fullmatch(r"[345]0[0-9]0", name) else name


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    names = any_of(table("vocabulary.yaml")["accelerators"])
    return re.compile(
        rf"(?:(?<=[0-9][xX])|(?<![A-Za-z0-9]))(?P<name>(?:{names}))(?P<ada>\sada)?(?:[\s-]{{0,2}}(?:SXM[0-9]?|PCIe|NVL)\b)?"
        r"(?:[\s-]?\(?(?:40|80|96|24|48|141|94|32|16)\s?GB\)?)?(?:s|'s|’s)?(?![A-Za-z0-9])(?:\s?(?:gpus?|cards?|accelerators?)\b)?",
        re.I,
    )
