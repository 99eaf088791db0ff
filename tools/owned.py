"""Reads the fact `owned_gpus`: accelerators already paid for, in the user's words. It knows names and counts only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from tools.catalogue.accelerator_names import Mention, find_mentions, systems
from tools.errors import InvalidInput

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_WORDS = {
    **{word: number for number, word in enumerate(_ONES)},
    **_TENS,
    **{f"{tens}-{one}": high + low for tens, high in _TENS.items() for low, one in enumerate(_ONES[:10]) if low},
    **dict.fromkeys(("a", "an", "single"), 1),
    **dict.fromkeys(("no", "without"), 0),
    **dict.fromkeys(("pair", "couple", "both"), 2),
    **dict(zip(("half-a-dozen", "dozen"), (6, 12), strict=True)),
}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_WORD = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_HUNDREDS = re.compile(rf"\b(?:(?P<times>{_WORD})\s+)?hundred\b(?:\s+(?:and\s+)?(?P<more>{_WORD}))?\b")
_COUNT = re.compile(
    rf"(?<![\w.,])(?P<low>{_NUMBER})\s*(?:-|–|to|or)\s*(?P<high>{_NUMBER})(?![\w.]|\s*(?:%|gb|tb|years?|months?|k\b))"
    rf"|(?<![\w.,])(?P<number>{_NUMBER})(?![\w.]|\s*(?:%|gb|tb|years?|months?|k\b))|\b(?P<word>{_WORD})\b(?!\s+(?:few|lot|number|handful|bunch)\b)"
)
_COUNT_AFTER = re.compile(
    r"^\s*(?:gpus?|cards?)?\s*(?:[x×*:=]|\((?:[x×*]\s*)?)\s*(?P<number>\d+)(?![\w.])\s*\)?"
    rf"|^'?s?\s*,?\s*(?:(?P<digits>\d+)|(?P<word>{_WORD}))\s+of\s+(?:them|these|those)\b"
)
_SERVERS = r"(?:servers?|nodes?|box(?:es)?|machines?|hosts?|racks?|systems?|workstations?|chassis|dgxs?|hgxs?)"
_SERVER = re.compile(rf"\b{_SERVERS}\b")
_SERVERS_AFTER = re.compile(
    rf"^'?s?\s*(?:gpus?|cards?)?\s*(?:each|per|in\s+each)\b[^;&+]*?\b(?:(?P<number>\d+)|(?P<word>{_WORD}))\s+{_SERVERS}\b"
)
_YEAR = re.compile(r"(?:in|since|from|of|until|by)\s+(?:19|20)\d\d\b")
_NOTHING = re.compile(
    r"^(?:(?:we|i)\s+)?(?:(?:have|own|do\s*n[o']t\s+(?:have|own)|have\s*n't|have\s+got|got)\s+)?"
    r"(?:none|nothing|zero|nil|0|n/?a|-+|no|not?\s+(?:any|one)|any|no\s+(?:\w+\s+)?(?:gpus?|accelerators?|cards?|hardware))"
    r"(?:\s+(?:gpus?|accelerators?|cards?|hardware))?(?:\s+(?:yet|at\s+all|so\s+far|today|now|currently|of\s+our\s+own))?\s*[.!]*$"
)
_UNKNOWN = re.compile(rf"(?<![\w.,]){_NUMBER}\s*[x×*]?\s*[a-z]+[\s-]?\d+\w*")
_EXPECTED = "expected accelerators with their counts, such as '4 x H100, 2 x L40S', or 'none'"


@dataclass(frozen=True, slots=True)
class OwnedHardware:
    """How many of each accelerator are owned, by catalogue id; what could not be counted; what had to be assumed."""

    counts: Mapping[str, int]
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@cache
def read_owned(text: str) -> OwnedHardware:
    """Read a free text such as 'a pair of 4090s and 8 H100-SXM'. It never fails: what is not understood is `unread`."""
    plain = _plain(text)
    if not plain or _NOTHING.match(plain):
        return OwnedHardware(MappingProxyType({}))
    mentions = find_mentions(plain)
    if not mentions:
        return OwnedHardware(MappingProxyType({}), (text.strip(),))
    counts: dict[str, int] = {}
    unread: list[str] = []
    notes: list[str] = []
    rest, end = "", 0
    for number, mention in enumerate(mentions):
        following = mentions[number + 1].start if number + 1 < len(mentions) else len(plain)
        before = plain[end : mention.start]
        count, used, note = _count_of(before, mention, plain[mention.end : following])
        rest += before + " ; "
        end = mention.end + used
        if count is None:
            unread.append(f"{mention.text}: how many?")
        elif mention.id is None:
            unread += [f"{count} x {mention.text}: not in the catalogue"] if count else []
        elif count:
            counts[mention.id] = counts.get(mention.id, 0) + count
            notes += [text for text in (mention.note, note) if text]
    rest += plain[end:]
    unread += [match[0].strip() for match in _UNKNOWN.finditer(_YEAR.sub(" ", rest))]
    return OwnedHardware(MappingProxyType(counts), tuple(unread), tuple(dict.fromkeys(notes)))


def owned_accelerators(text: str) -> dict[str, int]:
    """Return how many of each accelerator a text names, by catalogue id; nothing for what cannot be read."""
    return dict(read_owned(text).counts)


def check_owned(text: str) -> OwnedHardware:
    """Return what a text names, or raise InvalidInput where it names no accelerator at all."""
    plain = _plain(text)
    if plain and not _NOTHING.match(plain) and not find_mentions(plain):
        raise InvalidInput(f"owned_gpus: {text.strip()!r}: {_EXPECTED}")
    return read_owned(text)


def _plain(text: str) -> str:
    """Lower the case and set '4xH100', '80 GB' and '80G' into one form."""
    plain = " ".join(text.lower().replace("’", "'").split())
    plain = re.sub(r"(?<![a-z0-9.])(\d+)\s*[x×*]\s*(?=[a-z0-9])", r"\1 x ", plain)
    plain = re.sub(r"\bhalf a dozen\b", "half-a-dozen", plain)
    plain = re.sub(rf"\b({'|'.join(_TENS)}) ({'|'.join(_ONES[1:10])})\b", r"\1-\2", plain)
    plain = _HUNDREDS.sub(
        lambda match: str(100 * _WORDS.get(match["times"] or "a", 1) + _WORDS.get(match["more"] or "zero", 0)), plain
    )
    return re.sub(r"(?<![a-z\d.])(\d+)\s*(?:gi?b?|gigabytes?|gig)\b", r"\1gb", plain)


def _count_of(before: str, mention: Mention, after: str) -> tuple[int | None, int, str]:
    """Return the count of a mention, how many characters behind the name it took, and a note.

    The count is the last number before the name in its own clause, times the number of servers where one is said.
    """
    clauses = re.split(r"[;+&\n]|,(?!\d{3}\b)|\band\b|\bplus\b", _YEAR.sub(" ", before))
    clause = clauses[-1]
    if len(clauses) > 1 and re.match(r"\s*each\b", clause):  # '2 servers, each with 4 A100'
        clause = f"{clauses[-2]} {clause}"
    found = list(_COUNT.finditer(clause))
    per_system, system = _system(clause)
    if not found:
        behind = _COUNT_AFTER.match(after)
        if behind:
            return int(behind["number"] or behind["digits"] or _WORDS[behind["word"]]), behind.end(), ""
        return (per_system, 0, f"{per_system} in each {system}") if per_system else (None, 0, "")
    count, note = _value(found[-1])
    if per_system and clause.lower().rfind(system.lower()) > found[-1].start():
        return count * per_system, 0, f"{per_system} in each {system}"
    servers = _servers(clause, found, after)
    return (count * servers, 0, f"{servers} servers with {count} each") if servers > 1 else (count, 0, note)


def _servers(clause: str, found: list[re.Match[str]], after: str) -> int:
    """Return how many servers hold the counted accelerators, 1 where none is said."""
    behind = _SERVERS_AFTER.match(after)
    if behind:
        return int(behind["number"]) if behind["number"] else _WORDS[behind["word"]]
    server = _SERVER.search(clause, 0, found[-1].start())
    earlier = [match for match in found[:-1] if server and match.start() < server.start()]
    return _value(earlier[-1])[0] if earlier else 1


def _system(clause: str) -> tuple[int, str]:
    """Return how many accelerators the server named right before has, and its name; 0 where none is named."""
    for name, system in systems().items():
        if re.search(rf"\b{name}s?\s*(?:with|of|à)?\s*$", clause, re.IGNORECASE):
            return system.accelerators, name
    return 0, ""


def _value(match: re.Match[str]) -> tuple[int, str]:
    if match["low"]:
        return int(match["low"].replace(",", "")), f"{match[0]} is counted as the lower number"
    if match["number"]:
        return int(match["number"].replace(",", "")), ""
    return _WORDS[match["word"]], ""
