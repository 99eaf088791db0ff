"""Numbers written in English words, such as "one and a half million". It knows no digits and no units."""

import re
from dataclasses import dataclass

ONES = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {
    "thousand": 1e3, "lakh": 1e5, "million": 1e6, "crore": 1e7, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
_PLURAL_SCALES = {f"{word}s": scale for word, scale in SCALES.items()}
_BEHIND = {"k": 1e3, "grand": 1e3, "mil": 1e6, "mio": 1e6, "mill": 1e6, "bn": 1e9}  # only behind a number
_PARTS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
_WORD = re.compile(r"[A-Za-z]+")
_JOIN = re.compile(r"[ \t\u00a0]{1,2}|-|\n")


@dataclass(frozen=True, slots=True)
class SpelledNumber:
    """A number in words, from `start` to `end`; `bare_one` marks a lone "one", which is often a pronoun."""

    value: float
    start: int
    end: int
    vague: bool = False
    bare_one: bool = False


def find_spelled(text: str) -> list[SpelledNumber]:
    """Find the numbers written in words, left to right."""
    words = list(_WORD.finditer(text))
    found: list[SpelledNumber] = []
    index = 0
    while index < len(words):
        run = _run(text, words, index)
        parsed = _parse([word.group().lower() for word in run]) if run else None
        if parsed is None:
            index += 1
            continue
        value, used, vague = parsed
        end = words[index + used - 1].end()
        bare_one = used == 1 and value == 1
        found.append(SpelledNumber(value, words[index].start(), end, vague, bare_one))
        index += used
    return found


def _run(text: str, words: list[re.Match[str]], index: int) -> list[re.Match[str]]:
    """Return the words from `index` on that are joined by single spaces or hyphens, at most twelve."""
    first = words[index].group().lower()
    if first not in _STARTS:
        return []
    run = [words[index]]
    for word in words[index + 1 : index + 12]:
        if not _JOIN.fullmatch(text, run[-1].end(), word.start()):
            break
        run.append(word)
    return run


_STARTS = frozenset({*ONES, *TENS, "a", "an", "half", "quarter", "dozen", "couple", "hundred", "thousand", "million"})


def _parse(words: list[str]) -> tuple[float, int, bool] | None:
    """Parse a number at the head of `words`: its value, how many words it takes, whether it is vague."""
    vague_start = _couple(words)
    if vague_start is not None:
        return vague_start
    part = _part_of_scale(words)
    if part is not None:
        return (*part, False)
    start = 1 if words[0] in ("a", "an") else 0
    if words[:2] == ["a", "grand"]:
        return 1000.0, 2, False
    if start and not (len(words) > 1 and (words[1] in SCALES or words[1] in ("hundred", "dozen"))):
        return None
    if not start and words[0] in (*_PARTS, "couple"):
        return None
    counted = _count(words, start)
    return None if counted is None else (*counted, False)


def _couple(words: list[str]) -> tuple[float, int, bool] | None:
    """Read "a couple (of) hundred" and "a couple of weeks"."""
    start = 1 if words[0] == "a" else 0
    if words[start : start + 1] != ["couple"]:
        return None
    used = start + 1
    if words[used : used + 1] == ["of"]:
        used += 1
    value = 2.0
    while used < len(words) and (words[used] in SCALES or words[used] in ("hundred", "dozen")):
        value *= SCALES.get(words[used], 100 if words[used] == "hundred" else 12)
        used += 1
    return value, used, True


def _part_of_scale(words: list[str]) -> tuple[float, int] | None:
    """Read "half a million", "a quarter (of a) million" and "a half million"."""
    start = 1 if words[0] == "a" else 0
    if start >= len(words) or words[start] not in _PARTS:
        return None
    used = start + 1
    for filler in ("of", "a", "an"):
        if words[used : used + 1] == [filler]:
            used += 1
    if used >= len(words) or words[used] not in {**SCALES, "dozen": 12}:
        return None
    return _PARTS[words[start]] * SCALES.get(words[used], 12), used + 1


def _count(words: list[str], start: int) -> tuple[float, int] | None:
    """Read ones, tens, hundreds and scales from `start` on."""
    total, current, last = 0.0, 0.0, ""
    used, scale = start, 1.0
    while used < len(words):
        word = words[used]
        if word in ONES and last not in ("ones", "dozen") and not (last == "tens" and not 0 < ONES[word] < 10):
            current, last = current + ONES[word], "ones"
        elif word in TENS and last in ("", "hundred", "scale"):
            current, last = current + TENS[word], "tens"
        elif word in TENS and last == "ones" and 1 <= current < 10:  # "three fifty"
            current, last = current * 100 + TENS[word], "tens"
        elif word == "point" and last in ("ones", "tens") and words[used + 1 : used + 2] and words[used + 1] in ONES:
            digits = _digits(words[used + 1 :])
            current, used, last = current + float(f"0.{digits}"), used + len(digits), "point"
        elif word == "hundred" and last != "hundred":
            current, last, scale = (current or 1) * 100, "hundred", 100.0
        elif word == "dozen":
            current, last = (current or 1) * 12, "dozen"
        elif word in SCALES or (last and (word in _PLURAL_SCALES or word in _BEHIND)):
            scale = SCALES.get(word) or _PLURAL_SCALES.get(word) or _BEHIND[word]
            total, current, last = round(total + (current or 1) * scale, 6), 0.0, "scale"
        elif word == "and" and last:
            if words[used + 1 : used + 3] == ["a", "half"]:
                half = 0.5 * scale if last in ("scale", "hundred") else 0.5
                total, current = (total + half, current) if last == "scale" else (total, current + half)
                used, last = used + 3, last
                continue
            following = words[used + 1] if used + 1 < len(words) else ""
            if last not in ("hundred", "scale") or not (following in ONES or following in TENS):
                break
        else:
            break
        used += 1
    return (total + current, used) if last else None


def _digits(words: list[str]) -> str:
    """Read the digits behind "point", one word each."""
    digits = ""
    for word in words:
        if word not in ONES or ONES[word] > 9:
            break
        digits += str(ONES[word])
    return digits
